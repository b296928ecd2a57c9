import type { RecordedMetadata } from "../test/conformance/recording.js";

/** A decision as the controller's log has it: `MetadataJsonConverters` says what is in `data`. */
export interface LogRecord {
  readonly offset: number;
  /** Wall clock, ms. */
  readonly at: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What the controller has decided about a partition. */
export interface Decided {
  leader: number | null;
  leaderEpoch: number;
  partitionEpoch: number;
  replicas: readonly number[];
  isr: readonly number[];
  elr: readonly number[];
  lastKnownElr: readonly number[];
  recovering: boolean;
}

export interface Registration {
  brokerEpoch: number;
  fenced: boolean;
  inControlledShutdown: boolean;
}

/** Nothing changes in a recording that says when a broker last had nothing to say, or which producer ids were given. */
const silent = new Set(["NoOpRecord", "ProducerIdsRecord"]);

/** What is kept of a record: what says who leads, follows and lives. Ports, directories and tags differ each time. */
const kept = [
  ..."brokerId incarnationId brokerEpoch fenced inControlledShutdown name featureLevel".split(" "),
  ..."resourceType resourceName value topicName partitionId replicas isr removingReplicas addingReplicas".split(" "),
  ..."leader leaderEpoch partitionEpoch eligibleLeaderReplicas lastKnownElr leaderRecoveryState".split(" "),
];

const noLeader = -1;
const recovering = 1;

/** The controller's log, folded as far as it has been read. */
export class MetadataLog {
  readonly partitions = new Map<string, Decided>();
  readonly brokers = new Map<number, Registration>();
  readonly records: RecordedMetadata[] = [];
  readonly #topicNames = new Map<string, string>();
  readonly #incarnations: string[] = [];
  #nextOffset = 0;

  get nextOffset(): number {
    return this.#nextOffset;
  }

  read(records: readonly LogRecord[], zeroAt: number): void {
    for (const record of records) {
      this.#nextOffset = record.offset + 1;
      if (silent.has(record.type)) continue;
      const topic = this.#topicOf(record);
      this.#apply(record, topic);
      const after = topic === undefined ? undefined : this.partitions.get(`${topic}-${record.data.partitionId}`);
      this.records.push({
        offset: record.offset,
        atMs: record.at - zeroAt,
        type: record.type,
        ...(topic === undefined ? {} : { topic }),
        data: this.#keptOf(record.data),
        ...(after === undefined
          ? {}
          : { leaderEpochAfter: after.leaderEpoch, partitionEpochAfter: after.partitionEpoch }),
      });
    }
  }

  #topicOf({ type, data }: LogRecord): string | undefined {
    if (type === "TopicRecord") this.#topicNames.set(String(data.topicId), String(data.name));
    return typeof data.topicId === "string" ? this.#topicNames.get(data.topicId) : undefined;
  }

  #apply({ type, data, offset }: LogRecord, topic: string | undefined): void {
    switch (type) {
      case "PartitionRecord":
        this.partitions.set(`${topic}-${data.partitionId}`, {
          leader: leaderOf(data),
          leaderEpoch: Number(data.leaderEpoch),
          partitionEpoch: Number(data.partitionEpoch),
          replicas: listOf(data.replicas),
          isr: listOf(data.isr),
          elr: listOf(data.eligibleLeaderReplicas),
          lastKnownElr: listOf(data.lastKnownElr),
          recovering: data.leaderRecoveryState === recovering,
        });
        return;
      case "PartitionChangeRecord": {
        const partition = this.partitions.get(`${topic}-${data.partitionId}`);
        if (partition !== undefined) change(partition, data);
        return;
      }
      case "RemoveTopicRecord":
        for (const name of [...this.partitions.keys()])
          if (name.slice(0, name.lastIndexOf("-")) === topic) this.partitions.delete(name);
        return;
      case "ClearElrRecord":
        for (const [name, partition] of this.partitions)
          if (data.topicName === "" || name.slice(0, name.lastIndexOf("-")) === data.topicName) clearElr(partition);
        return;
      case "RegisterBrokerRecord":
        this.brokers.set(Number(data.brokerId), {
          brokerEpoch: offset,
          fenced: data.fenced === true,
          inControlledShutdown: data.inControlledShutdown === true,
        });
        return;
      case "BrokerRegistrationChangeRecord": {
        const broker = this.brokers.get(Number(data.brokerId));
        if (broker === undefined) return;
        if (data.fenced === 1 || data.fenced === -1) broker.fenced = data.fenced === 1;
        if (data.inControlledShutdown === 1) broker.inControlledShutdown = true;
        return;
      }
      case "UnregisterBrokerRecord":
        this.brokers.delete(Number(data.brokerId));
    }
  }

  #keptOf(data: Readonly<Record<string, unknown>>): RecordedMetadata["data"] {
    const entries = kept.flatMap((key) => (key in data ? [[key, this.#named(key, data[key])] as const] : []));
    return Object.fromEntries(entries);
  }

  /** Incarnations are numbered in the order of their appearance: their ids mean nothing. */
  #named(key: string, value: unknown): unknown {
    if (key !== "incarnationId") return value;
    const id = String(value);
    if (!this.#incarnations.includes(id)) this.#incarnations.push(id);
    return `incarnation-${this.#incarnations.indexOf(id) + 1}`;
  }
}

/** What a change does not name stays as it was; naming a leader begins an epoch. */
function change(partition: Decided, data: Readonly<Record<string, unknown>>): void {
  partition.partitionEpoch += 1;
  if (typeof data.leader === "number") {
    partition.leader = leaderOf(data);
    partition.leaderEpoch += 1;
  }
  if (Array.isArray(data.replicas)) partition.replicas = listOf(data.replicas);
  if (Array.isArray(data.isr)) partition.isr = listOf(data.isr);
  if (Array.isArray(data.eligibleLeaderReplicas)) partition.elr = listOf(data.eligibleLeaderReplicas);
  if (Array.isArray(data.lastKnownElr)) partition.lastKnownElr = listOf(data.lastKnownElr);
  if (typeof data.leaderRecoveryState === "number") partition.recovering = data.leaderRecoveryState === recovering;
}

/** A change like any other where there is something to clear (TopicDelta.replay). */
function clearElr(partition: Decided): void {
  if (partition.elr.length === 0 && partition.lastKnownElr.length === 0) return;
  change(partition, { eligibleLeaderReplicas: [], lastKnownElr: [] });
}

function leaderOf({ leader }: Readonly<Record<string, unknown>>): number | null {
  return leader === noLeader ? null : Number(leader);
}

function listOf(value: unknown): readonly number[] {
  return Array.isArray(value) ? value.map(Number) : [];
}
