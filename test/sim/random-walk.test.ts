import { describe, expect, test } from "vitest";
import { brokenRuleIds, type Rules, rulesFor, type VariantId } from "../../lib/kafka/versions.js";
import { type InvariantName, invariants } from "../../lib/sim/invariants/index.js";
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
});

/** A variant, a seed under which chance finds what it breaks, and what that is. */
const found: readonly (readonly [VariantId, number, InvariantName])[] = [
  ["truncate-to-high-watermark", 12, "LeaderCandidateCompleteness"],
  ["truncate-to-high-watermark", 12, "NoCommittedRecordLost"],
  ["kip-101", 290, "LogMatching"],
  ["isr-shrunk-before-stored", 14, "LeaderCandidateCompleteness"],
  ["high-watermark-ignores-proposed", 2, "ReplicationQuorumSuperset"],
  ["fenced-replica-joins", 13, "MetadataShape"],
  ["last-replica-standing", 50, "LeaderCompleteness"],
  ["high-watermark-under-min-isr", 10, "ConsistentRead"],
  ["dead-last-known-leader", 15, "MetadataShape"],
  ["leader-epoch-kept", 4, "OneLeaderPerEpoch"],
  ["leader-epoch-kept", 14, "SameEpochSameRecord"],
  ["partition-epoch-kept", 1, "EpochsNeverDecrease"],
  ["high-watermark-from-leader-alone", 5, "ValidHighWatermark"],
  ["high-watermark-falls", 97, "LeaderHighWatermarkMonotonic"],
  ["follower-high-watermark-unclipped", 6, "OffsetsInOrder"],
  ["ack-before-high-watermark", 5, "AckedIsCommitted"],
  ["follower-does-not-truncate", 21, "LogMatching"],
  ["consumer-reads-past-high-watermark", 3, "ConsistentRead"],
  ["joins-isr-at-first-fetch", 8, "LeaderCandidateCompleteness"],
];

describe("an invariant that no variant breaks proves little", () => {
  test.each(found)("%s under seed %i breaks %s, and today's rules do not", (variant, seed, name) => {
    const checked = invariants.filter((invariant) => invariant.name === name);
    const walk = (rules: Rules) =>
      randomWalk({ rules, seed, disturbances: 40, minInsyncReplicas: 2, lossyFaults: seed % 2 === 0, checked });
    expect(walk(rulesFor("4.3", {}, variant)).breach?.invariant).toBe(name);
    expect(walk(rulesFor("4.3")).breach).toBeNull();
  });

  test("each invariant is broken by a variant, and each broken rule breaks one", () => {
    expect(new Set(found.map(([, , name]) => name))).toEqual(new Set(invariants.map(({ name }) => name)));
    const variants = found.map(([variant]) => variant);
    expect(brokenRuleIds.filter((id) => !variants.includes(id))).toEqual([]);
  });
});

describe("what ten thousand seeds have found once", () => {
  // An unclean election before a controller failover: the new controller counts from 0, the watchers do not.
  // A proposal that metadata of the same partition epoch discards, as Partition.makeLeader does: the replica is caught up,
  // so the high watermark waits for it all the same.
  test.each([
    [1208, 2],
    [3778, 2],
    [8013, 1],
    [9567, 1],
  ])("seed %i with a minimum of %i breaks nothing", (seed, minInsyncReplicas) => {
    const rules = rulesFor("4.3");
    const lossyFaults = seed % 2 === 0;
    expect(randomWalk({ rules, seed, disturbances: 40, minInsyncReplicas, lossyFaults }).breach).toBeNull();
  });
});
