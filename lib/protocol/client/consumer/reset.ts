import type { StepContext } from "../../broker/context.js";
import { fact } from "../../fact.js";
import type { BrokerId } from "../../ids.js";
import type { ListOffsetsResponse } from "../../message.js";
import { knownLeaderEpoch, wantMetadata } from "../metadata-cache.js";
import { backOff, moveTo } from "./reading.js";
import { type ConsumedPartition, type Consumer, positionAt, withPartition } from "./state.js";

/**
 * The leader has said where its log starts or ends. Right after an election it cannot tell the end yet
 * (OFFSET_NOT_AVAILABLE): the consumer asks again.
 *
 * Source: OffsetFetcherUtils.onSuccessfulResponseForResettingPositions; KIP-207.
 */
export function onListOffsetsResponse(
  consumer: Consumer,
  consumed: ConsumedPartition,
  brokerId: BrokerId,
  { error, offset, leaderEpoch }: ListOffsetsResponse,
  context: StepContext,
): Consumer {
  const { reading, partition } = consumed;
  if (reading.state !== "resetting") return consumer;
  if (error !== "NONE") {
    const asking = { ...consumer, metadata: wantMetadata(consumer.metadata) };
    return withPartition(asking, backOff(consumer, consumed, context.nowMs));
  }
  const isNews = leaderEpoch > knownLeaderEpoch(consumer.metadata, partition);
  const metadata = isNews ? wantMetadata(consumer.metadata) : consumer.metadata;
  const position = positionAt(consumer.metadata, partition, offset);
  const reason = {
    rule: "consumer.position-reset",
    numbers: { autoOffsetReset: reading.target, isolationLevel: consumer.settings.isolationLevel },
    because: [
      reading.target === "earliest" ? fact.logEnd(partition, brokerId) : fact.highWatermark(partition, brokerId),
    ],
  } as const;
  const found = moveTo(consumer, { ...consumed, lostInARow: 0 }, { state: "fetching", position }, reason, context);
  return withPartition({ ...consumer, metadata }, found);
}
