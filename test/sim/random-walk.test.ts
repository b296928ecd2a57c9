import { describe, expect, test } from "vitest";
import { rulesFor } from "../../lib/kafka/versions.js";
import type { InvariantName } from "../../lib/sim/invariants/index.js";
import { randomWalk } from "../../lib/sim/random-walk.js";

const ordinary = { disturbances: 25, minInsyncReplicas: 2 } as const;

describe("clusters disturbed by chance", () => {
  test.each([
    ["4.3, ELR on", rulesFor("4.3", { eligibleLeaderReplicas: true })],
    ["4.3, ELR off", rulesFor("4.3", { eligibleLeaderReplicas: false })],
    ["3.9", rulesFor("3.9")],
  ])("%s break no invariant", (_name, rules) => {
    for (let seed = 0; seed < 40; seed++) {
      const { breach } = randomWalk({ ...ordinary, rules, seed, lossyFaults: seed % 2 === 0 });
      expect({ seed, breach }).toEqual({ seed, breach: null });
    }
  });

  test("the same seed gives the same walk", () => {
    const options = { ...ordinary, rules: rulesFor("4.3"), seed: 11, lossyFaults: true };
    const [a, b] = [randomWalk(options), randomWalk(options)];
    expect(a.disturbances).toEqual(b.disturbances);
    expect(a.world).toEqual(b.world);
  });

  // Historical bugs, each with a seed under which chance finds it: an invariant that none of them breaks proves little.
  const found: readonly (readonly [Parameters<typeof rulesFor>[2], number, InvariantName])[] = [
    ["truncate-to-high-watermark", 12, "LeaderCandidateCompleteness"],
    ["isr-shrunk-before-stored", 25, "LeaderCandidateCompleteness"],
    ["high-watermark-ignores-proposed", 2, "ReplicationQuorumSuperset"],
    ["fenced-replica-joins", 2, "MetadataShape"],
    ["last-replica-standing", 50, "LeaderCompleteness"],
    ["high-watermark-under-min-isr", 3, "LeaderCandidateCompleteness"],
    ["dead-last-known-leader", 15, "MetadataShape"],
  ];
  test.each(found)("%s is found under seed %i: %s", (variant, seed, invariant) => {
    const rules = rulesFor("4.3", {}, variant);
    const walk = randomWalk({ rules, seed, disturbances: 40, minInsyncReplicas: 2, lossyFaults: seed % 2 === 0 });
    expect(walk.breach?.invariant).toBe(invariant);
  });
});
