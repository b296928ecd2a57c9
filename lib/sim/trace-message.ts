import { unreachable } from "../core/assert.js";
import type { LogRecord } from "../protocol/log/record.js";
import type { Request, Response } from "../protocol/message.js";
import type { Action } from "./action.js";
import { connectionAt, indexOfConnection } from "./network.js";
import type { World } from "./world.js";

/** What a delivery delivers. `closed`: the news that the connection is gone. */
export type DeliveredMessage = Request | Response | { readonly type: "closed" };

/** The message that `action` will deliver in this world; null for everything but deliveries. */
export function deliveredMessage(world: World, action: Action): DeliveredMessage | null {
  if (action.type !== "deliverRequest" && action.type !== "deliverResponse") return null;
  const index = indexOfConnection(world.network, action.client, action.server, action.channel);
  if (index < 0) return null;
  const connection = connectionAt(world.network, index);
  if (action.type === "deliverRequest") return connection.requests[0]?.body ?? null;
  const returning = connection.returning[0]?.body;
  if (returning === undefined) return null;
  return returning.type === "close" ? { type: "closed" } : returning.response;
}

/** A few words on what a message says. */
export function describeMessage(message: DeliveredMessage): string {
  switch (message.type) {
    case "closed":
      return "connection closed";
    case "ProduceRequest": {
      const stamp = message.producer === null ? "" : ` sequence=${message.producer.sequence}`;
      return `${message.records.map(({ value }) => value).join(" ")} acks=${message.acks}${stamp}`;
    }
    case "ProduceResponse":
      return message.error === "NONE" ? `ok offset=${message.baseOffset}` : message.error;
    case "FetchRequest": {
      const { fetchOffset, lastFetchedEpoch, currentLeaderEpoch } = message;
      const last = lastFetchedEpoch < 0 || lastFetchedEpoch === currentLeaderEpoch ? "" : ` last=${lastFetchedEpoch}`;
      return `from=${fetchOffset}${last} epoch=${currentLeaderEpoch}`;
    }
    case "FetchResponse":
      if (message.error !== "NONE") return message.error;
      if (message.divergingEpoch !== null)
        return `logs part: epoch ${message.divergingEpoch.epoch} ends at ${message.divergingEpoch.endOffset}`;
      if (message.preferredReadReplica !== null) return `read from ${message.preferredReadReplica}`;
      return `${describeRecords(message.records)} hw=${message.highWatermark}`;
    case "ListOffsetsRequest":
      return typeof message.target === "string" ? message.target : `at ${message.target.timestampMs}`;
    case "ListOffsetsResponse":
      return message.error === "NONE" ? `offset=${message.offset} epoch=${message.leaderEpoch}` : message.error;
    case "OffsetsForLeaderEpochRequest":
      return `end of epoch ${message.leaderEpoch}?`;
    case "OffsetsForLeaderEpochResponse":
      if (message.error !== "NONE") return message.error;
      return message.endOffset === null
        ? "epoch unknown"
        : `epoch ${message.endOffset.epoch} ends at ${message.endOffset.endOffset}`;
    case "WriteTxnMarkersRequest":
      return message.outcome;
    case "MetadataRequest":
      return message.topics.join(" ");
    case "MetadataResponse":
      return message.partitions
        .map(({ partition, leader }) => `${partition} leader=${leader < 0 ? "-" : leader}`)
        .join(" ");
    case "AlterPartitionRequest":
      return `isr=${message.newIsr.map(({ brokerId }) => brokerId).join(",")} partition-epoch=${message.partitionEpoch}`;
    case "AlterPartitionResponse":
      return message.error === "NONE"
        ? `isr=${message.isr.join(",")} partition-epoch=${message.partitionEpoch}`
        : message.error;
    case "BrokerRegistrationRequest":
      return `registration${message.previousBrokerEpoch < 0 ? "" : " after a clean shutdown"}`;
    case "BrokerRegistrationResponse":
      return message.error === "NONE" ? `registered, broker-epoch=${message.brokerEpoch}` : message.error;
    case "BrokerHeartbeatRequest":
      return message.wantShutDown ? "wants to shut down" : message.wantFence ? "wants to stay fenced" : "alive";
    case "BrokerHeartbeatResponse":
      if (message.error !== "NONE") return message.error;
      return message.shouldShutDown ? "may shut down" : message.isFenced ? "fenced" : "ok";
    case "WriteTxnMarkersResponse":
    case "AssignReplicasToDirsResponse":
      return message.error === "NONE" ? "ok" : message.error;
    case "AssignReplicasToDirsRequest":
      return message.partitions.join(" ");
    default:
      return unreachable(message);
  }
}

function describeRecords(records: readonly LogRecord[]): string {
  if (records.length === 0) return "nothing";
  return records.map(({ kind, value }) => (kind === "commit" || kind === "abort" ? `${kind}!` : value)).join(" ");
}
