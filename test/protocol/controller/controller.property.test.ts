import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fact } from "../../../lib/protocol/fact.js";
import { noLeader } from "../../../lib/protocol/ids.js";
import { applyMetadataBatch, emptyImage } from "../../../lib/protocol/metadata/apply.js";
import { type MetadataImage, partitionOf, registrationOf } from "../../../lib/protocol/metadata/image.js";
import { rules } from "../../../lib/protocol/rules/index.js";
import { ControllerUnderTest, type Setup } from "./controller-under-test.js";

// Whatever happens to a controller in whatever order: the invariants of section 18 that are the controller's, and that
// every difference between two states has been told, with a rule and its true values.

const brokerIds = [1, 2, 3, 4];
const topics = { a: [1, 2, 3], b: [3, 4, 1], c: [2] } as const;
const partitions = ["a-0", "b-0", "c-0"];

const brokerId = fc.constantFrom(...brokerIds);
const partition = fc.constantFrom(...partitions);

type Act = (cluster: ControllerUnderTest) => unknown;

/** Something that happens, with the words in which a counterexample tells it. */
class Happening {
  constructor(
    readonly says: string,
    readonly act: Act,
  ) {}

  toString(): string {
    return this.says;
  }
}

const does = (says: string, act: Act): Happening => new Happening(says, act);

/** A broker's process is replaced after its session has ended. */
function restart(cluster: ControllerUnderTest, register: () => void): void {
  cluster.nowMs += 10_000;
  register();
}

const happening: fc.Arbitrary<Happening> = fc.oneof(
  brokerId.map((id) => does(`fence ${id}`, (cluster) => cluster.fence(id))),
  brokerId.map((id) => does(`heartbeat ${id}`, (cluster) => cluster.heartbeat(id))),
  brokerId.map((id) => does(`shut down ${id}`, (cluster) => cluster.heartbeat(id, { wantShutDown: true }))),
  brokerId.map((id) => does(`want fence ${id}`, (cluster) => cluster.heartbeat(id, { wantFence: true }))),
  brokerId.map((id) => does(`restart ${id}`, (cluster) => restart(cluster, () => cluster.register(id)))),
  brokerId.map((id) =>
    does(`clean restart ${id}`, (cluster) => restart(cluster, () => cluster.registerAfterCleanShutdown(id))),
  ),
  brokerId.map((id) =>
    does(`new disk ${id}`, (cluster) => {
      const directoryId = 100 + cluster.controller.log.length;
      restart(cluster, () => cluster.register(id, { directoryId }));
    }),
  ),
  brokerId.map((id) =>
    does(`assign directories of ${id}`, (cluster) => {
      const directoryId = registrationOf(cluster.controller.image, id)?.directoryId ?? 0;
      cluster.assignDirectory(id, partitions, directoryId);
    }),
  ),
  fc
    .tuple(partition, fc.subarray(brokerIds))
    .map(([key, isr]) =>
      does(`alter ${key} to ${isr}`, (cluster) => cluster.alterPartition(key, honest(cluster, key, isr))),
    ),
  fc
    .tuple(fc.constantFrom("preferred", "unclean"), partition)
    .map(([election, key]) => does(`elect ${election} ${key}`, (cluster) => cluster.elect(election, [key]))),
  fc
    .constantFrom("preferredRebalance", "uncleanElection")
    .map((name) => does(name, (cluster) => cluster.fire({ name }))),
  fc
    .tuple(fc.constantFrom("a", "b", "c"), fc.constantFrom("1", "2", "3", null))
    .map(([topic, value]) =>
      does(`min ISR of ${topic}: ${value}`, (cluster) => cluster.configure(topic, { "min.insync.replicas": value })),
    ),
  fc.constantFrom("true", "false").map((value) =>
    does(`unclean for the cluster: ${value}`, (cluster) =>
      cluster.admin({
        type: "alterConfigs",
        scope: { kind: "cluster" },
        changes: { "unclean.leader.election.enable": value },
      }),
    ),
  ),
  fc
    .tuple(partition, fc.option(fc.shuffledSubarray(brokerIds, { minLength: 1 })))
    .map(([key, replicas]) =>
      does(`reassign ${key} to ${replicas}`, (cluster) =>
        cluster.admin({ type: "reassignPartitions", targets: [{ partition: key, replicas }] }),
      ),
    ),
  fc.constant(does("failover", (cluster) => cluster.failover())),
);

/** A ZooKeeper controller believes what a leader proposes, so there it must be something a leader could propose. */
function honest(cluster: ControllerUnderTest, key: string, isr: readonly number[]): readonly number[] {
  if (cluster.rules.controllerKind === "kraft") return isr;
  const { replicas = [], leader = noLeader } = partitionOf(cluster.controller.image, key) ?? {};
  return replicas.filter((id) => id === leader || isr.includes(id));
}

const setups: readonly [string, Setup][] = [
  ["4.3, ELR on", { elr: true }],
  ["4.3, ELR off", { elr: false }],
  ["4.0, ELR on", { version: "4.0", elr: true }],
  ["3.9", { version: "3.9" }],
  ["3.6", { version: "3.6" }],
  ["2.8", { version: "2.8" }],
];

function start(setup: Setup): ControllerUnderTest {
  const cluster = new ControllerUnderTest(setup).brokers(...brokerIds);
  for (const [topic, replicas] of Object.entries(topics)) {
    cluster.topic(topic, [replicas], topic === "a" ? { "min.insync.replicas": "2" } : {});
  }
  return cluster;
}

