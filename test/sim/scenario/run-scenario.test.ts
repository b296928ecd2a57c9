import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { topicIdOf } from "../../../lib/kafka/topic-id.js";
import { parseScenario } from "../../../lib/sim/scenario/parse.js";
import { isMet, type Run, type RunOptions, runScenario } from "../../../lib/sim/scenario/run-scenario.js";
import { scenario } from "./arbitraries.js";

function runText(text: string, options: RunOptions = {}): Run {
  const parsed = parseScenario(text);
  if (!parsed.ok) throw new Error(parsed.diagnostics.map(({ line, message }) => `${line}: ${message}`).join("\n"));
  return runScenario(parsed.scenario, options);
}

const head = "cluster brokers=3\ntopic orders replicas=1,2,3 min.insync.replicas=2\nproducer p linger.ms=0\n";

describe("time in a scenario", () => {
  test("what is due up to and including a time happens before its line", () => {
    // One link delay there, and the record is in the leader's log: 1 ms for metadata there and back, 1 ms for itself.
    const arrives = (atMs: number): number =>
      runText(`${head}at 0 p send a\nat ${atMs} expect leo(1)=1`).failures.length;
    expect([2, 3, 4].map(arrives)).toEqual([1, 0, 0]);
  });

  test("nothing happens between two lines of the same time", () => {
    const run = runText(`${head}at 5 p send a\nat 5 crash 1\nat 5 expect outcome(a)=pending`);
    expect(run.entries.map(({ action }) => action.type).slice(-2)).toEqual(["send", "crash"]);
    expect(isMet(run)).toBe(true);
  });

  test("a silent broker lasts as long as its session: 9 s, with ZooKeeper 18 s, or as it is set", () => {
    const isrAt = (cluster: string, atMs: number, isr: string): number =>
      runText(`cluster brokers=3 ${cluster}\ntopic orders replicas=1,2,3\nat 20s crash 3\nat ${atMs} expect isr=${isr}`)
        .failures.length;
    // The last heartbeat was sent at most two seconds before the crash.
    expect([isrAt("kafka=4.3", 26_500, "1,2,3"), isrAt("kafka=4.3", 29_500, "1,2")]).toEqual([0, 0]);
    expect([isrAt("kafka=2.8", 35_500, "1,2,3"), isrAt("kafka=2.8", 38_500, "1,2")]).toEqual([0, 0]);
    expect(isrAt("kafka=2.8 zookeeper.session.timeout.ms=6000", 26_500, "1,2")).toBe(0);
  });

  test("a run goes on to its end line and no further", () => {
    expect(runText(`${head}at 0 p send a\nend 7s`).world.nowMs).toBe(7000);
    expect(runText(`${head}at 0 p send a`).world.nowMs).toBe(0);
  });

  test("sends of an interval go out one by one, also behind the last line", () => {
    const run = runText(`${head}at 10ms p send m1..m4 every 20ms\nat 30ms p send x`);
    const sends = run.entries.flatMap(({ action, atMs, line }) =>
      action.type === "send" ? [[atMs, line, action.values.join()]] : [],
    );
    expect(sends).toEqual([
      [10, 4, "m1"],
      [30, 4, "m2"],
      [30, 5, "x"],
      [50, 4, "m3"],
      [70, 4, "m4"],
    ]);
  });
});

describe("what steps stand for", () => {
  const cutsOf = (step: string): string[] =>
    runText(`${head}consumer c\nat 0 ${step}`).world.network.cuts.map(({ from, to }) => `${from}>${to}`);

  test.each([
    ["isolate 2 3 from 1", ["1>2", "1>3", "2>1", "3>1"]],
    ["isolate 1 from controller", ["1>controller", "controller>1"]],
    ["isolate 1 from brokers", ["1>2", "1>3", "2>1", "3>1"]],
    ["isolate 1 2 from brokers", ["1>3", "2>3", "3>1", "3>2"]],
    ["isolate 1 from clients", ["1>c", "1>p", "c>1", "p>1"]],
    ["isolate 1", ["1>2", "1>3", "1>c", "1>controller", "1>p", "2>1", "3>1", "c>1", "controller>1", "p>1"]],
    ["cut 2 > 1", ["2>1"]],
  ])("%s", (step, cuts) => {
    expect(cutsOf(step)).toEqual(cuts);
  });

  test.each([
    ["heal", []],
    ["heal 2 from 1", ["1>3", "3>1"]],
    ["heal 2", ["1>3", "3>1"]],
    ["heal 2 > 1", ["1>2", "1>3", "3>1"]],
    ["heal 1 from brokers", []],
  ])("%s", (step, cuts) => {
    expect(cutsOf(`isolate 2 3 from 1\nat 1 ${step}`)).toEqual(cuts);
  });
});

