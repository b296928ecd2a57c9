import { describe, expect, it } from "vitest";
import { computeCell, type TableQuestion } from "../../../lib/check/guarantees/table.js";

const question: TableQuestion = {
  replicationFactor: 3,
  acks: ["1", "all"],
  minInsyncReplicas: [1, 2, 3],
  base: { topic: {}, producer: {} },
  mostFailures: 1,
  maxStates: 40_000,
};

/**
 * Three replicas, by the durability matrix: with acks=all, n - m brokers may be down for writes, every crash is survived
 * while logs are, and m - 1 power losses are. acks=1 is written with any minimum, and lost by one failure of the leader.
 */
describe("the table for three replicas", () => {
  it.each([
    { acks: "all", minimum: 1, writes: 2, powerLosses: 0 },
    { acks: "all", minimum: 2, writes: 1, powerLosses: 1 },
    { acks: "all", minimum: 3, writes: 0, powerLosses: 1 },
  ])(
    "acks=$acks min.insync.replicas=$minimum",
    ({ acks, minimum, writes, powerLosses }) => {
      const cell = computeCell(question, acks, minimum);
      expect(cell.writes).toMatchObject({ failures: writes, next: "broken" });
      expect(cell.crashes).toMatchObject({ failures: 1, next: "all" });
      expect(cell.powerLosses).toMatchObject({ failures: powerLosses, next: powerLosses === 0 ? "broken" : "all" });
    },
    240_000,
  );

  it("acks=1 min.insync.replicas=2", () => {
    const cell = computeCell(question, "1", 2);
    expect(cell.writes).toMatchObject({ failures: 2, next: "broken" });
    expect(cell.crashes).toMatchObject({ failures: 0, next: "broken" });
    expect(cell.powerLosses).toMatchObject({ failures: 0, next: "broken" });
    expect(cell.crashes.scenario).not.toBeNull();
  }, 120_000);
});
