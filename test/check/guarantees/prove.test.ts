import { describe, expect, it } from "vitest";
import { prove } from "../../../lib/check/guarantees/prove.js";

describe("a proof", () => {
  it("is plain data that is the same each time", () => {
    const ask = () => prove({ topic: { "min.insync.replicas": 2 }, producer: { acks: 1 } }, { records: 1 });
    const proof = ask();
    expect(JSON.parse(JSON.stringify(proof))).toEqual(proof);
    expect(JSON.stringify(ask())).toBe(JSON.stringify(proof));
    expect(proof).toMatchObject({
      format: "highwater-proof",
      version: 1,
      configuration: { replicationFactor: 3, topic: { "min.insync.replicas": "2" }, producer: { acks: "1" } },
      faults: { crash: 1 },
      outcome: "violated",
    });
  }, 60_000);

  it("says that availability was not asked about where nobody goes down", () => {
    const { guarantees, notes } = prove({ replicationFactor: 2 }, { faults: "slow 1", records: 1 });
    const outcomes = Object.fromEntries(guarantees.map(({ id, outcome }) => [id, outcome]));
    expect(outcomes).toMatchObject({ "writes-accepted": "not-asked", "reads-available": "not-asked" });
    expect(notes.join()).toMatch(/Availability was not asked about/);
  }, 60_000);

  it("is refused where Kafka refuses the configuration, with what to do", () => {
    expect(() => prove({ topic: { "min.insync.replica": 2 } })).toThrow(
      expect.objectContaining({ name: "ConfigurationError", hint: expect.stringContaining("min.insync.replicas") }),
    );
    expect(() => prove({}, { faults: "meteor 1" })).toThrow(/meteor/);
    expect(() => prove({ replicationFactor: 9 })).toThrow(/replication factor/);
    expect(() => prove({ topic: { "replication.factor": "many" } })).toThrow(/replication factor/);
  });
});
