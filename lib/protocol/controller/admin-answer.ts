import { type ErrorCode, errors } from "../../kafka/errors.js";
import type { BrokerId, TopicPartition } from "../ids.js";
import type { ConfigScope } from "../metadata/record.js";

/** What an administrator's command came to; the tools print it in their own words. */
export type AdminAnswer =
  | { readonly type: "created"; readonly topic: string; readonly partitions: readonly CreatedPartition[] }
  | { readonly type: "deleted"; readonly topic: string }
  /** Keys whose value has changed; `null` means deleted. */
  | {
      readonly type: "altered";
      readonly scope: ConfigScope;
      readonly changed: Readonly<Record<string, string | null>>;
    }
  /** One result for each partition asked about; "all partitions" leaves out those that needed no election. */
  | {
      readonly type: "elected";
      readonly election: "preferred" | "unclean";
      readonly results: readonly PartitionResult[];
    }
  | { readonly type: "reassigned"; readonly results: readonly PartitionResult[] }
  | { readonly type: "unregistered"; readonly brokerId: BrokerId }
  | { readonly type: "featureUpdated"; readonly feature: string; readonly level: number }
  | Refused;

export interface CreatedPartition {
  readonly partition: TopicPartition;
  readonly replicas: readonly BrokerId[];
  readonly isr: readonly BrokerId[];
  readonly leader: BrokerId;
}

/** `message` is Kafka's, empty where all went well. */
export interface PartitionResult {
  readonly partition: TopicPartition;
  readonly error: ErrorCode;
  readonly message: string;
}

/** The whole command was refused, and nothing was written. */
export interface Refused {
  readonly type: "refused";
  readonly error: Exclude<ErrorCode, "NONE">;
  readonly message: string;
}

/** A refusal; without a message of its own it carries Kafka's general one for the error. */
export function refused(error: Exclude<ErrorCode, "NONE">, message: string = errors[error].message ?? ""): Refused {
  return { type: "refused", error, message };
}

export function partitionResult(
  partition: TopicPartition,
  error: ErrorCode,
  message: string = errors[error].message ?? "",
): PartitionResult {
  return { partition, error, message };
}
