import { refreshesMetadata } from "../../../kafka/errors.js";
import type { StepContext } from "../../broker/context.js";
import { fact } from "../../fact.js";
import { type BrokerId, brokerName } from "../../ids.js";
import type { FetchResponse } from "../../message.js";
import { wantMetadata, withNamedLeader } from "../metadata-cache.js";
import { reportLeaders } from "../metadata-refresh.js";
import { consumedWith } from "./copy.js";
import { backOff, backToLeader, moveTo, resetOrThrow } from "./reading.js";
import { type ConsumedPartition, type Consumer, type Position, withPartition } from "./state.js";
import { validatePositions } from "./validation.js";
import { visibleRecords } from "./visible-records.js";

/** How long a consumer believes the leader that sent it to another replica: `metadata.max.age.ms`, which nobody tunes. */
const preferredReadReplicaMs = 300_000;

/**
 * Takes records in, or what came instead of them. An answer for another position than the present one is dropped: the
 * consumer has moved on meanwhile.
 *
 * Source: FetchCollector.
 */
export function onFetchResponse(
  consumer: Consumer,
  consumed: ConsumedPartition,
  brokerId: BrokerId,
  response: FetchResponse,
  context: StepContext,
): Consumer {
  const { reading } = consumed;
  const told = withLeaderOf(consumer, response, brokerId, context);
  if (reading.state !== "fetching" || reading.position.offset !== response.fetchOffset) return told;
  if (response.error !== "NONE") return onFetchError(told, consumed, reading.position, brokerId, response, context);
  if (response.preferredReadReplica !== null) {
    return withPartition(told, sentElsewhere(told, consumed, response.preferredReadReplica, brokerId, context));
  }
  return withPartition(told, consume(told, consumed, reading.position, brokerId, response, context));
}

/** KIP-951: the error names the leader. */
function withLeaderOf(consumer: Consumer, response: FetchResponse, brokerId: BrokerId, context: StepContext): Consumer {
  const { error, currentLeader, partition } = response;
  if (currentLeader === null || (error !== "NOT_LEADER_OR_FOLLOWER" && error !== "FENCED_LEADER_EPOCH"))
    return consumer;
  const metadata = withNamedLeader(consumer.metadata, partition, currentLeader);
  reportLeaders(consumer, metadata, brokerName(brokerId), context);
  return { ...consumer, metadata };
}

function consume(
  consumer: Consumer,
  consumed: ConsumedPartition,
  position: Position,
  brokerId: BrokerId,
  { records, highWatermark, abortedTransactions }: FetchResponse,
  context: StepContext,
): ConsumedPartition {
  const last = records.at(-1);
  if (last === undefined) return consumedWith(consumed, { lostInARow: 0 });
  const { partition } = consumed;
  const { isolationLevel } = consumer.settings;
  const visible = visibleRecords(
    position.offset,
    records,
    isolationLevel === "read_committed" ? abortedTransactions : [],
  );
  if (visible.length > 0) context.outbox.effects.push({ type: "consumed", partition, records: visible });
  const next: Position = { ...position, offset: position.offset + records.length, offsetEpoch: last.leaderEpoch };
  const reason = {
    rule: "consumer.position-advances",
    numbers: { records: visible.length, highWatermark, isolationLevel },
    because: [fact.highWatermark(partition, brokerId)],
  } as const;
  return moveTo(
    consumer,
    consumedWith(consumed, { lostInARow: 0 }),
    { state: "fetching", position: next },
    reason,
    context,
  );
}

function sentElsewhere(
  consumer: Consumer,
  consumed: ConsumedPartition,
  preferred: BrokerId,
  leader: BrokerId,
  { nowMs, outbox }: StepContext,
): ConsumedPartition {
  outbox.change({
    fact: fact.readReplica(consumer.name, consumed.partition),
    from: leader,
    to: preferred,
    rule: "consumer.preferred-replica",
    numbers: { clientRack: consumer.settings.clientRack },
    because: [fact.clientLeader(consumer.name, consumed.partition)],
  });
  const preferredReadReplica = { brokerId: preferred, untilMs: nowMs + preferredReadReplicaMs };
  return { ...consumed, preferredReadReplica, lostInARow: 0 };
}

/** Source: FetchCollector.handleInitializeErrors. */
function onFetchError(
  consumer: Consumer,
  consumed: ConsumedPartition,
  position: Position,
  brokerId: BrokerId,
  { error }: FetchResponse,
  context: StepContext,
): Consumer {
  const { partition } = consumed;
  if (error === "OFFSET_OUT_OF_RANGE") {
    // A follower may be behind, or have started later: only the leader's word counts.
    const next =
      consumed.preferredReadReplica === null
        ? outOfRange(consumer, consumed, position, brokerId, context)
        : backToLeader(consumer, consumed, [fact.highWatermark(partition, brokerId)], context);
    return withPartition(consumer, next);
  }
  const asksAnew = refreshesMetadata(error) || error === "OFFSET_NOT_AVAILABLE";
  const returned = asksAnew ? backToLeader(consumer, consumed, [fact.role(partition, brokerId)], context) : consumed;
  const waiting = withPartition(consumer, backOff(consumer, returned, context.nowMs));
  if (!asksAnew) return waiting;
  return validatePositions({ ...waiting, metadata: wantMetadata(waiting.metadata) }, context);
}

function outOfRange(
  consumer: Consumer,
  consumed: ConsumedPartition,
  position: Position,
  brokerId: BrokerId,
  context: StepContext,
): ConsumedPartition {
  const { partition } = consumed;
  const message = `Fetch position ${position.offset} is out of range for partition ${partition}`;
  return resetOrThrow(
    consumer,
    consumed,
    position,
    { exception: "OffsetOutOfRangeException", message, rule: "consumer.no-reset-policy" },
    {
      rule: "consumer.out-of-range",
      numbers: { position: position.offset, autoOffsetReset: consumer.settings.autoOffsetReset },
      because: [fact.logEnd(partition, brokerId)],
    },
    context,
  );
}