describe.each(setups)("%s", (_, setup) => {
  test("section 18 holds after every event, and every difference is told", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 40 }), (happenings) => {
        const cluster = start(setup);
        for (const { says, act } of happenings) {
          const before = cluster.controller.image;
          cluster.changes = [];
          act(cluster);
          const after = cluster.controller.image;
          expect(broken(before, after, setup), `after ${says}`).toEqual([]);
          if (after !== before) expect(untold(before, after, cluster), `after ${says}`).toEqual([]);
        }
        const folded = cluster.controller.log.reduce(
          (image, batch) => applyMetadataBatch(image, batch, cluster.rules),
          emptyImage({}),
        );
        expect(folded, "the log alone gives the image").toEqual(cluster.controller.image);
      }),
      { numRuns: 300 },
    );
  });
});

/** Invariants 6 and 7: of each partition by itself, and of each step. */
function broken(
  before: MetadataImage,
  after: MetadataImage,
  { elr = false, version = "4.3" }: Setup,
): readonly string[] {
  const found: string[] = [];
  for (const now of after.partitions) {
    const { partition: key, isr, eligibleLeaderReplicas, lastKnownElr, leader, replicas } = now;
    const claim = (holds: boolean, what: string): void => {
      if (!holds) found.push(`${key}: ${what}: ${JSON.stringify(now)}`);
    };
    claim(!isr.some((id) => eligibleLeaderReplicas.includes(id)), "ELR and ISR have no member in common");
    claim(
      isr.every((id) => replicas.includes(id)),
      "the ISR is part of the replicas",
    );
    claim(leader === noLeader || isr.includes(leader), "the leader is in the ISR");
    claim(elr || isr.length > 0, "with ELR off the ISR has a member");
    claim(lastKnownElr.length <= 1, "one last known leader at most");
    claim(new Set(isr).size === isr.length, "nobody is twice in the ISR");
    const knowsDirectories = version !== "2.8" && version !== "3.6";
    claim(now.directories.length === (knowsDirectories ? replicas.length : 0), "a directory for each replica");
    // Old releases could: a leader added fenced brokers until 3.3 (KIP-841), a new incarnation stayed in the ISR until
    // 4.0 (KAFKA-18106), a fenced last known leader could lead in 4.0 (KAFKA-19522).
    const fencedMember = isr.find((id) => registrationOf(after, id)?.fenced === true);
    const kept = !elr && isr.length === 1 && leader === noLeader;
    const mayBeFenced = ["2.8", "3.6", "3.9"].includes(version) || (version === "4.0" && elr);
    claim(fencedMember === undefined || kept || mayBeFenced, "a fenced broker is in no ISR");
    const was = partitionOf(before, key);
    if (was === undefined) continue;
    claim(now.leaderEpoch >= was.leaderEpoch, "the leader epoch never goes back");
    claim(now.partitionEpoch >= was.partitionEpoch, "the partition epoch never goes back");
    claim(now.leaderEpoch === was.leaderEpoch || now.partitionEpoch > was.partitionEpoch, "they move together");
    claim(leader === was.leader || now.leaderEpoch > was.leaderEpoch, "one leader in each leader epoch");
    claim(now === was || now.partitionEpoch > was.partitionEpoch, "each change is counted");
  }
  return found;
}

/** Facts whose value differs, without changes from the one to the other value; and changes that are not true. */
function untold(before: MetadataImage, after: MetadataImage, { changes }: ControllerUnderTest): readonly string[] {
  const was = factsOf(before);
  const is = factsOf(after);
  const found: string[] = [];
  for (const name of new Set([...was.keys(), ...is.keys()])) {
    const told = changes.filter((change) => change.fact === name);
    const [from, to] = [text(was.get(name)), text(is.get(name))];
    if (from !== to && told.length === 0) found.push(`${name} went from ${from} to ${to} untold`);
    if (told.length > 0 && text(told[0]?.from) !== from) found.push(`${name} was ${from}, not ${text(told[0]?.from)}`);
    if (told.length > 0 && text(told.at(-1)?.to) !== to) found.push(`${name} is ${to}, not ${text(told.at(-1)?.to)}`);
  }
  for (const [index, { rule, fact: name, because }] of changes.entries()) {
    if (rules[rule] === undefined) found.push(`${name} names no rule: ${rule}`);
    const earlier = changes.slice(0, index).map((change) => change.fact);
    const later = changes.slice(index).map((change) => change.fact);
    const backward = because.find((cause) => later.includes(cause) && !earlier.includes(cause));
    if (backward !== undefined) found.push(`${name} is said to follow from ${backward}, which is told later`);
  }
  return found;
}

function text(value: unknown): string {
  return JSON.stringify(value ?? null);
}

function factsOf(image: MetadataImage): ReadonlyMap<string, unknown> {
  const facts = new Map<string, unknown>();
  for (const each of image.partitions) {
    const key = each.partition;
    facts.set(fact.leader(key), each.leader);
    facts.set(fact.leaderEpoch(key), each.leaderEpoch);
    facts.set(fact.isr(key), each.isr);
    facts.set(fact.elr(key), each.eligibleLeaderReplicas);
    facts.set(fact.lastKnownElr(key), each.lastKnownElr);
    facts.set(fact.recoveryState(key), each.leaderRecoveryState);
    facts.set(fact.assignment(key), each.replicas);
  }
  for (const each of image.brokers) {
    facts.set(fact.fenced(each.brokerId), each.fenced);
    facts.set(fact.registration(each.brokerId), each.brokerEpoch);
    facts.set(fact.controlledShutdown(each.brokerId), each.inControlledShutdown);
  }
  for (const { topic, configs } of image.topics)
    for (const [key, value] of Object.entries(configs)) facts.set(fact.topicConfig(topic, key), value);
  for (const [key, value] of Object.entries(image.clusterConfigs)) facts.set(fact.clusterConfig(key), value);
  return facts;
}
