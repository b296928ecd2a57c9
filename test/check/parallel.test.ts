import { describe, expect, it } from "vitest";
import type { SearchOptions } from "../../lib/check/budget.js";
import { type Exploration, explore } from "../../lib/check/explore.js";
import type { Model } from "../../lib/check/model.js";
import { exploreInParallel } from "../../lib/check/parallel.js";
import { always, leadsTo, sometimes } from "../../lib/check/properties.js";
import { kip101 } from "./models/kip-101.js";
import { kip320 } from "./models/kip-320.js";
import { dieHard, eightPuzzle, type Jugs } from "./models/puzzles.js";
import { truncateToHighWatermark } from "./models/truncate-to-high-watermark.js";
import { twoPhaseCommit } from "./models/two-phase-commit.js";
import { crewInPlace } from "./threads/crew-in-place.js";
import { threadsOfThisTest } from "./threads/crew-of-threads.js";

/** Without `bytes`, which alone may differ. */
function comparable<State, Action>({ findings, statistics: { bytes: _, ...statistics } }: Exploration<State, Action>) {
  return { findings, statistics };
}

async function bothWays<State, Action>(model: Model<State, Action>, options: SearchOptions<State> = {}, workers = 2) {
  const together = await exploreInParallel(model, options, crewInPlace(model, options.properties ?? [], workers));
  return { alone: comparable(explore(model, options)), together: comparable(together) };
}

describe("on several workers the answer is the same", () => {
  const gap = (cell: number) => sometimes<string>(`gap in ${cell}`, (cells) => cells[cell] === "0");
  const far = sometimes<string>("87654321", (cells) => cells === "087654321");
  const never = sometimes<string>("odd", (cells) => cells === "012345687");
  const many = sometimes<string>("starts with 87", (cells) => cells.startsWith("87"));
  const corner = always<string>("8 stays", (cells) => cells.endsWith("8"));
  const deep = always<string>("not 867254301", (cells) => cells !== "867254301");

  const questions: [string, SearchOptions<string>][] = [
    ["counting", {}],
    ["a violation far down", { properties: [deep] }],
    ["several goals", { properties: [gap(8), far, gap(4)] }],
    ["every property decided", { properties: [corner, far, deep, gap(8)], stopAt: "all-decided" }],
    ["a goal met by many states of one depth, and more to find", { properties: [many, never] }],
    ["a goal that is not there", { properties: [never] }],
    ["cut by states", { maxStates: 12_345 }],
    ["cut by states in the first depths", { maxStates: 5 }],
    ["cut by states, with a violation nearby", { maxStates: 100_000, properties: [deep], stopAt: "all-decided" }],
    ["cut by depth", { maxDepth: 17 }],
    ["decided before the work is shared out", { properties: [corner] }],
  ];
  it.each(questions)("%s", async (_, options) => {
    const { alone, together } = await bothWays(eightPuzzle(), options);
    expect(together).toEqual(alone);
  });

  it.each([2, 3, 5])("with %i of them", async (workers) => {
    const { alone, together } = await bothWays(twoPhaseCommit(5), {}, workers);
    expect(together).toEqual(alone);
  });

  it("under symmetry, where two workers may reach different states of one orbit", async () => {
    // Four counters, interchangeable; a state keeps the order in which it was reached, and its path must lead to it.
    const counters: Model<readonly number[], number> = {
      init: () => [[0, 0, 0, 0]],
      actions: () => [3, 0, 2, 1],
      next: (state, which) => ((state[which] ?? 0) < 40 ? state.with(which, (state[which] ?? 0) + 1) : undefined),
      invariants: [],
      key: (state, into) => into.value(state),
      symmetry: (state) => state.toSorted((one, other) => one - other),
    };
    const goal = sometimes<readonly number[]>("goal", (state) => state.toSorted().join() === "20,20,21,22");
    const { alone, together } = await bothWays(counters, { properties: [goal] });
    expect(alone.findings[0]?.path?.steps).toHaveLength(83);
    expect(together).toEqual(alone);
    const whole = await bothWays(counters);
    // Multisets of four out of 41 values: 44 over 4.
    expect(whole.together.statistics.distinct).toBe(135_751);
    expect(whole.together).toEqual(whole.alone);
  });

  it("within bounds", async () => {
    const model = { ...eightPuzzle(), within: (cells: string) => cells[4] !== "0" };
    const grid: Model<number, number> = {
      init: () => [0],
      actions: () => [1, 1000],
      next: (state, step) => state + step,
      invariants: [],
      key: (state, into) => into.integer(state),
      within: (state) => state % 1000 < 300 && state < 2_000_000,
    };
    for (const { alone, together } of [await bothWays(grid), await bothWays(model)]) {
      expect(alone.statistics.outside).toBeGreaterThan(0);
      expect(together).toEqual(alone);
    }
  });

  it("the published specifications, path and all", async () => {
    for (const model of [truncateToHighWatermark(), kip101()]) {
      const { alone, together } = await bothWays(model);
      expect(together.findings[0]?.outcome).toBe("violated");
      expect(together).toEqual(alone);
    }
  });

  it("a table that fills up in the middle of a depth is enlarged and the depth done again", async () => {
    // Each state has 40 successors, more than is planned for.
    const wide: Model<number, number> = {
      init: () => [1],
      actions: () => Array.from({ length: 40 }, (_, way) => way),
      next: (state, way) => (state < 40 ** 3 ? state * 40 + way : undefined),
      invariants: [],
      key: (state, into) => into.integer(state),
    };
    let grown = 0;
    let expands = 0;
    const tables = new Set<unknown>();
    const crew = crewInPlace(wide, [], 2, (message) => {
      if (message.kind !== "expand") return;
      expands++;
      if (!tables.has(message.table)) grown++;
      tables.add(message.table);
    });
    const together = comparable(await exploreInParallel(wide, {}, crew));
    expect(together).toEqual(comparable(explore(wide)));
    expect(grown).toBeGreaterThan(1);
    expect(expands / 2).toBeGreaterThan(together.statistics.depth - 3);
  });
});

