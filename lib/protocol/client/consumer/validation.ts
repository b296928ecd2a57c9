import type { StepContext } from "../../broker/context.js";
import { fact } from "../../fact.js";
import { type BrokerId, noEpoch } from "../../ids.js";
import type { EpochEndOffset, OffsetsForLeaderEpochResponse } from "../../message.js";
import { knownLeader, knownLeaderEpoch, wantMetadata } from "../metadata-cache.js";
import { backOff, backToLeader, moveTo, resetOrThrow } from "./reading.js";
import {
  type ConsumedPartition,
  type Consumer,
  type ConsumerRequest,
  type Position,
  type Reading,
  withPartition,
} from "./state.js";

/**
 * Follows the leaders that metadata names. A position whose last record has an epoch must be confirmed by a new leader
 * before anything is read from it.
 *
 * Source: KIP-320; SubscriptionState.maybeValidatePositionForCurrentLeader.
 */
export function validatePositions(consumer: Consumer, context: StepContext): Consumer {
  return consumer.partitions.reduce(
    (current, consumed) => withPartition(current, followLeader(current, consumed, context)),
    consumer,
  );
}

function followLeader(consumer: Consumer, consumed: ConsumedPartition, context: StepContext): ConsumedPartition {
  const { reading, partition } = consumed;
  if (reading.state === "resetting" || reading.state === "failed") return consumed;
  const leader = knownLeader(consumer.metadata, partition);
  const leaderEpoch = knownLeaderEpoch(consumer.metadata, partition);
  const before = reading.position;
  if (leader === null || (before.leader === leader && before.leaderEpoch === leaderEpoch)) return consumed;
  const position: Position = { ...before, leader, leaderEpoch };
  const mustAsk =
    context.rules.consumerValidatesPosition && position.offsetEpoch !== noEpoch && leaderEpoch !== noEpoch;
  const next: Reading = { state: mustAsk ? "validating" : "fetching", position };
  const following: ConsumedPartition = { ...consumed, reading: next, notBeforeMs: null };
  return backToLeader(consumer, following, [fact.clientLeader(consumer.name, partition)], context);
}

/**
 * The new leader has said where the epoch of the position ends in its log. Beyond that the consumer has read records that
 * are lost: it goes back, or throws if no reset policy allows it.
 *
 * Source: SubscriptionState.maybeCompleteValidation.
 */
export function onOffsetsForLeaderEpochResponse(
  consumer: Consumer,
  consumed: ConsumedPartition,
  request: ConsumerRequest,
  { error, endOffset }: OffsetsForLeaderEpochResponse,
  context: StepContext,
): Consumer {
  const { reading } = consumed;
  if (reading.state !== "validating" || !isSame(reading.position, request.position)) return consumer;
  if (error !== "NONE") {
    const asking = { ...consumer, metadata: wantMetadata(consumer.metadata) };
    return withPartition(asking, backOff(consumer, consumed, context.nowMs));
  }
  const { position } = reading;
  if (endOffset === null || endOffset.epoch === noEpoch || endOffset.endOffset < position.offset) {
    const known = endOffset === null || endOffset.epoch === noEpoch ? null : endOffset;
    return withPartition(consumer, onTruncation(consumer, consumed, position, known, request.brokerId, context));
  }
  return withPartition(consumer, { ...consumed, reading: { state: "fetching", position }, lostInARow: 0 });
}

/** `divergent`: where the logs part; null if the leader knows nothing of the position's epoch. */
function onTruncation(
  consumer: Consumer,
  consumed: ConsumedPartition,
  position: Position,
  divergent: EpochEndOffset | null,
  brokerId: BrokerId,
  context: StepContext,
): ConsumedPartition {
  const { partition } = consumed;
  const reason = {
    rule: "consumer.truncation-detected",
    numbers: {
      position: position.offset,
      offsetEpoch: position.offsetEpoch,
      divergentOffset: divergent?.endOffset ?? null,
      divergentEpoch: divergent?.epoch ?? null,
    },
    because: [fact.clientLeader(consumer.name, partition), fact.logEnd(partition, brokerId)],
  } as const;
  if (divergent !== null && consumer.settings.autoOffsetReset !== "none") {
    const back: Position = { ...position, offset: divergent.endOffset, offsetEpoch: divergent.epoch };
    return moveTo(consumer, consumed, { state: "fetching", position: back }, reason, context);
  }
  const offsets =
    divergent === null
      ? "{}"
      : `{${partition}=OffsetAndMetadata{offset=${divergent.endOffset}, leaderEpoch=${divergent.epoch}, metadata=''}}`;
  const thrown = {
    exception: "LogTruncationException",
    message: `Truncated partitions detected with divergent offsets ${offsets}`,
    rule: "consumer.log-truncation",
  } as const;
  return resetOrThrow(consumer, consumed, position, thrown, reason, context);
}

function isSame(one: Position, other: Position | null): boolean {
  return (
    other !== null &&
    one.offset === other.offset &&
    one.offsetEpoch === other.offsetEpoch &&
    one.leader === other.leader &&
    one.leaderEpoch === other.leaderEpoch
  );
}
