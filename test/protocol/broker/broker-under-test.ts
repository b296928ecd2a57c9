import { type Rules, rulesFor } from "../../../lib/kafka/versions.js";
import { becomeFollower } from "../../../lib/protocol/broker/become-follower.js";
import { becomeLeader } from "../../../lib/protocol/broker/become-leader.js";
import { stepBroker } from "../../../lib/protocol/broker/broker.js";
import type { BrokerEvent, BrokerTimer } from "../../../lib/protocol/broker/event.js";
import { formatIsrState } from "../../../lib/protocol/broker/isr-state.js";
import {
  crashBroker,
  crashBrokerLosingTail,
  defaultBrokerSettings,
  newBroker,
  startBroker,
} from "../../../lib/protocol/broker/process.js";
import { formatRole } from "../../../lib/protocol/broker/role.js";
import type {
  Broker,
  BrokerSettings,
  FollowerReplica,
  LeaderReplica,
  OfflineReplica,
  OnlineReplica,
  RemoteReplica,
} from "../../../lib/protocol/broker/state.js";
import type { Change } from "../../../lib/protocol/fact.js";
import { type Acks, type BrokerId, brokerName, controllerName, noEpoch } from "../../../lib/protocol/ids.js";
import { clipHighWatermark, emptyLog, logEndOffset, type ReplicaLog } from "../../../lib/protocol/log/log.js";
import type {
  AlterPartitionRequest,
  AlterPartitionResponse,
  FetchRequest,
  FetchResponse,
  ListOffsetsRequest,
  ListOffsetsResponse,
  ProduceRequest,
  ProduceResponse,
  Request,
  Response,
} from "../../../lib/protocol/message.js";
import type { BrokerRegistration } from "../../../lib/protocol/metadata/image.js";
import type { PartitionRegistration } from "../../../lib/protocol/metadata/partition.js";
import { type Effect, Outbox } from "../../../lib/protocol/step.js";
import { logOfEpochs } from "../log/logs.js";
import { brokerEpochOf, directoryOf, imageOf, partition, topic } from "./metadata-image.js";

export { brokerEpochOf, partition } from "./metadata-image.js";

/** An instant much later than the start of the clock, so that "long ago" is. */
export const T = 1_000_000;
export const lagMs = 30_000;

/** ELR off, as the cases have it unless they say otherwise; it makes no difference to a broker. */
export const current = rulesFor("4.3", { eligibleLeaderReplicas: false });

/** A log of `end` records of one epoch. */
export function logTo(end: number, epoch = 0): ReplicaLog {
  return logOfEpochs(Array.from({ length: end }, () => epoch));
}

export interface Given {
  readonly brokerId?: BrokerId;
  readonly replicas: readonly BrokerId[];
  readonly isr?: readonly BrokerId[];
  readonly leader?: BrokerId;
  readonly leaderEpoch?: number;
  readonly partitionEpoch?: number;
  readonly log?: ReplicaLog;
  /** As its checkpoint says. */
  readonly highWatermark?: number;
  readonly minInsyncReplicas?: number;
  readonly nowMs?: number;
  readonly rules?: Rules;
  readonly settings?: Partial<BrokerSettings>;
  readonly racks?: Readonly<Record<BrokerId, string>>;
}

/** One running broker with one partition, and the short words in which the cases speak of it. */
export class BrokerUnderTest {
  broker: Broker;
  nowMs: number;
  readonly rules: Rules;
  /** Of the last event. */
  effects: readonly Effect[] = [];

  constructor(given: Given) {
    const { brokerId = 1, replicas, isr = replicas, leader = brokerId, racks = {} } = given;
    this.rules = given.rules ?? current;
    this.nowMs = given.nowMs ?? T;
    const image = imageOf(
      {
        partition,
        topic,
        replicas,
        isr,
        eligibleLeaderReplicas: [],
        lastKnownElr: [],
        leader,
        leaderRecoveryState: "recovered",
        leaderEpoch: given.leaderEpoch ?? 5,
        partitionEpoch: given.partitionEpoch ?? 1,
        addingReplicas: [],
        removingReplicas: [],
        directories: replicas.map(directoryOf),
      },
      replicas,
      given.minInsyncReplicas ?? 1,
      racks,
    );
    const log = given.log ?? emptyLog();
    const settings = defaultBrokerSettings(given.settings);
    const down = newBroker({
      brokerId,
      rack: racks[brokerId] ?? null,
      settings,
      directoryId: directoryOf(brokerId),
    });
    const replica: OfflineReplica = {
      role: "offline",
      partition,
      topic,
      log,
      highWatermark: clipHighWatermark(log, given.highWatermark ?? 0),
      highWatermarkCheckpoint: given.highWatermark ?? 0,
      flushedEndOffset: logEndOffset(log),
      leaderEpoch: -1,
      partitionEpoch: -1,
    };
    this.broker = {
      ...down,
      process: "running",
      incarnationId: 1,
      brokerEpoch: brokerEpochOf(brokerId),
      lifecycle: { state: "running" },
      metadata: image,
      replicas: [replica],
      dueMs: { ...down.dueMs, isrExpiration: 0, highWatermarkCheckpoint: 0, producerIdExpiration: 0 },
    };
    this.metadata({});
  }

