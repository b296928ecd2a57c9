import { describe, expect, it } from "vitest";
import { readValue, syntaxProblem, writeValue } from "../../lib/web/exercise/answer-text.js";

const text = `# Keep what was acknowledged.
topic:
  replication.factor: 3   # copies
  min.insync.replicas: 1
producer: { acks: all }
steps: [restart 1, restart 2]
`;

describe("the form's view of an answer", () => {
  it("reads values at their paths, whatever way they are written", () => {
    expect(readValue(text, ["topic", "replication.factor"])).toBe(3);
    expect(readValue(text, ["producer", "acks"])).toBe("all");
    expect(readValue(text, ["steps"])).toEqual(["restart 1", "restart 2"]);
    expect(readValue(text, ["topic", "unclean.leader.election.enable"])).toBeUndefined();
    expect(readValue("just text", ["topic"])).toBeUndefined();
  });

  it("changes one value and leaves comments, order and everything else", () => {
    const changed = writeValue(text, ["topic", "min.insync.replicas"], 2);
    expect(changed).toContain("min.insync.replicas: 2");
    expect(changed).toContain("# Keep what was acknowledged.");
    expect(changed).toContain("replication.factor: 3 # copies");
    expect(changed).toContain("producer: { acks: all }");
    expect(readValue(writeValue(text, ["producer", "acks"], 1), ["producer", "acks"])).toBe(1);
  });

  it("adds keys and groups that are not there, takes keys away, and keeps lists", () => {
    expect(readValue(writeValue(text, ["topic", "retries"], 5), ["topic", "retries"])).toBe(5);
    expect(readValue(writeValue("", ["broker", "x"], true), ["broker", "x"])).toBe(true);
    expect(writeValue(text, ["topic", "min.insync.replicas"], undefined)).not.toContain("min.insync");
    expect(readValue(writeValue(text, ["steps"], ["b", "a"]), ["steps"])).toEqual(["b", "a"]);
  });

  it("keeps what is typed while it is no number, as the text it is", () => {
    expect(writeValue(text, ["topic", "min.insync.replicas"], "two")).toContain("min.insync.replicas: two");
    expect(readValue(writeValue(text, ["topic", "min.insync.replicas"], "2e3"), ["topic", "min.insync.replicas"])).toBe(
      "2e3",
    );
  });

  it("touches nothing of a text that is not YAML, and says where it is broken", () => {
    const broken = "topic:\n  a: [1\n";
    expect(writeValue(broken, ["topic", "a"], 2)).toBe(broken);
    expect(syntaxProblem(broken)?.line).toBeGreaterThan(1);
    expect(syntaxProblem(text)).toBeUndefined();
  });
});
