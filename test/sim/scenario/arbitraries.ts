import fc from "fast-check";
import type { Action } from "../../../lib/sim/action.js";
import type { Claim, Line, Scenario, SendValue, Statement, Step } from "../../../lib/sim/scenario/ast.js";
import { planCluster } from "../../../lib/sim/scenario/cluster-plan.js";
import type { Names } from "../../../lib/sim/scenario/names.js";
import { brokerTimerTable, controllerTimerTable } from "../../../lib/sim/scenario/timer-text.js";

/** The names that the head below gives. */
export const names: Names = {
  cluster: planCluster([{ key: "brokers", value: "4" }]),
  topics: ["orders", "audit.log"],
  partitions: ["orders-0", "orders-1", "audit.log-0"],
  producers: ["p", "app"],
  consumers: ["c"],
};

const head: readonly Statement[] = [
  {
    type: "cluster",
    settings: [
      { key: "brokers", value: "4" },
      { key: "replica.lag.time.max.ms", value: "10000" },
    ],
  },
  { type: "topic", name: "orders", settings: [{ key: "replicas", value: "1,2,3;2,3,4" }] },
  { type: "topic", name: "audit.log", settings: [{ key: "min.insync.replicas", value: "2" }] },
  { type: "producer", name: "p", settings: [{ key: "acks", value: "1" }] },
  { type: "producer", name: "app", settings: [] },
  {
    type: "consumer",
    name: "c",
    settings: [
      { key: "topic", value: "orders" },
      { key: "client.rack", value: "a b" },
    ],
  },
];

const brokerId = fc.integer({ min: 1, max: 4 });
const broker = brokerId.map(String);
const node = fc.oneof(broker, fc.constantFrom("controller", "p", "app", "c"));
const twoNodes = fc.tuple(node, node).filter(([a, b]) => a !== b);
const partition = fc.constantFrom(...names.partitions);
const topic = fc.constantFrom(...names.topics);
const delayMs = fc.constantFrom(1, 50, 1000, 90_000, 120_000, 1_234_567);
const offset = fc.integer({ min: 0, max: 1_000_000 });
const replicas = fc.shuffledSubarray([1, 2, 3, 4], { minLength: 1 });
const channel = fc.constantFrom("produce", "heartbeat", "alter-partition", "fetch:orders-0", "consume:audit.log-0");

/** What people send, and what they would not: blanks, quotes, marks of the language, ranges, other scripts. */
export const value = fc.oneof(
  fc.constantFrom("a", "b", "to", "every", "m1..m3", "a..b", "#x", "$y", "|z", "", " ", '"', "\\", "a=b", "é", "日本"),
  fc.string({ unit: "binary" }),
);

const timer = <Name extends string>(table: Readonly<Record<Name, string>>): fc.Arbitrary<object> =>
  fc.oneof(
    ...Object.entries<string>(table).map(([name, argument]) =>
      argument === "partition"
        ? fc.record({ name: fc.constant(name), partition })
        : argument === "broker"
          ? fc.record({ name: fc.constant(name), brokerId })
          : fc.constant({ name }),
    ),
  );

const configs = fc.dictionary(
  fc.constantFrom("min.insync.replicas", "unclean.leader.election.enable", "segment.ms"),
  fc.constant("1"),
  { minKeys: 1 },
);
const topicConfigs = fc.record(
  {
    "min.insync.replicas": fc.constantFrom("1", "2"),
    "unclean.leader.election.enable": fc.constantFrom("true", "false"),
  },
  { requiredKeys: [] },
);