  /** The partition as the metadata has it. */
  get registration(): PartitionRegistration {
    const registration = this.broker.metadata.partitions[0];
    if (registration === undefined) throw new Error("the partition is gone");
    return registration;
  }

  get replica(): OnlineReplica {
    const replica = this.broker.replicas[0];
    if (replica === undefined || replica.role === "offline") throw new Error("the replica is not online");
    return replica;
  }

  get leader(): LeaderReplica {
    if (this.replica.role !== "leader") throw new Error(`broker ${this.broker.brokerId} does not lead`);
    return this.replica;
  }

  get follower(): FollowerReplica {
    if (this.replica.role !== "follower") throw new Error(`broker ${this.broker.brokerId} does not follow`);
    return this.replica;
  }

  remote(replicaId: BrokerId): RemoteReplica {
    const remote = this.leader.remoteReplicas.find((candidate) => candidate.replicaId === replicaId);
    if (remote === undefined) throw new Error(`no notes on ${replicaId}`);
    return remote;
  }

  /** `1,2 +3`: the leader's ISR and what it has proposed. */
  get isr(): string {
    return formatIsrState(this.leader.isrState);
  }

  get highWatermark(): number {
    return this.replica.highWatermark;
  }

  get logEnd(): number {
    return logEndOffset(this.replica.log);
  }

  /** Proposals on their way, oldest first, each with its ISR as `brokerId:brokerEpoch`. */
  get proposals(): readonly string[] {
    const { inFlight, queued } = this.broker.alterPartition;
    return [...(inFlight === null ? [] : [inFlight]), ...queued].map(({ newIsr }) =>
      newIsr.map(({ brokerId, brokerEpoch }) => `${brokerId}:${brokerEpoch}`).join(" "),
    );
  }

  /** One line: `leader@5 pe1 leo 10 hw 0 isr 1,2 +3 | 2:-1 3:10`. */
  toString(): string {
    const { replica } = this;
    const ends = `pe${replica.partitionEpoch} leo ${this.logEnd} hw ${replica.highWatermark}`;
    if (replica.role === "follower") return `${formatRole(replica)} ${ends} ${replica.fetcher.state}`;
    const remotes = replica.remoteReplicas.map((remote) => `${remote.replicaId}:${remote.logEndOffset}`);
    return `${formatRole(replica)} ${ends} isr ${this.isr} | ${remotes.join(" ")}`;
  }

  event(event: BrokerEvent): this {
    const { broker, effects } = stepBroker(this.broker, event, this.nowMs, this.rules);
    this.broker = broker;
    this.effects = effects;
    return this;
  }

  at(nowMs: number): this {
    this.nowMs = nowMs;
    return this;
  }

  timer(timer: BrokerTimer): this {
    return this.event({ type: "timer", timer });
  }

  request(from: string, channel: string, request: Request): this {
    return this.event({ type: "request", from, channel, request });
  }

  response(from: string, channel: string, response: Response): this {
    return this.event({ type: "response", from, channel, response });
  }

  /** Answers given in the last step; `null` is the end of an acks=0 request. */
  get replies(): readonly (Response | null)[] {
    return this.effects.flatMap((effect) => (effect.type === "reply" ? [effect.response] : []));
  }

  replyTo(name: string): Response | null | undefined {
    const effect = this.effects.find((candidate) => candidate.type === "reply" && candidate.to === name);
    return effect?.type === "reply" ? effect.response : undefined;
  }

  get requests(): readonly Request[] {
    return this.effects.flatMap((effect) => (effect.type === "request" ? [effect.request] : []));
  }

  get changes(): readonly Change[] {
    return this.effects.flatMap((effect) => (effect.type === "change" ? [effect.change] : []));
  }

  /** `hw/orders-0@1: 5 > 6 (hw.min-over-maximal-isr)` for each change of the last step. */
  get news(): readonly string[] {
    return this.changes.map(({ fact, from, to, rule }) => `${fact}: ${from} > ${to} (${rule})`);
  }

  /** What the controller has decided reaches this broker: epochs as given, else as they were. */
  metadata(change: Partial<PartitionRegistration>): this {
    const registration = { ...this.registration, ...change };
    this.broker = { ...this.broker, metadata: { ...this.broker.metadata, partitions: [registration] } };
    const outbox = new Outbox();
    const context = { nowMs: this.nowMs, rules: this.rules, outbox };
    const replica = this.broker.replicas[0];
    if (replica === undefined) throw new Error("no replica");
    this.broker =
      registration.leader === this.broker.brokerId
        ? becomeLeader(this.broker, replica, registration, context)
        : becomeFollower(this.broker, replica, registration, context);
    this.effects = outbox.effects;
    return this;
  }

  /** The process dies. `keep` is the log end that survives a power loss; without it everything does. */
  crash(keep?: number): this {
    this.broker =
      keep === undefined ? crashBroker(this.broker) : crashBrokerLosingTail(this.broker, { [partition]: keep });
    return this;
  }

