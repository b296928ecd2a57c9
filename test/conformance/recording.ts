import { readdirSync, readFileSync } from "node:fs";

/** A recording of a real cluster: what was done to it, and what could be seen of it after each step. */
export interface Recording {
  readonly scenario: string;
  readonly title: string;
  /** The lines of a `.scenario` above its first step; the actions are then its steps. Absent: actions are prose. */
  readonly head?: readonly string[];
  readonly kafkaVersion: string;
  readonly mode: string;
  readonly serverConfigOverrides: Readonly<Record<string, string>>;
  /** `replicas=[1, 2, 3] {min.insync.replicas=2}` by topic; empty where a tool created the topics. */
  readonly topics: Readonly<Record<string, string>>;
  readonly finalizedFeatures: Readonly<Record<string, number>>;
  readonly steps: readonly RecordedStep[];
  readonly finalLogs?: FinalLogs | Readonly<Record<string, FinalLogs>>;
  readonly metadataRecords: readonly RecordedMetadata[];
  readonly timingDependentFields: readonly string[];
}

/** `offset:eEPOCH:value` by broker. */
export type FinalLogs = Readonly<Record<string, readonly string[]>>;

export interface RecordedStep extends Partial<RecordedLook> {
  readonly step: number;
  /** In prose, or a step of a scenario; `look` where nothing was done. */
  readonly action: string;
  /** In the scenario that was played. */
  readonly line?: number;
  readonly atMs: number;
  readonly observedAtMs: number;
  /** When the process that the step started had registered. */
  readonly registeredAtMs?: number;
  readonly notes?: readonly string[];
  /** Of a command line. */
  readonly output?: { readonly text: string; readonly exitStatus: number };
  readonly produce?: readonly RecordedSend[];
  readonly consumerRead?: readonly string[] | Readonly<Record<string, readonly string[]>>;
  readonly observed?: RecordedPartition;
  readonly observedOther?: Readonly<Record<string, RecordedPartition>>;
}

/** What could be seen of a cluster that plays a scenario. */
export interface RecordedLook {
  /** Every partition of the scenario, by name. */
  readonly partitions: Readonly<Record<string, RecordedPartition>>;
  /** As the controller sees them: `active`, `fenced`, `shutting-down`, `unregistered`. */
  readonly brokers: Readonly<Record<string, string>>;
  /** What consumers have read so far and what they were told. */
  readonly consumers?: Readonly<Record<string, RecordedConsumer>>;
  /** What `kafka-topics --describe` prints, by topic. */
  readonly describe?: Readonly<Record<string, string>>;
  /** JMX by `controller`, `broker1`, and by name; only of processes that answer. */
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface RecordedConsumer {
  /** `ERROR_NAME ExceptionClass: message` of the last poll. */
  readonly failure?: string;
  readonly errors?: readonly string[];
  readonly partitions: Readonly<
    Record<
      string,
      { readonly read: readonly string[]; readonly position?: number; readonly preferredReadReplica?: number }
    >
  >;
}

export interface RecordedSend {
  readonly value: string;
  readonly topic?: string;
  readonly acks: string;
  readonly producerConfig?: string;
  readonly sentAtMs: number;
  /** Null: no answer before the recording ended. Absent: the step waited for it. */
  readonly answeredAtMs?: number | null;
  readonly outcome: string;
  readonly offset?: number;
  /** `ERROR_NAME ExceptionClass: message`. */
  readonly error?: string;
}

export interface RecordedPartition {
  readonly leader: number | null;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly isr: readonly number[];
  readonly elr: readonly number[];
  readonly lastKnownElr: readonly number[];
  readonly leaderRecoveryState?: string;
  readonly replicas?: readonly number[];
  readonly highWatermark: number | null;
  readonly highWatermarkError?: string;
  readonly staleAnswer?: unknown;
  readonly logEndOffsets?: Readonly<Record<string, number>>;
  readonly epochCaches?: Readonly<Record<string, string>>;
}

export interface RecordedMetadata {
  readonly offset: number;
  readonly atMs: number;
  readonly type: string;
  readonly topic?: string;
  readonly leaderEpochAfter?: number;
  readonly partitionEpochAfter?: number;
  readonly data: {
    readonly brokerId?: number;
    readonly fenced?: boolean | number;
    readonly resourceType?: number;
    readonly resourceName?: string;
    readonly name?: string;
    readonly value?: string | null;
  };
}

const folder = new URL("./recordings/", import.meta.url);

export const recordingNames: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.replace(".json", ""))
  .sort();

export function readRecording(name: string): Recording {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));
}

/** The first topic is the one that `observed` speaks of. */
export function firstTopic(recording: Recording): string {
  return Object.keys(recording.topics)[0] ?? "orders";
}

/** What is given for one topic alone, or by topic, as a list by topic. */
export function byTopic<T>(
  recording: Recording,
  given: T | Readonly<Record<string, T>> | undefined,
  isOne: (value: T | Readonly<Record<string, T>>) => boolean,
): readonly (readonly [string, T])[] {
  if (given === undefined) return [];
  // The caller tells the two forms apart.
  if (isOne(given)) return [[firstTopic(recording), given as T]];
  return Object.entries(given as Readonly<Record<string, T>>);
}
