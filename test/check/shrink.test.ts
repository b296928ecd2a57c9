import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explore } from "../../lib/check/explore.js";
import { sometimes } from "../../lib/check/properties.js";
import { shrink } from "../../lib/check/shrink.js";
import { dieHard, type Jugs, type Pouring } from "./models/puzzles.js";
import { type TwoPhase, type TwoPhaseAction, twoPhaseCommit } from "./models/two-phase-commit.js";

const POURINGS: Pouring[] = ["fill small", "fill big", "empty small", "empty big", "small to big", "big to small"];
const solution: Pouring[] = ["fill big", "big to small", "empty small", "big to small", "fill big", "big to small"];
const hasFour = ({ big }: Jugs) => big === 4;
const empty: Jugs = { small: 0, big: 0 };

describe("shrink", () => {
  it("leaves out the detours", () => {
    const detour: Pouring[] = ["fill small", "empty small", "fill big", "empty big", ...solution, "fill big"];
    expect(shrink(dieHard(), empty, detour, hasFour)?.steps.map(({ action }) => action)).toEqual(solution);
  });

  it("is undefined for a run that goes nowhere wrong", () => {
    expect(shrink(dieHard(), empty, ["fill big"], hasFour)).toBeUndefined();
  });

  it("needs no step where the first state is wrong", () => {
    expect(shrink(dieHard(), { small: 0, big: 4 }, ["fill big"], hasFour)?.steps).toEqual([]);
  });

  it("needs every step that is left, and no fewer than the explorer", () => {
    const [finding] = explore(dieHard(), { properties: [sometimes("four", hasFour)] }).findings;
    const shortest = finding?.path?.steps.length ?? 0;
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...POURINGS), { maxLength: 20 }), (wandering) => {
        const run: Pouring[] = [...wandering, "empty small", "empty big", ...solution];
        const left = shrink(dieHard(), empty, run, hasFour)?.steps.map(({ action }) => action) ?? [];
        expect(left.length).toBeGreaterThanOrEqual(shortest);
        expect(shrink(dieHard(), empty, left, hasFour)?.steps).toHaveLength(left.length);
        for (const at of left.keys()) expect(shrink(dieHard(), empty, left.toSpliced(at, 1), hasFour)).toBeUndefined();
      }),
    );
  });

  it("skips what is not offered once a step before it is gone, and takes equal actions for the same", () => {
    const model = twoPhaseCommit(2);
    const [init] = model.init();
    const run: TwoPhaseAction[] = [
      { type: "prepare", of: 0 },
      { type: "prepare", of: 1 },
      { type: "hear", of: 0 },
      { type: "abort" },
      { type: "obey abort", of: 1 },
    ];
    const isAborted = ({ participants }: TwoPhase) => participants[1] === "aborted";
    const path = init && shrink(model, init, structuredClone(run), isAborted);
    expect(path?.steps.map(({ action }) => action)).toEqual([{ type: "abort" }, { type: "obey abort", of: 1 }]);
  });
});
