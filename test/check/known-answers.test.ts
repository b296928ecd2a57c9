import { describe, expect, it } from "vitest";
import { explore } from "../../lib/check/explore.js";
import { describeAction } from "./models/kafka-replication.js";
import { kip101 } from "./models/kip-101.js";
import { kip320 } from "./models/kip-320.js";
import { truncateToHighWatermark } from "./models/truncate-to-high-watermark.js";

/**
 * What TLC says of the published specifications (github.com/hachikuji/kafka-specification, commit d68782b) with three
 * replicas, LogSize 2, MaxRecords 2 and MaxLeaderEpoch 2. The numbers are TLC's: never bring them in line with ours.
 */
describe("published specifications", () => {
  it("Kip320 keeps StrongIsr, in exactly the states that TLC counts", () => {
    const { findings, statistics } = explore(kip320());
    expect(findings.map(({ property, outcome }) => [property.name, outcome])).toEqual([["StrongIsr", "holds"]]);
    expect(statistics).toMatchObject({
      distinct: 737_794,
      generated: 1_967_560,
      depth: 26,
      frontier: 0,
      endedBy: "complete",
    });
  });

  it("truncating to the high watermark breaks WeakIsr at depth 9", () => {
    const [finding] = explore(truncateToHighWatermark()).findings;
    expect(finding).toMatchObject({ outcome: "violated", property: { name: "WeakIsr" } });
    const steps = finding?.path?.steps ?? [];
    expect(steps.length + 1).toBe(9);
    // The last step is the truncation that the specification is about.
    expect(steps.at(-1)?.action.rule.name).toBe("BecomeFollowerTruncateToHighWatermark");
  });

  it("KIP-101 breaks WeakIsr at depth 11", () => {
    const [finding] = explore(kip101()).findings;
    expect(finding).toMatchObject({ outcome: "violated", property: { name: "WeakIsr" } });
    const steps = finding?.path?.steps ?? [];
    expect(steps.length + 1).toBe(11);
    // "consecutive fast leader changes", as the specification of KIP-279 puts it: three epochs, one of them never used.
    const elections = steps
      .map(({ action }) => describeAction(action))
      .filter((name) => name.startsWith("ControllerElect"));
    expect(elections).toHaveLength(3);
  });
});
