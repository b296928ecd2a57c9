import { expect, test } from "vitest";
import { rulesFor } from "../../lib/kafka/versions.js";
import { actions } from "../../lib/sim/actions.js";
import { earliest } from "../../lib/sim/engine.js";
import { next } from "../../lib/sim/next.js";
import { quietSteps } from "../../lib/sim/quiet-steps.js";
import { randomWalk } from "../../lib/sim/random-walk.js";

const worlds = Array.from({ length: 12 }, (_, seed) => {
  const options = { rules: rulesFor("4.3"), seed, disturbances: 12, minInsyncReplicas: 2, lossyFaults: true };
  return randomWalk({ ...options, checked: [] }).world;
});

test("what is due first is the first of all that is due", () => {
  for (const start of worlds) {
    let world = start;
    for (let step = 0; step < 100; step++) {
      const due = earliest(world);
      const all = actions(world);
      expect(due?.dueMs).toBe(Math.min(...all.map(({ dueMs }) => dueMs)));
      if (due === null) break;
      expect(all).toContainEqual(due);
      world = next({ ...world, nowMs: Math.max(world.nowMs, due.dueMs) }, due.action).world;
    }
  }
});

test("a step that explains nothing makes the same world", () => {
  for (const start of worlds)
    for (const { action } of actions(start)) {
      const explained = next(start, action);
      const quiet = next(start, action, quietSteps);
      expect(quiet.world).toEqual(explained.world);
      expect(quiet.sent).toEqual(explained.sent);
    }
});
