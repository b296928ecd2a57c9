import { describe, expect, test } from "vitest";
import { statementsOf } from "../../../lib/sim/scenario/ast.js";
import { formatDiagnostic } from "../../../lib/sim/scenario/diagnostic.js";
import { formatStep } from "../../../lib/sim/scenario/format.js";
import { parseScenario, ScenarioParser } from "../../../lib/sim/scenario/parse.js";
import { verbGroups } from "../../../lib/sim/scenario/verbs/index.js";

/** The head of every scenario below: lines 1 to 4. */
const head = "cluster brokers=3\ntopic orders replicas=1,2,3;2,3,1\nproducer p\nconsumer c topic=orders\n";

function problemsOf(text: string): readonly string[] {
  const result = parseScenario(text);
  if (result.ok) return [];
  return result.diagnostics.map(
    ({ line, column, message, hint }) => `${line}:${column} ${message}${hint ? ` | ${hint}` : ""}`,
  );
}

describe("what a scenario may say", () => {
  test("every example of every verb reads, and reads as it is written", () => {
    const parser = new ScenarioParser();
    for (const line of [
      "cluster brokers=4",
      "topic orders replicas=1,2,3;2,3,4",
      "producer p",
      "consumer c",
      "stepwise",
    ])
      expect(parser.readLine(line)).toMatchObject({ ok: true });
    const timed = new ScenarioParser();
    for (const line of ["cluster brokers=4", "topic orders", "producer p"]) timed.readLine(line);
    for (const { verbs } of verbGroups)
      for (const { examples } of Object.values(verbs))
        for (const example of examples) {
          // An interval needs times; what names no partition needs a topic that has only one.
          const needsTime = /every|^p send (a|"two)|^expect (leader|outcome)/.test(example);
          const result = needsTime ? timed.readLine(`at 0 ${example}`) : parser.readLine(example);
          expect(result, example).toMatchObject({ ok: true });
          if (!result.ok || result.line.type !== "statement" || result.line.statement.type !== "step") continue;
          expect(formatStep(result.line.statement.step)).toBe(example);
        }
  });

  test("a scenario without a cluster line has three brokers of the default version", () => {
    const result = parseScenario("topic orders\nproducer p\nat 0 p send a\nat 1s crash 3");
    expect(result.ok && statementsOf(result.scenario).map(({ line, statement }) => [line, statement.type])).toEqual([
      [1, "topic"],
      [2, "producer"],
      [3, "step"],
      [4, "step"],
    ]);
  });

  test("topics that an operator creates can be spoken of afterwards", () => {
    expect(
      problemsOf(
        `${head}at 0 create topic audit partitions=2\nat 1s p send x to audit-1\n` +
          "at 2s $ kafka-topics --create --topic logs --partitions 3\nat 3s p send y to logs-2",
      ),
    ).toEqual([]);
  });

  test("several mistakes are told at once, and a bad line changes nothing for the others", () => {
    expect(problemsOf(`${head}at 0 crash 9\nat 5s crsh 1\nat 3s crash 1\nat 4s crash`)).toEqual([
      "5:12 there is no broker 9 | the cluster has brokers 1 to 3",
      '6:7 expected a step, found "crsh" | did you mean "crash"?',
      "8:12 expected a broker id, found the end of the line",
    ]);
  });
});

describe("what it may not say, with the place and the remedy", () => {
  test.each([
    ["at", "5:3 expected a time, such as 50ms, found the end of the line"],
    [
      "at 5h crash 1",
      '5:4 expected a time, such as 50ms, found "5h" | times are whole numbers with ms, s or m: 50ms, 20s, 2m',
    ],
    [
      "at 1.5s crash 1",
      '5:4 expected a time, such as 50ms, found "1.5s" | times are whole numbers with ms, s or m: 50ms, 20s, 2m',
    ],
    [
      "at -5 crash 1",
      '5:4 expected a time, such as 50ms, found "-5" | times are whole numbers with ms, s or m: 50ms, 20s, 2m',
    ],
    ["at 5 ", "5:5 expected a step, such as crash 1 or p send a"],
    [
      "crash 1",
      '5:1 expected cluster, topic, producer, consumer, at, stepwise or end, found "crash" | known here: cluster, topic, producer, consumer, at, stepwise, end',
    ],
    [
      "prodcuer q",
      '5:1 expected cluster, topic, producer, consumer, at, stepwise or end, found "prodcuer" | did you mean "producer"?',
    ],
    ["cluster brokers=5", "5:1 there already is a cluster"],
    ["topic orders", "5:7 there already is a topic orders"],
    ["topic a/b", '5:7 "a/b" is not a name for a topic | Kafka takes letters, digits, . _ and -, at most 249'],
    ["producer crash", '5:10 "crash" is a word of the language | choose another name'],
    [
      "producer 7",
      '5:10 "7" is not a name for a client | a name begins with a letter and goes on with letters, digits, . _ and -',
    ],
    ["producer q ack=1", '5:12 Kafka has no producer setting "ack" | did you mean "acks"?'],
    [
      "producer q min.insync.replicas=2",
      "5:12 min.insync.replicas is a topic setting and a broker setting, not a producer setting",
    ],
    [
      "producer q acks=2",
      "5:12 Kafka refuses this: Invalid value 2 for configuration acks: String must be one of: all, -1, 0, 1",
    ],
    [
      "producer q enable.idempotence=true acks=1",
      "5:36 Kafka refuses this: Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence.",
    ],
    ["producer q acks=1 acks=0", "5:19 acks is set twice"],
    ["producer q acks", '5:12 expected key=value, such as acks=all, found "acks"'],
    ["topic x replicas=1,2,4", '5:9 there is no broker "4" | the cluster has brokers 1 to 3'],
    ["topic x replicas=1,1", '5:9 a broker is named twice in "1,1"'],
    ["topic x replicas=1,2;1", "5:9 every partition of a topic has the same number of replicas"],
    ["topic x replicas=1,2 partitions=2", "5:22 partitions=2, but there are 1 lists of replicas"],
    ["topic x replication.factor=4", '5:9 expected replication.factor to be a whole number from 1 to 3, found "4"'],
    ["consumer d topic=order", '5:12 there is no topic "order" above this line | did you mean "orders"?'],
    [
      "consumer d isolation.level=committed topic=orders",
      "5:12 Kafka refuses this: Invalid value committed for configuration isolation.level: String must be one of: read_committed, read_uncommitted",
    ],
    ["at 0 p send", "5:12 expected a value to send, such as a"],
    ["at 0 p send a", "5:14 expected where to send it | known: to orders-0, to orders-1"],
    ["at 0 p send to orders-0", "5:24 expected a value to send, such as a"],
    [
      "at 0 p send a to orders-2",
      '5:18 expected a partition of this scenario, found "orders-2" | did you mean "orders-0"?',
    ],
    [
      "at 0 p send a to orders-0 b",
      '5:27 values come before to and every | a value that is one of these words is written in quotes: "to"',
    ],
    ['at 0 p send "a to orders-0', "5:13 expected a closing quote before the end of the line"],
    ["at 0 q send a to orders-0", '5:6 expected a client that can send, found "q" | known here: p'],
    ["at 0 c send a to orders-0", '5:6 expected a client that can send, found "c" | known here: p'],
    ["at 0 p sned a", '5:8 expected what p does, found "sned" | did you mean "send"?'],
    ["at 0 p send m9..m1 to orders-0", "5:13 the range m9..m1 is empty"],
    [
      "at 0 isolate 1 form 2",
      '5:16 expected a broker id, controller or a client, found "form" | known here: controller, p, c',
    ],
    ["at 0 isolate 1 from", "5:20 expected a broker id, controller or a client, found the end of the line"],
    ["at 0 cut 1 < 2", '5:10 expected two nodes, such as 2 > 1, found "1 <"'],
    ["at 0 cut 1 > 1", "5:10 a link needs two nodes, both are 1"],
    ["at 0 crash 1 kepping orders-0=7", '5:14 expected "keeping", found "kepping" | did you mean "keeping"?'],
    [
      "at 0 crash 1 keeping orders-0",
      '5:22 expected a partition and its log end, such as orders-0=7, or flushed, found "orders-0" | known here: flushed',
    ],
    ["at 0 crash 1 keeping orders-0=1 orders-0=2", "5:33 orders-0 is named twice"],
    ["at 0 isolate 1 1 from 2", "5:16 1 is named twice"],
    ["at 0 config orders segment.ms=1 -segment.ms", "5:33 segment.ms is set twice"],
    [
      "at 0 config orders min.insync.replica=2",
      '5:20 Kafka has no topic setting "min.insync.replica" | did you mean "min.insync.replicas"?',
    ],
    [
      "at 0 config orders min.insync.replicas=0",
      "5:20 Kafka refuses this: Invalid value 0 for configuration min.insync.replicas: Value must be at least 1",
    ],
    [
      "at 0 elect cleanly orders-0",
      '5:12 expected preferred or unclean, found "cleanly" | known here: preferred, unclean',
    ],
    ["at 0 reassign orders-0 1,2", '5:24 expected to or cancel, found "1,2" | known here: to, cancel'],
    ["at 0 throttle 3 to 0/s", '5:20 expected records a second, such as 10/s, or bytes, such as 512B/s, found "0/s"'],
    [
      "at 0 fire 1 isr-expirations",
      '5:13 expected the name of a timer, found "isr-expirations" | did you mean "isr-expiration"?',
    ],
    ["at 0 $", "5:6 expected a command line after the $ | $ kafka-topics --describe --topic orders"],
    ["at 0 expect", "5:12 expected what is expected, such as leader=2, found the end of the line"],
    ["at 0 expect orders-0 lead=1", '5:22 nothing is called "lead" | did you mean "leader"?'],
    [
      "at 0 expect leader=1",
      "5:13 expected a partition before what is expected of it | known here: orders-0, orders-1",
    ],
    ["at 0 expect orders-0 isr<2", "5:22 isr has no order: use = or !="],
    ["at 0 expect orders-0 hw=x", '5:22 expected a whole number or - after hw=, found "x"'],
    [
      "at 0 expect orders-0 role(1)=laeder",
      '5:22 expected leader, follower, offline after role(1)=, found "laeder" | did you mean "leader"?',
    ],
    ["at 0 expect orders-0 log=a", "5:22 log needs a broker, such as log(1)"],
    [
      "at 0 expect ledger a=lost",
      '5:20 "lost" is no fate of a record | known here: acked-kept, acked-lost, refused, unknown-kept, unknown-gone, pending',
    ],
    ["stepwise\nat 0 crash 1", "6:1 expected a step without a time: this part is stepwise"],
    ["at 5 crash 1\nat 4 start 1", "6:4 expected a time not before 5ms, the one above, found 4ms"],
    ["at 5 crash 1\nend 4ms", "6:5 expected a time not before 5ms, the one above, found 4ms"],
    ["end 1s\nat 2s crash 1", "6:1 expected nothing after end | move end to the last line"],
    ["at 0 crash 1\ntopic late", "6:1 expected topic above the first step | later, an operator may: create topic …"],
  ])("%s", (line, problem) => {
    expect(problemsOf(head + line)).toEqual([problem]);
  });

  test.each([
    ["cluster brokers=0", '1:9 expected brokers to be a whole number from 1 to 99, found "0"'],
    ["cluster kafka=4.9", "1:9 Kafka 4.9 is not modelled | known versions: 2.8, 3.6, 3.9, 4.0, 4.1, 4.2, 4.3"],
    ["cluster kafka=3.6 elr=on", "1:19 Kafka 3.6 has no eligible leader replicas | they came with 4.0"],
    ["cluster variant=kip-102", '1:9 there is no variant "kip-102" | did you mean "kip-101"?'],
    ["cluster racks=a,b", '1:9 expected 3 racks, one for each broker, found "a,b"'],
    ["cluster delay=fast", '1:9 expected a delay, such as 1ms, found "fast"'],
    ["cluster broker=3", '1:9 there is no setting "broker" here | did you mean "brokers"?'],
    [
      "cluster replica.lag.time.max.ms=100",
      "1:36 Kafka refuses this: requirement failed: replica.fetch.wait.max.ms should always be less than or equal to replica.lag.time.max.ms to prevent frequent changes in ISR",
    ],
    ["topic orders\ncluster brokers=3", "2:1 expected cluster above topics and clients"],
  ])("%s", (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  test("a problem is shown with its line and a caret", () => {
    const text = `${head}at 70\tcrsh 1`;
    const result = parseScenario(text);
    expect(
      result.ok ? [] : result.diagnostics.map((problem) => formatDiagnostic("lost.scenario", text, problem)),
    ).toEqual([
      'lost.scenario:5:7: expected a step, found "crsh"\n' +
        "  5 | at 70\tcrsh 1\n" +
        '    |      \t^^^^ did you mean "crash"?',
    ]);
  });
});
