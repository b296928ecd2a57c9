import { describe, expect, test } from "vitest";
import { kafkaVersions, rulesFor, ruleTable, variantIds, variants } from "../../lib/kafka/versions.js";

describe("rules by version", () => {
  test.each([
    // rule, then the value in 2.8, 3.6, 3.9, 4.0, 4.1, 4.2, 4.3 (PROTOCOL section 15 and the release notes)
    ["controllerKind", "zookeeper", "kraft", "kraft", "kraft", "kraft", "kraft", "kraft"],
    ["highWatermarkFrozenUnderMinIsr", false, false, true, true, true, true, true],
    ["effectiveMinIsrClippedToReplicas", false, false, true, true, true, true, true],
    ["eligibleLeaderReplicas", false, false, false, false, true, true, true],
    ["describeShowsElr", false, false, true, true, true, true, true],
    ["replicaBrokerEpochChecked", false, true, true, true, true, true, true],
    ["leaderEpochBumpedOnIsrShrink", "by-controller", "never", "never", "never", "never", "never", "never"],
    ["lastKnownLeaderMustBeAlive", true, true, false, false, true, true, true],
    ["isrOrderAfterLeaderChange", "appended", "appended", "appended", "appended", "appended", "ascending", "ascending"],
    [
      "uncleanShutdownDetection",
      "every-restart",
      "every-restart",
      "every-restart",
      "clean-shutdown-file",
      "clean-shutdown-file",
      "clean-shutdown-file",
      "clean-shutdown-file",
    ],
    [
      "uncleanElectionAfterDynamicEnable",
      "immediately",
      "at-next-event",
      "at-next-event-or-interval",
      "at-next-event-or-interval",
      "at-next-event-or-interval",
      "at-next-event-or-interval",
      "at-next-event-or-interval",
    ],
    ["fencedReplicaRefusedInIsr", false, true, true, true, true, true, true],
    ["leaderRecoveryState", false, true, true, true, true, true, true],
    [
      "highWatermarkWaitsForOutsiders",
      "caught-up",
      "caught-up-and-eligible",
      "caught-up-and-eligible",
      "caught-up-and-eligible",
      "caught-up-and-eligible",
      "caught-up-and-eligible",
      "caught-up-and-eligible",
    ],
    ["electionFromElrCountedSeparately", false, false, false, false, true, true, true],
    ["maxInFlightAboveFiveRefused", false, false, false, true, true, true, true],
  ] as const)("%s", (name, ...expected) => {
    expect(kafkaVersions.map((version) => rulesFor(version)[name])).toEqual(expected);
  });

  test("eligible leader replicas can be asked for where a release has them", () => {
    expect(rulesFor("4.0", { eligibleLeaderReplicas: true }).eligibleLeaderReplicas).toBe(true);
    expect(rulesFor("4.3", { eligibleLeaderReplicas: false }).eligibleLeaderReplicas).toBe(false);
    expect(() => rulesFor("3.6", { eligibleLeaderReplicas: true })).toThrow("3.6 has no eligible leader replicas");
  });

  // Section 14 of the reference: what each historical bug changes.
  test.each([
    [
      "truncate-to-high-watermark",
      { truncation: "to-high-watermark", fetchEpochFencing: false, consumerValidatesPosition: false },
    ],
    ["kip-101", { truncation: "epoch-end-offset-only", fetchEpochFencing: false, consumerValidatesPosition: false }],
    ["kip-279", { truncation: "epoch-and-end-offset", fetchEpochFencing: false, consumerValidatesPosition: false }],
    ["no-fetch-epoch", { fetchEpochFencing: false, consumerValidatesPosition: false }],
    ["isr-shrunk-before-stored", { isrTakesEffect: "when-proposed" }],
    ["fenced-replica-joins", { fencedReplicaRefusedInIsr: false }],
    ["no-broker-epoch", { replicaBrokerEpochChecked: false }],
    ["last-replica-standing", { eligibleLeaderReplicas: false }],
    ["high-watermark-under-min-isr", { highWatermarkFrozenUnderMinIsr: false }],
    ["every-restart-unclean", { uncleanShutdownDetection: "every-restart" }],
    ["dead-last-known-leader", { lastKnownLeaderMustBeAlive: false }],
    ["offsets-go-backwards", { offsetNotAvailableAfterElection: false }],
    ["empty-epoch-not-cached", { leaderCachesEmptyEpoch: false }],
    ["isr-shrink-bumps-leader-epoch", { leaderEpochBumpedOnIsrShrink: "always" }],
    ["high-watermark-ignores-proposed", { highWatermarkWaitsForMaximalIsr: false }],
  ] as const)("%s", (id, changed) => {
    expect(rulesFor("4.3", {}, id)).toMatchObject(changed);
  });

  test("a variant overrides exactly the rules it names", () => {
    for (const id of variantIds) {
      const plain = rulesFor("4.3");
      const broken = rulesFor("4.3", {}, id);
      expect(broken).toEqual({ ...plain, ...variants[id].rules, variant: id });
    }
  });

  test("every variant but those of client defaults changes a rule of some version", () => {
    for (const id of variantIds) {
      const changes = kafkaVersions.some((version) => {
        const { variant: _, ...broken } = rulesFor(version, {}, id);
        const { variant: __, ...plain } = rulesFor(version);
        return JSON.stringify(broken) !== JSON.stringify(plain);
      });
      expect(changes || variants[id].defaults !== undefined, id).toBe(true);
    }
  });

  test("every rule says what it is and where it comes from", () => {
    for (const [name, rule] of Object.entries(ruleTable)) {
      expect(rule.sentence, name).toMatch(/^[A-Z].*\.$/);
      expect(rule.source, name).not.toBe("");
      expect(rule.versions, name).not.toBe("");
    }
  });
});
