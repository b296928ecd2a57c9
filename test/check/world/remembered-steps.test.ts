import { describe, expect, it } from "vitest";
import { sendsOf } from "../../../lib/check/guarantees/search-safety.js";
import { WorldKey } from "../../../lib/check/world/key.js";
import { movesOf } from "../../../lib/check/world/moves.js";
import { readyForSearch } from "../../../lib/check/world/ready.js";
import { rememberedSteps } from "../../../lib/check/world/remembered-steps.js";
import { allReductions } from "../../../lib/check/world/settle.js";
import type { SearchState } from "../../../lib/check/world/state.js";
import { performMove } from "../../../lib/check/world/world-model.js";
import { Random } from "../../../lib/core/random.js";
import { worldOf } from "../../../lib/sim/scenario/setup.js";
import { headFor } from "./world-question.js";

const { world } = readyForSearch(worldOf(headFor({ topic: { "min.insync.replicas": "2" }, faults: "none" })));
const workload = { sends: sendsOf({ producers: ["p"], records: 4 }) };
const faults = { crash: 3, "power-loss": 2, slow: 2, "isolate-controller": 2, "disk-loss": 1, shutdown: 1 };
const walks = 25;
const stepsMax = 80;

describe("remembered steps", () => {
  it("make exactly the worlds that plain steps make, walk after walk", () => {
    const key = new WorldKey();
    // One memory for all walks, as one search has: what the first ones leave is what the others are told.
    const remembered = rememberedSteps((part) => key.of(part));
    let steps = 0;
    for (let seed = 1; seed <= walks; seed++) {
      const random = new Random(seed);
      let plain: SearchState = { world, faults, sent: 0, breach: null };
      let recalled = plain;
      for (let step = 0; step < stepsMax; step++) {
        const moves = movesOf(plain, workload, allReductions);
        if (moves.length === 0) break;
        const move = moves[random.below(moves.length)];
        if (move === undefined) throw new Error("a draw below the length is an index");
        plain = performMove(plain, move, allReductions).state;
        recalled = performMove(recalled, move, allReductions, false, remembered).state;
        steps++;
        expect(recalled.world).toEqual(plain.world);
      }
    }
    expect(steps).toBeGreaterThan(walks * 20);
  }, 120_000);
});