const adminCommand = fc.oneof(
  fc.record({
    type: fc.constant("createTopic"),
    topic: fc.constantFrom("payments", "x_1"),
    assignment: fc.oneof(
      fc.record({ partitions: fc.integer({ min: 1, max: 9 }), replicationFactor: brokerId }),
      fc
        .tuple(
          fc.integer({ min: 1, max: 4 }),
          fc.array(fc.shuffledSubarray([1, 2, 3, 4], { minLength: 4 }), { minLength: 1, maxLength: 3 }),
        )
        .map(([factor, lists]) => ({ replicas: lists.map((list) => list.slice(0, factor)) })),
    ),
    configs: topicConfigs,
  }),
  fc.record({ type: fc.constant("deleteTopic"), topic }),
  fc.record({
    type: fc.constant("alterConfigs"),
    scope: fc.record({ kind: fc.constant("topic"), topic }),
    changes: fc
      .oneof(
        configs,
        configs.map((all) => Object.fromEntries(Object.keys(all).map((key) => [key, null]))),
      )
      .filter((changes) => !Object.entries(changes).some(([key, text]) => key.startsWith("unclean") && text === "1")),
  }),
  fc.record({
    type: fc.constant("alterConfigs"),
    scope: fc.oneof(fc.constant({ kind: "cluster" }), fc.record({ kind: fc.constant("broker"), brokerId })),
    changes: fc.constantFrom({ "min.insync.replicas": "2" }, { "unclean.leader.election.enable": null }),
  }),
  fc.record({
    type: fc.constant("electLeaders"),
    election: fc.constantFrom("preferred", "unclean"),
    partitions: fc.option(fc.array(partition, { minLength: 1, maxLength: 3 })),
  }),
  fc.record({
    type: fc.constant("reassignPartitions"),
    targets: fc.array(fc.record({ partition, replicas: fc.option(replicas) }), { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ type: fc.constant("unregisterBroker"), brokerId }),
  fc.record({
    type: fc.constant("updateFeature"),
    feature: fc.constant("eligible.leader.replicas.version"),
    level: fc.constantFrom(0, 1),
  }),
);

const actionRecord = fc.oneof(
  fc
    .tuple(fc.constantFrom("deliverRequest", "deliverResponse"), twoNodes, channel)
    .map(([type, [client, server], on]) => ({
      type,
      client,
      server,
      channel: on,
    })),
  fc.record({ type: fc.constant("readMetadata"), brokerId }),
  fc.record({ type: fc.constant("brokerTimer"), brokerId, timer: timer(brokerTimerTable) }),
  fc.record({ type: fc.constant("controllerTimer"), timer: timer(controllerTimerTable) }),
  fc.record({
    type: fc.constant("send"),
    producer: fc.constantFrom(...names.producers),
    partition,
    values: fc.array(value, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({
    type: fc.constant("transaction"),
    producer: fc.constantFrom(...names.producers),
    step: fc.constantFrom("begin", "commit", "abort"),
  }),
  fc.record({ type: fc.constant("restartProducer"), producer: fc.constantFrom(...names.producers) }),
  fc.record({ type: fc.constant("seek"), consumer: fc.constant("c"), partition, offset }),
  fc.record({ type: fc.constantFrom("crash", "wipeDisk", "start", "shutdown"), brokerId }),
  fc.record({
    type: fc.constant("crashLosingTail"),
    brokerId,
    keep: fc.dictionary(partition, offset, { noNullPrototype: true }),
  }),
  fc.record({ type: fc.constantFrom("pause", "resume"), node }),
  fc.tuple(fc.constantFrom("cut", "heal"), twoNodes).map(([type, [from, to]]) => ({ type, from, to })),
  twoNodes.map(([a, b]) => ({ type: "dropConnections", a, b })),
  fc.tuple(twoNodes, fc.option(delayMs)).map(([[from, to], ms]) => ({ type: "slowLink", from, to, delayMs: ms })),
  fc.record({ type: fc.constant("slowDisk"), brokerId, delayMs: fc.oneof(fc.constant(0), delayMs) }),
  fc.constant({ type: "controllerFailover" }),
  fc.record({ type: fc.constant("lapse"), brokerId, partition, replicaId: brokerId }),
  fc.record({
    type: fc.constant("throttle"),
    brokerId,
    bytesPerSecond: fc.option(
      fc.oneof(
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1, max: 1000 }).map((records) => records * 1024),
      ),
    ),
  }),
  fc.record({ type: fc.constant("admin"), command: adminCommand }),
);

/** Any action of the scenario above. The records are checked against `Action` by the tests that read them back. */
export const action = actionRecord as fc.Arbitrary<Action>;

const sendValue: fc.Arbitrary<SendValue> = fc.oneof(
  value,
  fc
    .tuple(fc.constantFrom("", "m", "order-"), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }))
    .map(([prefix, from, more]) => ({ prefix, from, to: from + more })),
);

const claim: fc.Arbitrary<Claim> = fc.oneof(
  fc.record({
    subject: fc.constantFrom("leader", "epoch", "hw", "leo"),
    argument: fc.option(broker),
    operator: fc.constantFrom("=", "!=", "<", ">", "<=", ">="),
    value: offset.map(String),
  }),
  fc.record({
    subject: fc.constant("isr"),
    argument: fc.option(broker),
    operator: fc.constantFrom("=", "!="),
    value: fc.constantFrom("1", "2,3", "-"),
  }),
  fc.record({
    subject: fc.constant("outcome"),
    argument: fc.constantFrom("a", "two words", "#1"),
    operator: fc.constant("="),
    value: fc.constantFrom("acked", "refused,acked"),
  }),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: action.filter(({ type }) => type !== "send").map((one) => ({ type: "action", action: one }) as Step),
  },
  fc.record({
    type: fc.constant("send"),
    producer: fc.constantFrom(...names.producers),
    values: fc.array(sendValue, { minLength: 1, maxLength: 3 }),
    partition,
    everyMs: fc.constant(null),
  }),
  fc.record({
    type: fc.constantFrom("isolate", "heal"),
    nodes: fc.shuffledSubarray(["1", "2", "p"], { minLength: 1 }),
    from: fc.shuffledSubarray(["3", "4", "controller", "brokers", "clients"]),
  }),
  fc.constant<Step>({ type: "heal", nodes: [], from: [] }),
  fc.record({
    type: fc.constant("command"),
    text: fc.constantFrom(
      "kafka-topics --describe",
      `kafka-reassign-partitions --execute --reassignment-json-file '{"version":1,"partitions":[{"topic":"a # b","partition":0,"replicas":[1]}]}'`,
      'kafka-topics --describe --topic "a # b" --topic c#d',
    ),
  }),
  fc.record({ type: fc.constant("expect"), partition, claims: fc.array(claim, { minLength: 1, maxLength: 3 }) }),
  fc.record({
    type: fc.constant("expect"),
    partition: fc.constant(null),
    claims: fc.array(
      fc.record({
        subject: fc.constant("ledger"),
        argument: fc.constantFrom("a", "two words", "x=y"),
        operator: fc.constant<Claim["operator"]>("="),
        value: fc.constantFrom("acked-kept", "acked-lost,pending"),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  }),
);

const prose = fc.string({ unit: fc.constantFrom(..."abc #|$\"' \t-é".split("")) }).map((text) => text.trimEnd());

const between: fc.Arbitrary<Line> = fc.oneof(
  fc.constant<Line>({ type: "blank" }),
  prose.map((text): Line => ({ type: "comment", text })),
  prose.map((text): Line => ({ type: "output", text })),
);

/** Scenarios as their parser would make them: a head, timed steps, perhaps stepwise ones, prose anywhere. */
export const scenario: fc.Arbitrary<Scenario> = fc
  .record({
    timed: fc.array(fc.tuple(delayMs, step), { maxLength: 6 }),
    stepwise: fc.array(step, { maxLength: 4 }),
    ends: fc.boolean(),
    comments: fc.infiniteStream(fc.option(prose, { freq: 2 })),
    prose: fc.infiniteStream(fc.array(between, { maxLength: 2 })),
  })
  .map(({ timed, stepwise, ends, comments, prose: proseAt }) => {
    let atMs = 0;
    const statements: Statement[] = [...head];
    const known = new Set<string>();
    const once = (one: Step): boolean => {
      // A topic can be created once.
      if (one.type !== "action" || one.action.type !== "admin" || one.action.command.type !== "createTopic")
        return true;
      if (known.has(one.action.command.topic)) return false;
      known.add(one.action.command.topic);
      return true;
    };
    for (const [laterMs, one] of timed) {
      if (!once(one)) continue;
      atMs += laterMs;
      statements.push({ type: "step", atMs, step: one });
    }
    if (stepwise.length > 0) statements.push({ type: "stepwise" });
    for (const one of stepwise) if (once(one)) statements.push({ type: "step", atMs: null, step: one });
    if (ends) statements.push({ type: "end", atMs: atMs + 1000 });
    const lines = statements.flatMap((statement): Line[] => [
      ...(proseAt.next().value ?? []),
      { type: "statement", statement, comment: comments.next().value ?? null },
    ]);
    return { lines };
  });
