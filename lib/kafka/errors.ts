import { type ErrorDefinition, errorTable } from "./error-table.js";

export type { ErrorDefinition, ProduceOutcome } from "./error-table.js";

/** An error by Kafka's name; `NONE` means success. */
export type ErrorCode = keyof typeof errorTable;

export const errors: { readonly [C in ErrorCode]: ErrorDefinition } = errorTable;

/** Whether a client tries again after this error (its class extends RetriableException). */
export function isRetriable(error: ErrorCode): boolean {
  return errors[error].retriable !== "no";
}

/** Whether a client asks for new metadata after this error (its class extends InvalidMetadataException). */
export function refreshesMetadata(error: ErrorCode): boolean {
  return errors[error].retriable === "metadata";
}

/** Full name of the Java class, as stack traces and the tools print it. */
export function exceptionClass(error: Exclude<ErrorCode, "NONE">): string {
  return `org.apache.kafka.common.errors.${errorTable[error].exception}`;
}

/** `class: message`, the way Java prints an exception; `message` replaces Kafka's general one. */
export function exceptionText(error: Exclude<ErrorCode, "NONE">, message: string = errorTable[error].message): string {
  return `${exceptionClass(error)}: ${message}`;
}

/** Exceptions that a client throws by itself, without an error code from a broker. */
export const clientExceptions = {
  TimeoutException: {
    class: "org.apache.kafka.common.errors.TimeoutException",
    sentence: "delivery.timeout.ms (or max.block.ms) passed; if the record was sent at all, it may be in a log.",
    produce: "unknown",
  },
  LogTruncationException: {
    class: "org.apache.kafka.clients.consumer.LogTruncationException",
    sentence: "The consumer's position was cut away by an unclean election and no reset policy is set.",
  },
  ConfigException: {
    class: "org.apache.kafka.common.config.ConfigException",
    sentence: "The client or broker does not start with this configuration.",
    produce: "not-written",
  },
} as const;

/** The text of a TimeoutException for a batch whose delivery.timeout.ms passed, as 4.3.1 prints it. */
export function deliveryTimeoutMessage(records: number, topicPartition: string, timeoutMs: number): string {
  return (
    `Expiring ${records} record(s) for ${topicPartition}:${timeoutMs} ms has passed since batch creation. ` +
    "The request has not been sent, or no server response has been received yet."
  );
}

/** The text of a TimeoutException for a request that got no answer within request.timeout.ms, as 4.3.1 prints it. */
export function requestTimeoutMessage(brokerId: number): string {
  return `Disconnected from node ${brokerId} due to timeout`;
}
