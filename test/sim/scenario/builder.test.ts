import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { topicIdOf } from "../../../lib/kafka/topic-id.js";
import { logEndOffset } from "../../../lib/protocol/log/log.js";
import { replicaOn } from "../../../lib/sim/ledger.js";
import { scenario } from "../../../lib/sim/scenario/builder.js";
import { parseScenario } from "../../../lib/sim/scenario/parse.js";
import { runScenario } from "../../../lib/sim/scenario/run-scenario.js";

const ends = (cluster: ReturnType<typeof scenario>): number[] =>
  [1, 2, 3].map((brokerId) =>
    logEndOffset(replicaOn(cluster.world, brokerId, "orders-0")?.log ?? { chunks: [], logStartOffset: 0 }),
  );

describe("a cluster to play with", () => {
  test("one follower has fetched, and the leader has not heard of it", () => {
    const cluster = scenario({ brokers: 3, minInsyncReplicas: 2, seed: 7 });
    cluster.produce("a").deliver("fetch", { from: 2 });
    expect(ends(cluster)).toEqual([1, 1, 0]);
    cluster.expect("hw=0 outcome(a)=pending");
    // The next fetch tells the leader; broker 3 is in the ISR too, and the high watermark waits for it.
    cluster.deliver("fetch", { from: 2 }).expect("hw=0");
    cluster.deliver("fetch", { from: 3 }).deliver("fetch", { from: 3 }).expect("hw=1 outcome(a)=pending");
    cluster.deliver("produce", { from: "p" }).expect("outcome(a)=acked");
    expect(cluster.nowMs).toBe(0);
  });

  test("a value is what an expectation would find, and leaves no line", () => {
    const cluster = scenario({ partitions: 2 }).crash(3).run("15s");
    const text = cluster.text;
    expect(cluster.value("orders-0 isr")).toBe("1,2");
    expect(cluster.value("orders-1 leader")).toBe("2");
    expect(cluster.value("metric(controller/FencedBrokerCount)")).toBe("1");
    expect(cluster.value("metric(3/UnderReplicatedPartitions)")).toBe("-");
    expect(cluster.text).toBe(text);
    expect(() => cluster.value("leader")).toThrow("expected a partition before what is expected of it");
    expect(() => cluster.value("orders-0 leader=1 isr")).toThrow("is not one subject");
    expect(() => cluster.value("orders-0 lead")).toThrow('nothing is called "lead"');
  });

  test("values can be produced one after the other", () => {
    const eager = scenario({ acks: 1 }).produce("a").produce("b").produce("c");
    eager.expect("log(1)=a,b,c outcome(a)=acked outcome(b)=acked outcome(c)=pending hw=0");
    // With acks=all the broker takes the next request only after it has answered the one before.
    const patient = scenario().produce("a").produce("b");
    patient.expect("log(1)=a,b outcome(a)=acked hw=1 outcome(b)=pending leo(2)=1 leo(3)=1");
    expect(scenario().produce("a").produce("b").hash).toBe(patient.hash);
    const stuck = scenario().produce("a").isolate([2, 3]);
    expect(() => stuck.produce("b")).toThrow("p still waits for the answer to what it sent before");
  });

  test("a why can end early", () => {
    const cluster = scenario().send("a").run("1s");
    const whole = cluster.why("hw(2)");
    const near = cluster.why("hw(2)", { depth: 1 });
    expect(near.split("\n").length).toBeLessThan(whole.split("\n").length);
    expect(near).toContain("hw(1) went from 0 to 1");
    expect(near).toMatch(/ …$/m);
    expect(whole).not.toContain("…");
  });

  test("time passes only when it is told to", () => {
    const cluster = scenario().send("a");
    cluster.expect("outcome(a)=pending").run(3).expect("leo=1 hw=0").run("1s").expect("hw=1 outcome(a)=acked");
    expect(cluster.nowMs).toBe(1003);
    expect(cluster.at("2m").nowMs).toBe(120_000);
    expect(() => cluster.at(5)).toThrow("it is 2m already: time only moves forward");
  });

  test("verbs are the statements of a scenario", () => {
    const cluster = scenario({
      minInsyncReplicas: 2,
      acks: 1,
      cluster: { "replica.lag.time.max.ms": 6000 },
      consumer: {},
    })
      .topic("audit", { "replication.factor": 1 })
      .producer("q", { acks: "all" });
    cluster.step("p send a to orders-0").run(50).isolate([2, 3], 1).slow(1, "controller", 20).run("20s");
    cluster.config("orders", { "min.insync.replicas": 1 }).heal().pause(3).resume(3).crash(2).run(10).start(2);
    cluster.crash(1, { "orders-0": 1 }).start(1).wipe(3).start(3).elect("preferred").reassign("orders-0", [2, 1]);
    cluster.shutdown(2).expect("process(2)=down");
    expect(cluster.text).toBe(`cluster brokers=3 replica.lag.time.max.ms=6000
topic orders partitions=1 replication.factor=3 min.insync.replicas=2
producer p acks=1 linger.ms=0
consumer c topic=orders
topic audit replication.factor=1
producer q linger.ms=0 acks=all
at 0        p send a to orders-0
at 50ms     isolate 2 3 from 1
at 50ms     slow 1 > controller by 20ms
at 20050ms  config orders min.insync.replicas=1
at 20050ms  heal
at 20050ms  pause 3
at 20050ms  resume 3
at 20050ms  crash 2
at 20060ms  start 2
at 20060ms  crash 1 keeping orders-0=1
at 20060ms  start 1
at 20060ms  wipe 3
at 20060ms  start 3
at 20060ms  elect preferred all
at 20060ms  reassign orders-0 to 2,1
at 20060ms  shutdown 2
at 20060ms  expect process(2)=down
`);
  });

  test("its text, run from the beginning, gives the same steps", () => {
    const verb = fc.oneof(
      fc.integer({ min: 0, max: 12_000 }).map((ms) => ["run", ms] as const),
      fc.constantFrom("a", "b", "c").map((value) => ["send", value] as const),
      fc.constantFrom("fetch", "produce", "heartbeat", "metadata").map((kind) => ["deliver", kind] as const),
      fc
        .constantFrom("crash 1", "start 1", "crash 2", "start 2", "isolate 2 from 1", "heal", "pause 3", "resume 3")
        .map((step) => ["step", step] as const),
    );
    fc.assert(
      fc.property(fc.array(verb, { maxLength: 12 }), fc.option(fc.integer({ min: 0, max: 9 })), (verbs, seed) => {
        const cluster = scenario({ minInsyncReplicas: 2, ...(seed === null ? {} : { seed }) });
        for (const [name, argument] of verbs) {
          try {
            if (name === "run") cluster.run(argument);
            else if (name === "send") cluster.send(argument);
            else if (name === "deliver") cluster.deliver(argument);
            else cluster.step(argument);
          } catch (error) {
            // Not possible just now: then it must have left nothing behind, which is what is checked below.
            expect((error as Error).name).toBe("ScenarioError");
          }
        }
        const parsed = parseScenario(cluster.text);
        expect(parsed.ok && runScenario(parsed.scenario).hash).toBe(cluster.hash);
      }),
      { numRuns: 60 },
    );
  });

  test("a fork goes its own way", () => {
    const cluster = scenario({ acks: 1 }).produce("a");
    const steps = cluster.entries.length;
    const other = cluster.fork().run("1s").crash(1).run("20s");
    other.expect("leader=2");
    expect(cluster.entries.length).toBe(steps);
    expect(other.entries.slice(0, steps)).toEqual(cluster.entries);
    cluster.expect("leader=1 hw=0");
    expect(cluster.text).not.toContain("crash");
    expect(cluster.nowMs).toBe(0);
    expect(other.text.replace(/ +/g, " ")).toContain("at 0 deliver p>1 produce\nat 1s crash 1\n");
  });

  test("describe and shell print what the tools print; only shell is a step", () => {
    const cluster = scenario({ minInsyncReplicas: 2 });
    const described =
      `Topic: orders\tTopicId: ${topicIdOf("orders")}\tPartitionCount: 1\tReplicationFactor: 3\tConfigs: min.insync.replicas=2\n` +
      "\tTopic: orders\tPartition: 0\tLeader: 1\tReplicas: 1,2,3\tIsr: 1,2,3\tElr: \tLastKnownElr: \n";
    expect(cluster.describe()).toBe(described);
    expect(cluster.text).not.toContain("$");
    expect(cluster.shell("kafka-topics --describe")).toBe(described);
    expect(cluster.text).toContain("at 0  $ kafka-topics --describe\n");
  });

  test("trace, ledger and why speak of the same run", () => {
    const cluster = scenario({ acks: 1 }).produce("a").crash(1).run("20s");
    expect(cluster.trace()).toMatch(/crash 1 +process\(1\) running→down\n/);
    // The answer was lost with the leader, so the producer has sent it again, to the new one.
    expect(cluster.ledger().map(({ send, fate }) => [send.value, fate])).toEqual([["a", "acked-kept"]]);
    expect(cluster.why("leader")).toContain("crash 1");
    expect(cluster.why("replicas")).toBe("Nothing has changed it: it is as the cluster was set up.\n");
  });
});