  /** The process starts again and is unfenced; the metadata it then knows gives it its role. */
  restart(change: Partial<PartitionRegistration> = {}): this {
    const { broker } = this;
    const started = startBroker(broker, broker.incarnationId + 1, this.nowMs, broker.metadata);
    this.broker = { ...started, lifecycle: { state: "running" }, brokerEpoch: brokerEpochOf(broker.brokerId) };
    return this.metadata(change);
  }

  /** The broker learns something about another one. */
  learn(brokerId: BrokerId, change: Partial<BrokerRegistration>): this {
    const brokers = this.broker.metadata.brokers.map((registration) =>
      registration.brokerId === brokerId ? { ...registration, ...change } : registration,
    );
    this.broker = { ...this.broker, metadata: { ...this.broker.metadata, brokers } };
    return this;
  }

  minInsyncReplicas(minInsyncReplicas: number): this {
    const topics = this.broker.metadata.topics.map((image) => ({ ...image, minInsyncReplicas }));
    this.broker = { ...this.broker, metadata: { ...this.broker.metadata, topics } };
    return this;
  }

  /** `fetch(2@10)` of the cases: right epochs, without lastFetchedEpoch, answered at once. */
  fetch(replicaId: BrokerId, fetchOffset: number, more: Partial<FetchRequest> = {}): FetchResponse | undefined {
    this.request(brokerName(replicaId), `fetch:${partition}`, {
      type: "FetchRequest",
      partition,
      replicaId,
      brokerEpoch: brokerEpochOf(replicaId),
      fetchOffset,
      currentLeaderEpoch: this.replica.leaderEpoch,
      lastFetchedEpoch: noEpoch,
      isolation: "logEnd",
      maxWaitMs: 0,
      minBytes: 1,
      maxRecords: 1000,
      rack: null,
      ...more,
    });
    const reply = this.replyTo(brokerName(replicaId));
    return reply?.type === "FetchResponse" ? reply : undefined;
  }

  /** A consumer's fetch, answered at once unless `maxWaitMs` says otherwise. */
  consume(fetchOffset: number, more: Partial<FetchRequest> = {}): FetchResponse | undefined {
    this.request("c", "consume", {
      type: "FetchRequest",
      partition,
      replicaId: null,
      brokerEpoch: -1,
      fetchOffset,
      currentLeaderEpoch: this.replica.leaderEpoch,
      lastFetchedEpoch: noEpoch,
      isolation: "highWatermark",
      maxWaitMs: 0,
      minBytes: 1,
      maxRecords: 1000,
      rack: null,
      ...more,
    });
    const reply = this.replyTo("c");
    return reply?.type === "FetchResponse" ? reply : undefined;
  }

  /** A batch of `count` records; the answer, if it came at once. */
  produce(acks: Acks, count = 1, more: Partial<ProduceRequest> = {}): ProduceResponse | undefined {
    const end = this.logEnd;
    this.request("p", "produce", {
      type: "ProduceRequest",
      partition,
      acks,
      timeoutMs: 30_000,
      records: Array.from({ length: count }, (_, index) => ({ value: `v${end + index}`, timestampMs: 0 })),
      producer: null,
      transactional: false,
      ...more,
    });
    return this.produced;
  }

  /** The answer to a batch, if one was given in the last step. */
  get produced(): ProduceResponse | undefined {
    const reply = this.replyTo("p");
    return reply?.type === "ProduceResponse" ? reply : undefined;
  }

  listOffsets(
    target: ListOffsetsRequest["target"],
    more: Partial<ListOffsetsRequest> = {},
  ): ListOffsetsResponse | undefined {
    this.request("c", "consume", {
      type: "ListOffsetsRequest",
      partition,
      replicaId: null,
      currentLeaderEpoch: noEpoch,
      isolation: "highWatermark",
      target,
      ...more,
    });
    const reply = this.replyTo("c");
    return reply?.type === "ListOffsetsResponse" ? reply : undefined;
  }

  /** The last AlterPartition request that went out in the last step. */
  get alterPartitionSent(): AlterPartitionRequest | undefined {
    return this.requests.find((request) => request.type === "AlterPartitionRequest");
  }

  /** The controller's answer to the proposal in flight: by default that it has been stored. */
  alterPartition(answer: Partial<AlterPartitionResponse> = {}): this {
    const { inFlight } = this.broker.alterPartition;
    return this.response(controllerName, "alter-partition", {
      type: "AlterPartitionResponse",
      partition,
      error: "NONE",
      leader: this.broker.brokerId,
      leaderEpoch: this.leader.leaderEpoch,
      partitionEpoch: (inFlight?.partitionEpoch ?? 0) + 1,
      isr: inFlight?.newIsr.map(({ brokerId }) => brokerId) ?? [],
      leaderRecoveryState: "recovered",
      ...answer,
    });
  }

  checkIsr(): this {
    return this.timer({ name: "isrExpiration" });
  }
}
