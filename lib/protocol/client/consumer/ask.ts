import type { ConsumerSettings } from "../../../kafka/config.js";
import type { StepContext } from "../../broker/context.js";
import { type BrokerId, brokerName, noBrokerEpoch, noEpoch, type TopicPartition } from "../../ids.js";
import { recordBytes } from "../../log/record.js";
import type { FetchIsolation, FetchRequest, Request } from "../../message.js";
import type { Channel } from "../../step.js";
import { isKnownBroker, knownLeader, knownLeaderEpoch, wantMetadata } from "../metadata-cache.js";
import { consumedWith } from "./copy.js";
import { backToLeader } from "./reading.js";
import { type ConsumedPartition, type Consumer, type ConsumerRequest, type Position, withPartition } from "./state.js";

/** Channel of all that a consumer asks about one partition. */
export function consumeChannel(partition: TopicPartition): Channel {
  return `consume:${partition}`;
}

/** `max.partition.fetch.bytes`, which nobody tunes here. */
const fetchMaxBytes = 1_048_576;

/**
 * Asks what each partition needs next: where to begin, whether the position still holds, or records. One request is out
 * to a broker at a time.
 *
 * Source: KafkaConsumer.poll, Fetcher.sendFetches.
 */
export function askForPartitions(consumer: Consumer, context: StepContext): Consumer {
  let current = consumer;
  for (const { partition } of consumer.partitions) {
    const consumed = current.partitions.find((candidate) => candidate.partition === partition);
    if (consumed !== undefined && consumed.notBeforeMs === null) current = ask(current, consumed, context);
  }
  return current;
}

function ask(consumer: Consumer, consumed: ConsumedPartition, context: StepContext): Consumer {
  const { reading, partition } = consumed;
  switch (reading.state) {
    case "failed":
      return consumer;
    case "resetting":
      return send(consumer, consumed, knownLeader(consumer.metadata, partition), "listOffsets", null, context);
    case "validating":
      return send(consumer, consumed, reading.position.leader, "offsetsForLeaderEpoch", reading.position, context);
    case "fetching":
      return fetchFromBest(consumer, consumed, reading.position, context);
  }
}

/** Source: AbstractFetch.selectReadReplica. */
function fetchFromBest(
  consumer: Consumer,
  consumed: ConsumedPartition,
  position: Position,
  context: StepContext,
): Consumer {
  const preferred = consumed.preferredReadReplica?.brokerId ?? null;
  if (preferred === null || isKnownBroker(consumer.metadata, preferred)) {
    return send(consumer, consumed, preferred ?? position.leader, "fetch", position, context);
  }
  const returned = backToLeader(consumer, consumed, [], context);
  const asking = { ...consumer, metadata: wantMetadata(consumer.metadata) };
  return send(withPartition(asking, returned), returned, position.leader, "fetch", position, context);
}

function send(
  consumer: Consumer,
  consumed: ConsumedPartition,
  brokerId: BrokerId | null,
  kind: ConsumerRequest["kind"],
  position: Position | null,
  { nowMs, rules, outbox }: StepContext,
): Consumer {
  if (brokerId === null) return { ...consumer, metadata: wantMetadata(consumer.metadata) };
  if (consumed.requests.some((request) => request.brokerId === brokerId)) return consumer;
  const { partition } = consumed;
  const knows = rules.consumerValidatesPosition;
  const leaderEpoch = position?.leaderEpoch ?? knownLeaderEpoch(consumer.metadata, partition);
  const common = { partition, replicaId: null, currentLeaderEpoch: knows ? leaderEpoch : noEpoch };
  outbox.request(brokerName(brokerId), consumeChannel(partition), requestOf(kind, consumer, consumed, common));
  const request = { kind, brokerId, sentAtMs: nowMs, position };
  return withPartition(consumer, consumedWith(consumed, { requests: [...consumed.requests, request] }));
}

type Common = Pick<FetchRequest, "partition" | "replicaId" | "currentLeaderEpoch">;

function requestOf(
  kind: ConsumerRequest["kind"],
  { settings }: Consumer,
  { reading }: ConsumedPartition,
  common: Common,
): Request {
  const position = reading.state === "resetting" ? null : reading.position;
  switch (kind) {
    case "listOffsets": {
      const target = reading.state === "resetting" ? reading.target : "latest";
      return { type: "ListOffsetsRequest", ...common, isolation: isolationOf(settings), target };
    }
    case "offsetsForLeaderEpoch":
      return { type: "OffsetsForLeaderEpochRequest", ...common, leaderEpoch: position?.offsetEpoch ?? noEpoch };
    case "fetch":
      return {
        type: "FetchRequest",
        ...common,
        brokerEpoch: noBrokerEpoch,
        fetchOffset: position?.offset ?? 0,
        lastFetchedEpoch: noEpoch,
        isolation: isolationOf(settings),
        maxWaitMs: settings.fetchMaxWaitMs,
        // Like `maxRecords`, counted in records.
        minBytes: Math.ceil(settings.fetchMinBytes / recordBytes),
        maxRecords: fetchMaxBytes / recordBytes,
        rack: settings.clientRack === "" ? null : settings.clientRack,
      };
  }
}

function isolationOf({ isolationLevel }: ConsumerSettings): FetchIsolation {
  return isolationLevel === "read_committed" ? "txnCommitted" : "highWatermark";
}