describe("verbs that cannot be", () => {
  test.each<[string, (cluster: ReturnType<typeof scenario>) => unknown, string]>([
    [
      "an unknown verb",
      (it) => it.step("crsh 1"),
      '"at 0 crsh 1": expected a step, found "crsh" (did you mean "crash"?)',
    ],
    ["an unknown broker", (it) => it.crash(9), '"at 0 crash 9": there is no broker 9 (the cluster has brokers 1 to 3)'],
    ["a start of what runs", (it) => it.start(1), "broker 1 is running already"],
    ["a claim that is not so", (it) => it.expect("leader=2"), "expected leader=2, but it is 1"],
    [
      "nothing to deliver",
      (it) => it.deliver("fetch", { from: "p" }),
      "p does not have a fetch to deliver now; what there is:",
    ],
    ["an unknown kind", (it) => it.deliver("post"), "nobody has a post to deliver now"],
    [
      "a set-up too late",
      (it) => it.run(1).topic("audit"),
      '"topic audit" comes too late: the cluster is running already',
    ],
    ["a question that is none", (it) => it.why("hv"), 'nothing is called "hv": did you mean "hw"?'],
    ["no time", (it) => it.run("soon"), 'soon is not a time: give whole milliseconds, or "50ms", "20s", "2m"'],
    ["half a millisecond", (it) => it.run(0.5), "0.5 is not a time"],
  ])("%s", (_, verb, message) => {
    const cluster = scenario({});
    const before = cluster.fork();
    expect(() => verb(cluster)).toThrow(message);
    // It can be played on with.
    cluster.at(1).send("a").run("1s").expect("hw=1");
    expect(before.run("1s").text).not.toContain("crsh");
  });

  test("options that Kafka refuses", () => {
    expect(() => scenario({ producer: { acks: 1, "enable.idempotence": true } })).toThrow("acks is set twice");
    expect(() => scenario({ acks: 1, producer: { "enable.idempotence": true } })).toThrow("Must set acks to all");
    expect(() => scenario({ kafka: "5.0" })).toThrow("Kafka 5.0 is not modelled");
    expect(() => scenario({ minInsyncReplicas: 0 })).toThrow("Value must be at least 1");
  });
});
