import { type Fact, fact } from "../fact.js";
import type { StepContext } from "./context.js";
import { effectiveMinIsr, isUnderMinIsr } from "./high-watermark.js";
import { formatIsrState } from "./isr-state.js";
import type { Reason } from "./reason.js";
import type { Broker, LeaderReplica } from "./state.js";

/** Tells of another ISR state of a leader (`before` is null for one that has just begun), and of what follows from it. */
export function noteIsrState(
  broker: Broker,
  before: LeaderReplica | null,
  after: LeaderReplica,
  reason: Reason,
  context: StepContext,
): void {
  const from = before === null ? null : formatIsrState(before.isrState);
  const to = formatIsrState(after.isrState);
  if (from === to) return;
  const isrState = fact.isrState(after.partition, broker.brokerId);
  context.outbox.change({ fact: isrState, from, to, ...reason });
  const wasUnderMinIsr = before !== null && isUnderMinIsr(broker, before, context.rules);
  noteUnderMinIsr(broker, after, wasUnderMinIsr, [isrState], context);
}

/**
 * Tells of it when a leader's ISR has become too small for `min.insync.replicas`, or large enough again. `before` is
 * what `isUnderMinIsr` said before the change, `because` what has changed.
 */
export function noteUnderMinIsr(
  broker: Broker,
  leader: LeaderReplica,
  before: boolean,
  because: readonly Fact[],
  { outbox, rules }: StepContext,
): void {
  const after = isUnderMinIsr(broker, leader, rules);
  if (after === before) return;
  outbox.change({
    fact: fact.underMinIsr(leader.partition, broker.brokerId),
    from: before,
    to: after,
    rule: rules.highWatermarkFrozenUnderMinIsr ? "hw.frozen-under-min-isr" : "produce.refused-under-min-isr",
    numbers: {
      isr: formatIsrState(leader.isrState),
      minInsyncReplicas: effectiveMinIsr(broker, leader, rules),
    },
    because,
  });
}