describe("on several workers", () => {
  it("a search cut by time stops at a whole depth and is inconclusive", async () => {
    let now = 0;
    const options: SearchOptions<string> = {
      nowMs: () => now++,
      maxMs: 30,
      properties: [sometimes("never", () => false)],
    };
    const crew = crewInPlace(eightPuzzle(), options.properties ?? [], 2);
    const { findings, statistics } = await exploreInParallel(eightPuzzle(), options, crew);
    expect(statistics.endedBy).toBe("time");
    expect(findings[0]?.outcome).toBe("inconclusive");
    const whole = explore(eightPuzzle(), { maxDepth: statistics.depth }).statistics;
    expect(statistics).toMatchObject({
      distinct: whole.distinct,
      generated: whole.generated,
      frontier: whole.frontier,
    });
  });

  it("progress is told within a depth, and an interruption heeded", async () => {
    const seen: number[] = [];
    const options: SearchOptions<string> = {
      progress: ({ distinct }) => seen.push(distinct),
      interrupted: () => (seen.at(-1) ?? 0) > 100_000,
    };
    const crew = crewInPlace(eightPuzzle(), [], 2);
    const { statistics } = await exploreInParallel(eightPuzzle(), options, crew);
    expect(statistics.endedBy).toBe("interrupt");
    expect(seen.length).toBeGreaterThan(20);
    expect(statistics.distinct).toBeLessThan(181_440);
  });

  it("an exception in the model says in which state", async () => {
    const model: Model<string, number> = {
      ...eightPuzzle(),
      next(cells, step) {
        if (cells === "867254301") throw new Error("cannot move this");
        return eightPuzzle().next(cells, step);
      },
    };
    const run = exploreInParallel(model, {}, crewInPlace(model, [], 2));
    await expect(run).rejects.toMatchObject({
      name: "ModelError",
      message: expect.stringContaining("cannot move this"),
    });
    await expect(run).rejects.toMatchObject({
      path: { steps: expect.arrayContaining([{ action: expect.anything(), state: "867254301" }]) },
    });
  });

  it("a thread that breaks ends the search with its error", async () => {
    const crew = {
      workers: 2,
      connect: () => ({
        post: () => {},
        listen: (_: unknown, onFailure: (error: Error) => void) =>
          queueMicrotask(() => onFailure(new Error("out of memory"))),
        close: () => {},
      }),
    };
    await expect(exploreInParallel(eightPuzzle(), {}, crew)).rejects.toThrow("out of memory");
  });

  it("a search with a leads-to property stays on one thread", async () => {
    const crew = {
      workers: 2,
      connect: () => {
        throw new Error("not to be called");
      },
    };
    const promise = leadsTo<Jugs>(
      "moves on",
      () => true,
      () => true,
    );
    const { findings } = await exploreInParallel(dieHard(), { properties: [promise] }, crew);
    expect(findings[0]?.outcome).toBe("holds");
  });
});

describe("on two threads of the machine", () => {
  it("Kip320 has the states that TLC counts, and KIP-101 the path that one thread finds", async () => {
    const threads = await threadsOfThisTest();
    const { statistics } = await exploreInParallel(kip320(), {}, threads("kip320"));
    expect(statistics).toMatchObject({ distinct: 737_794, generated: 1_967_560, depth: 26, endedBy: "complete" });
    const model = kip101();
    const broken = comparable(await exploreInParallel(model, {}, threads("kip101")));
    expect(broken).toEqual(comparable(explore(model)));
  });
});
