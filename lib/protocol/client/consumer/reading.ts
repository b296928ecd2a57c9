import type { StepContext } from "../../broker/context.js";
import { type Fact, type FactValue, fact } from "../../fact.js";
import type { RuleId } from "../../rules/index.js";
import { consumedWith } from "./copy.js";
import { type ConsumedPartition, type Consumer, type Position, positionOf, type Reading } from "./state.js";

/** Why a position changes, for the trace. */
export interface PositionReason {
  readonly rule: RuleId;
  readonly numbers: Readonly<Record<string, FactValue>>;
  readonly because: readonly Fact[];
}

/** Goes on reading, or asking, from another position. */
export function moveTo(
  consumer: Consumer,
  consumed: ConsumedPartition,
  reading: Reading,
  reason: PositionReason,
  { outbox }: StepContext,
): ConsumedPartition {
  const moved = consumedWith(consumed, { reading, notBeforeMs: null });
  const from = positionOf(consumed)?.offset ?? null;
  const to = positionOf(moved)?.offset ?? null;
  if (from !== to && outbox.explains) {
    outbox.change({ fact: fact.position(consumer.name, consumed.partition), from, to, ...reason });
  }
  return moved;
}

/**
 * The position is not valid any more: asks for another as `auto.offset.reset` says, or throws `exception` if it says
 * nothing. Source: SubscriptionState.requestOffsetReset.
 */
export function resetOrThrow(
  consumer: Consumer,
  consumed: ConsumedPartition,
  position: Position,
  thrown: { readonly exception: string; readonly message: string; readonly rule: RuleId },
  reason: PositionReason,
  context: StepContext,
): ConsumedPartition {
  const { autoOffsetReset } = consumer.settings;
  if (autoOffsetReset !== "none") {
    return moveTo(consumer, consumed, { state: "resetting", target: autoOffsetReset }, reason, context);
  }
  const { exception, message, rule } = thrown;
  context.outbox.change({
    fact: fact.consumerError(consumer.name, consumed.partition),
    from: null,
    to: `${exception}: ${message}`,
    rule,
    numbers: { ...reason.numbers, autoOffsetReset },
    because: reason.because,
  });
  return { ...consumed, reading: { state: "failed", position, exception, message }, notBeforeMs: null };
}

/**
 * Reads from the leader again. The position stays.
 *
 * Source: KIP-392; SubscriptionState.clearPreferredReadReplica.
 */
export function backToLeader(
  consumer: Consumer,
  consumed: ConsumedPartition,
  because: readonly Fact[],
  { outbox }: StepContext,
): ConsumedPartition {
  const { preferredReadReplica } = consumed;
  if (preferredReadReplica === null) return consumed;
  outbox.change({
    fact: fact.readReplica(consumer.name, consumed.partition),
    from: preferredReadReplica.brokerId,
    to: positionOf(consumed)?.leader ?? null,
    rule: "consumer.returns-to-leader",
    numbers: {},
    because,
  });
  return { ...consumed, preferredReadReplica: null };
}

/** Waits before it asks again. Source: OffsetFetcherUtils, `retry.backoff.ms`. */
export function backOff(consumer: Consumer, consumed: ConsumedPartition, nowMs: number): ConsumedPartition {
  return { ...consumed, notBeforeMs: nowMs + consumer.settings.retryBackoffMs };
}