describe("expectations", () => {
  test("each claim that does not hold is told with its line and both values", () => {
    const run = runText(
      `${head}at 0 p send a\nat 2s expect leader=2 hw>=1 isr=3,2,1 leo(3)<1\nat 2s expect ledger a=refused`,
    );
    expect(run.claims).toBe(5);
    expect(run.failures).toEqual([
      { line: 5, atMs: 2000, claim: "leader=2", expected: "2", actual: "1" },
      { line: 5, atMs: 2000, claim: "leo(3)<1", expected: "1", actual: "1" },
      { line: 6, atMs: 2000, claim: "ledger a=refused", expected: "refused", actual: "acked-kept" },
    ]);
    expect(isMet(run)).toBe(false);
  });

  test.each([
    ["leader=1 leader!=2 leader!=-", 0],
    ["leader>0 leader<=1", 0],
    ["elr=- elr!=1 last-known-elr=-", 0],
    // Nothing has no order: whatever is asked of it is not so.
    ["position(c)<1", 1],
    ["position(c)>=0", 1],
    ["replicas=1,2,3", 0],
    ["replicas=3,2,1", 1],
    ["isr=3,2,1", 0],
    ["outcome(nobody)=-", 0],
    ["process(1)=running broker(1)=active role(1)=leader role(2)=follower recovery=recovered", 0],
  ])("%s", (claims, failures) => {
    // The consumer never gets to ask anybody anything, and so has no position.
    expect(runText(`${head}consumer c\nat 0 isolate c\nat 1s expect ${claims}`).failures.length).toBe(failures);
  });

  test("several partitions are told apart", () => {
    const run = runText(
      "topic orders replicas=1,2;2,1\nproducer p linger.ms=0\nat 0 p send a to orders-0\nat 0 p send b c to orders-1\n" +
        "at 2s expect orders-0 leader=1 log(1)=a hw=1\nat 2s expect orders-1 leader=2 log(2)=b,c hw=2",
    );
    expect(run.failures).toEqual([]);
  });

  test("what consumers have read and where they stand", () => {
    const run = runText(
      `${head}consumer c auto.offset.reset=earliest\nat 0 p send a b\nat 2s expect read(c)=a,b position(c)=2 reading(c)=fetching committed=a,b`,
    );
    expect(run.failures).toEqual([]);
  });
});

describe("what cannot go on", () => {
  test.each([
    ["at 0 start 1", "broker 1 is running already"],
    ["at 0 crash 1\nat 1 crash 1", "broker 1 is down"],
    ["at 0 crash 1\nat 1 pause 1", "broker 1 is down"],
    ["at 0 pause 1\nat 1 pause 1", "1 is paused already"],
    ["at 0 resume p", "p is not paused"],
    ["stepwise\ndeliver p>1 produce", '"deliver p>1 produce" cannot happen now'],
  ])("%s", (steps, reason) => {
    const run = runText(head + steps);
    expect(run.stopped).toMatchObject({ kind: "impossible", reason });
    expect(run.stopped?.line).toBe((head + steps).split("\n").length);
    expect(isMet(run)).toBe(false);
  });

  test("a run that does not come to its end is stopped by its budget", () => {
    const run = runText(`${head}at 0 p send a\nend 60m`, { maxSteps: 200 });
    expect(run.stopped).toMatchObject({ kind: "budget", line: null });
    expect(run.entries.length).toBe(200);
  });

  test("what could happen instead is named", () => {
    const run = runText(`${head}stepwise\nfire 2 registration`);
    expect(run.stopped?.hint).toContain("heartbeat");
  });
});

describe("command lines", () => {
  test("do what they say and print what the tools print", () => {
    const run = runText(
      `${head}at 0 $ kafka-configs --alter --topic orders --add-config min.insync.replicas=1\n` +
        "at 1s $ kafka-configs --alter --topic orders --add-config min.insync.replica=1\n" +
        "at 2s $ kafka-topics --describe --topic orders\n" +
        "at 3s $ kafka-topics --describe --topic nobody\n" +
        "at 4s $ kafka-leader-election --election-type preferred --all-topic-partitions\n" +
        "at 5s $ kafka-topics --create --topic audit --partitions 1 --replication-factor 4",
    );
    expect(run.toolRuns.map(({ output }) => output)).toEqual([
      { text: "Completed updating config for topic orders.\n", exitStatus: 0 },
      expect.objectContaining({
        text: expect.stringContaining("Unknown topic config name: min.insync.replica"),
        exitStatus: 1,
      }),
      {
        text:
          `Topic: orders\tTopicId: ${topicIdOf("orders")}\tPartitionCount: 1\tReplicationFactor: 3\tConfigs: min.insync.replicas=1\n` +
          "\tTopic: orders\tPartition: 0\tLeader: 1\tReplicas: 1,2,3\tIsr: 1,2,3\tElr: \tLastKnownElr: \n",
        exitStatus: 0,
      },
      { text: "Error while executing topic command : Topic 'nobody' does not exist as expected\n", exitStatus: 1 },
      { text: "", exitStatus: 0 },
      expect.objectContaining({
        text: expect.stringContaining("Unable to replicate the partition 4 time(s)"),
        exitStatus: 1,
      }),
    ]);
  });

  test("a tool that is not known is refused when the scenario is read", () => {
    const parsed = parseScenario(`${head}at 0 $ kafka-topic --list`);
    expect(parsed.ok ? [] : parsed.diagnostics.map(({ column, message }) => [column, message])).toEqual([
      [6, "kafka-topic is not a tool known here; the nearest is kafka-topics"],
    ]);
  });
});

describe("the same scenario", () => {
  test("gives the same run with and without a trace", () => {
    const text = `${head}at 0 p send a b\nat 1s crash 1\nend 20s`;
    const [kept, bare] = [runText(text), runText(text, { keepTrace: false })];
    expect(bare.world).toEqual(kept.world);
    expect(bare).toMatchObject({ entries: [], hash: null });
    expect(kept.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test("differs by its seed, and by its seed only", () => {
    const hash = (seed: number): string | null =>
      runText(`${head.replace("brokers=3", `brokers=3 seed=${seed}`)}at 0 p send a\nend 1s`).hash;
    expect(hash(7)).toBe(hash(7));
    expect(new Set([1, 2, 3, 4, 5].map(hash)).size).toBe(5);
  });

  test("never throws, whatever it says, and runs the same way twice", () => {
    fc.assert(
      fc.property(scenario, (one) => {
        const options = { maxSteps: 400 };
        const first = runScenario(one, options);
        expect(runScenario(one, options).hash).toBe(first.hash);
      }),
      { numRuns: 40 },
    );
  });
});
