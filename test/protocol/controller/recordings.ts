import { readdirSync, readFileSync } from "node:fs";
import { topicPartition } from "../../../lib/protocol/ids.js";
import type { MetadataRecord } from "../../../lib/protocol/metadata/record.js";

/** A recording of a real cluster, as far as its controller is concerned. */
export interface Recording {
  readonly scenario: string;
  readonly title: string;
  readonly finalizedFeatures: Readonly<Record<string, number>>;
  readonly steps: readonly RecordedStep[];
  readonly metadataRecords: readonly RecordedRecord[];
}

export interface RecordedStep {
  readonly step: number;
  readonly action: string;
  readonly atMs: number;
  readonly observedAtMs: number;
  readonly observed?: RecordedPartition;
  readonly observedOther?: Readonly<Record<string, RecordedPartition>>;
  readonly metrics?: { readonly controller?: Readonly<Record<string, number>> };
}

export interface RecordedPartition {
  readonly leader: number | null;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly isr: readonly number[];
  readonly elr: readonly number[];
  readonly lastKnownElr: readonly number[];
  readonly leaderRecoveryState?: string;
}

/** Numbers and names as kafka-dump-log prints them. */
export interface RecordedRecord {
  readonly offset: number;
  readonly atMs: number;
  readonly type: string;
  readonly topic?: string;
  readonly data: {
    readonly name?: string;
    readonly featureLevel?: number;
    readonly resourceType?: number;
    readonly resourceName?: string;
    readonly value?: string | null;
    readonly brokerId?: number;
    readonly incarnationId?: string;
    readonly brokerEpoch?: number;
    readonly fenced?: boolean | number;
    readonly inControlledShutdown?: boolean | number;
    readonly topicName?: string;
    readonly partitionId?: number;
    readonly replicas?: readonly number[];
    readonly isr?: readonly number[];
    readonly leader?: number;
    readonly leaderRecoveryState?: number;
    readonly addingReplicas?: readonly number[];
    readonly removingReplicas?: readonly number[];
    readonly eligibleLeaderReplicas?: readonly number[];
    readonly lastKnownElr?: readonly number[];
  };
  readonly leaderEpochAfter?: number;
  readonly partitionEpochAfter?: number;
}

const folder = new URL("../../conformance/recordings/", import.meta.url);

/** Those that are told in prose; the others, of scenarios, have inputs that records alone do not tell. */
export const recordingNames: readonly string[] = readdirSync(folder)
  .filter((name) => /^S\d.*\.json$/.test(name))
  .map((name) => name.replace(".json", ""))
  .sort();

export function readRecording(name: string): Recording {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));
}

/** A RemoveTopicRecord names its topic by id only. The one that is recorded (S31) is of `--delete --topic orders.v1`. */
const onlyDeletedTopic = "orders.v1";

const elrFeature = "eligible.leader.replicas.version";

export function hasElr({ finalizedFeatures }: Recording): boolean {
  return (finalizedFeatures[elrFeature] ?? 0) > 0;
}

/** Fields of a recorded record that must be there; a recording that lacks one is broken. */
function must<T>(value: T | undefined, record: RecordedRecord): T {
  if (value === undefined) throw new Error(`a field is missing in ${JSON.stringify(record)}`);
  return value;
}

export function topicOfRecord(record: RecordedRecord): string {
  return must(record.topic ?? record.data.topicName ?? record.data.name, record);
}

export function partitionOfRecord(record: RecordedRecord): string {
  return topicPartition(topicOfRecord(record), must(record.data.partitionId, record));
}

/** The same record in this library's words; null for what it does not model (other features). */
export function toMetadataRecord(record: RecordedRecord): MetadataRecord | null {
  const { data } = record;
  switch (record.type) {
    case "FeatureLevelRecord":
      return data.name === elrFeature
        ? { type: "FeatureLevelRecord", feature: elrFeature, level: must(data.featureLevel, record) }
        : null;
    case "ConfigRecord": {
      const name = must(data.resourceName, record);
      const scope =
        data.resourceType === 2
          ? ({ kind: "topic", topic: name } as const)
          : name === ""
            ? ({ kind: "cluster" } as const)
            : ({ kind: "broker", brokerId: Number(name) } as const);
      return { type: "ConfigRecord", scope, key: must(data.name, record), value: data.value ?? null };
    }
    case "RegisterBrokerRecord":
      return {
        type: "RegisterBrokerRecord",
        brokerId: must(data.brokerId, record),
        incarnationId: Number(must(data.incarnationId, record).replace("incarnation-", "")),
        brokerEpoch: must(data.brokerEpoch, record),
        rack: null,
        directoryId: 0,
        fenced: data.fenced === true,
      };
    case "BrokerRegistrationChangeRecord":
      return {
        type: "BrokerRegistrationChangeRecord",
        brokerId: must(data.brokerId, record),
        brokerEpoch: must(data.brokerEpoch, record),
        ...(data.fenced === undefined ? {} : { fenced: data.fenced === 1 }),
        ...(data.inControlledShutdown === undefined ? {} : { inControlledShutdown: true }),
      };
    case "TopicRecord":
      return { type: "TopicRecord", topic: topicOfRecord(record) };
    case "ClearElrRecord":
      return { type: "ClearElrRecord", topic: data.topicName === "" ? null : topicOfRecord(record) };
    case "PartitionRecord":
      return {
        type: "PartitionRecord",
        topic: topicOfRecord(record),
        partition: partitionOfRecord(record),
        replicas: must(data.replicas, record),
        isr: must(data.isr, record),
        leader: must(data.leader, record),
        directories: [],
      };
    case "PartitionChangeRecord": {
      const { partitionId: _, leaderRecoveryState, ...changed } = data as RecordedChange;
      return {
        type: "PartitionChangeRecord",
        partition: partitionOfRecord(record),
        ...changed,
        ...(leaderRecoveryState === undefined
          ? {}
          : { leaderRecoveryState: leaderRecoveryState === 1 ? "recovering" : "recovered" }),
      };
    }
    case "RemoveTopicRecord":
      return { type: "RemoveTopicRecord", topic: onlyDeletedTopic };
    default:
      throw new Error(`a recording with a ${record.type}`);
  }
}

/** The fields of a recorded PartitionChangeRecord: those of ours but for the form of the recovery state. */
type RecordedChange = Pick<RecordedRecord["data"], "partitionId" | "leaderRecoveryState"> & {
  readonly isr?: readonly number[];
  readonly leader?: number;
};
