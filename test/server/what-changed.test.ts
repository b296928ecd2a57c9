import { describe, expect, it } from "vitest";
import { askedConfiguration } from "../../lib/server/asked-configuration.js";
import { whatChanged } from "../../lib/server/what-changed.js";
import { parseScenario } from "../../lib/sim/scenario/parse.js";

const text = `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2 unclean.leader.election.enable=true
producer p acks=all linger.ms=5
at 0   p send a
end 5s
`;

describe("what the second of two scenarios has that the first has not", () => {
  it("is the setting or the step that is new", () => {
    expect(whatChanged(text, text.replace("replicas=2", "replicas=1"))).toBe("min.insync.replicas=1");
    expect(whatChanged(text, text.replace("end 5s", "at 1s  crash 1 # the leader\nend 9s"))).toBe("crash 1");
    expect(whatChanged(text, text)).toBe("the change");
    expect(whatChanged("", text)).toBe("the change");
  });
});

describe("the configuration in a scenario's head", () => {
  const asked = (source: string) => {
    const parsed = parseScenario(source);
    if (!parsed.ok) throw new Error(parsed.diagnostics[0].message);
    return askedConfiguration(parsed.scenario);
  };

  it("has Kafka's keys, the number of copies and the release, and nothing of how the cluster is built", () => {
    expect(asked(text)).toEqual({
      replicationFactor: 3,
      kafka: "4.3",
      topic: { "min.insync.replicas": "2", "unclean.leader.election.enable": "true" },
      producer: { acks: "all" },
    });
  });

  it("falls back to what a scenario falls back to", () => {
    expect(asked("topic t replication.factor=2\nend 1s\n")).toEqual({ replicationFactor: 2, topic: {}, producer: {} });
  });
});
