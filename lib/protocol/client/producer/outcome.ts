import { clientExceptions, type ErrorCode, errors } from "../../../kafka/errors.js";
import type { StepContext } from "../../broker/context.js";
import { type Fact, type FactValue, fact } from "../../fact.js";
import type { TopicPartition } from "../../ids.js";
import type { RuleId } from "../../rules/index.js";
import type { SendOutcome } from "../../step.js";
import type { ProducerBatch } from "./batch.js";
import type { Producer } from "./state.js";

/** Why an outcome is what it is, for the trace. */
export interface OutcomeReason {
  readonly rule: RuleId;
  readonly numbers: Readonly<Record<string, FactValue>>;
  readonly because: readonly Fact[];
}

/** Tells the application how each record of a batch ended. */
export function tellOutcomes(
  producer: Producer,
  partition: TopicPartition,
  batch: Pick<ProducerBatch, "records">,
  outcomeOf: (index: number) => SendOutcome,
  reason: OutcomeReason,
  context: StepContext,
): void {
  batch.records.forEach(({ value }, index) => {
    tellOutcome(producer, partition, value, outcomeOf(index), reason, context);
  });
}

export function tellOutcome(
  producer: Producer,
  partition: TopicPartition,
  value: string,
  outcome: SendOutcome,
  reason: OutcomeReason,
  { outbox }: StepContext,
): void {
  outbox.outcome(partition, value, outcome);
  if (!outbox.explains) return;
  outbox.change({ fact: fact.outcome(producer.name, value), from: null, to: outcomeText(outcome), ...reason });
}

/** `acked@5`, `acked` without an offset, `failed REQUEST_TIMED_OUT`. */
function outcomeText(outcome: SendOutcome): string {
  if (outcome.result === "failed") return `failed ${outcome.error}`;
  return outcome.offset < 0 ? "acked" : `acked@${outcome.offset}`;
}

/** Every record of the batch got an offset, or none (`baseOffset` -1). */
export function ackedAt(baseOffset: number): (index: number) => SendOutcome {
  return (index) => ({ result: "acked", offset: baseOffset < 0 ? -1 : baseOffset + index });
}

/**
 * A failure under the name of its Java class.
 *
 * @param message what Kafka prints; its general sentence for the error if there is none of its own
 */
export function failedWith(
  error: Exclude<ErrorCode, "NONE">,
  written: "no" | "unknown",
  message: string | undefined = errors[error].message,
): SendOutcome {
  return { result: "failed", error, exception: errors[error].exception ?? error, message: message ?? "", written };
}

/** A failure of the client's own making, for which the protocol has no error. */
export function refusedBy(exception: string, message: string): SendOutcome {
  return { result: "failed", error: "UNKNOWN_SERVER_ERROR", exception, message, written: "no" };
}

/** Time is up. Kafka's TimeoutException stands for REQUEST_TIMED_OUT. */
export function timedOut(message: string, written: "no" | "unknown"): SendOutcome {
  const exception = clientExceptions.TimeoutException.class.split(".").at(-1) ?? "TimeoutException";
  return { result: "failed", error: "REQUEST_TIMED_OUT", exception, message, written };
}
