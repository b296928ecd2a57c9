import { invariant, unreachable } from "../../core/assert.js";
import type { Rules } from "../../kafka/versions.js";
import { controllerName, type NodeName } from "../ids.js";
import type { Request, Response } from "../message.js";
import { type Channel, type Effect, Outbox } from "../step.js";
import {
  alterPartitionChannel,
  onAlterPartitionDisconnected,
  onAlterPartitionResponse,
  onAlterPartitionTimer,
} from "./alter-partition.js";
import { onHighWatermarkCheckpoint, onProducerIdExpiration } from "./checkpoint.js";
import { onMetadataRequest } from "./client-metadata.js";
import type { StepContext } from "./context.js";
import {
  directoryAssignmentChannel,
  onAssignReplicasToDirsResponse,
  onDirectoryAssignmentDisconnected,
  onDirectoryAssignmentTimer,
} from "./directory-assignment.js";
import type { BrokerEvent, BrokerTimer } from "./event.js";
import { onFetch } from "./fetch.js";
import { onEpochEnd } from "./follower-epoch-end.js";
import { onFetchDisconnected, onFetchResponse, onFetchTimer } from "./follower-fetch.js";
import { onLeaderOffset } from "./follower-out-of-range.js";
import { onIsrExpiration } from "./isr-shrink.js";
import {
  acceptsConnections,
  lifecycleChannel,
  maybeFinishStarting,
  onHeartbeatResponse,
  onHeartbeatTimer,
  onLifecycleDisconnected,
  onLifecycleTimeout,
  onRegistrationResponse,
  onRegistrationTimer,
  onShutdown,
} from "./lifecycle.js";
import { onListOffsets } from "./list-offsets.js";
import { readMetadata } from "./metadata.js";
import { onOffsetsForLeaderEpoch } from "./offsets-for-leader-epoch.js";
import { onProduce } from "./produce.js";
import type { Broker } from "./state.js";
import { onWriteTxnMarkers } from "./txn-markers.js";
import { dropWaitsOf, onWaitingFetchExpired, onWaitingProduceExpired } from "./waiting.js";

export { brokerTimers, firstBrokerTimer } from "./timers.js";

/**
 * One step of a running broker: an event in, the next state and what it asks of the world out. A request is answered by a
 * `reply` or a `disconnect` on its channel, in this step or a later one.
 *
 * @param explains false leaves out `change` effects; all else is the same
 */
export function stepBroker(
  broker: Broker,
  event: BrokerEvent,
  nowMs: number,
  rules: Rules,
  explains = true,
): { readonly broker: Broker; readonly effects: readonly Effect[] } {
  invariant(broker.process === "running", () => `broker ${broker.brokerId} is down and cannot handle ${event.type}`);
  const outbox = new Outbox(explains);
  return { broker: handle(broker, event, { nowMs, rules, outbox }), effects: outbox.effects };
}

function handle(broker: Broker, event: BrokerEvent, context: StepContext): Broker {
  switch (event.type) {
    case "request":
      return onRequest(broker, event.from, event.channel, event.request, context);
    case "response":
      return onResponse(broker, event.from, event.response, context);
    case "disconnected":
      return onDisconnected(broker, event.peer, event.channel, context);
    case "metadata":
      return maybeFinishStarting(readMetadata(broker, event.batch, context), context);
    case "timer":
      return onTimer(broker, event.timer, context);
    case "shutdown":
      return onShutdown(broker, context);
    default:
      return unreachable(event);
  }
}

function onRequest(broker: Broker, from: NodeName, channel: Channel, request: Request, context: StepContext): Broker {
  if (!acceptsConnections(broker)) {
    context.outbox.disconnect(from, channel);
    return broker;
  }
  switch (request.type) {
    case "ProduceRequest":
      return onProduce(broker, from, channel, request, context);
    case "FetchRequest":
      return onFetch(broker, from, channel, request, context);
    case "ListOffsetsRequest":
      return onListOffsets(broker, from, channel, request, context);
    case "OffsetsForLeaderEpochRequest":
      return onOffsetsForLeaderEpoch(broker, from, channel, request, context);
    case "WriteTxnMarkersRequest":
      return onWriteTxnMarkers(broker, from, channel, request, context);
    case "MetadataRequest":
      return onMetadataRequest(broker, from, channel, request, context);
    case "AlterPartitionRequest":
    case "BrokerRegistrationRequest":
    case "BrokerHeartbeatRequest":
    case "AssignReplicasToDirsRequest":
      // These are the controller's. A broker closes the connection on what it does not serve.
      context.outbox.disconnect(from, channel);
      return broker;
    default:
      return unreachable(request);
  }
}

function onResponse(broker: Broker, from: NodeName, response: Response, context: StepContext): Broker {
  switch (response.type) {
    case "FetchResponse":
      return onFetchResponse(broker, from, response, context);
    case "ListOffsetsResponse":
      return onLeaderOffset(broker, from, response, context);
    case "OffsetsForLeaderEpochResponse":
      return onEpochEnd(broker, from, response, context);
    case "AlterPartitionResponse":
      return onAlterPartitionResponse(broker, response, context);
    case "BrokerRegistrationResponse":
      return onRegistrationResponse(broker, response, context);
    case "BrokerHeartbeatResponse":
      return onHeartbeatResponse(broker, response, context);
    case "AssignReplicasToDirsResponse":
      return onAssignReplicasToDirsResponse(broker, response, context);
    case "ProduceResponse":
    case "WriteTxnMarkersResponse":
    case "MetadataResponse":
      // A broker asks nobody for these.
      return broker;
    default:
      return unreachable(response);
  }
}

function onDisconnected(broker: Broker, peer: NodeName, channel: Channel, context: StepContext): Broker {
  if (peer !== controllerName) {
    return onFetchDisconnected(dropWaitsOf(broker, peer, channel), peer, channel, context);
  }
  switch (channel) {
    case lifecycleChannel:
      return onLifecycleDisconnected(broker, context);
    case alterPartitionChannel:
      return onAlterPartitionDisconnected(broker, context);
    case directoryAssignmentChannel:
      return onDirectoryAssignmentDisconnected(broker, context);
    default:
      return broker;
  }
}

function onTimer(broker: Broker, timer: BrokerTimer, context: StepContext): Broker {
  switch (timer.name) {
    case "registration":
      return onRegistrationTimer(broker, context);
    case "heartbeat":
      return onHeartbeatTimer(broker, context);
    case "lifecycleTimeout":
      return onLifecycleTimeout(broker, context);
    case "isrExpiration":
      return onIsrExpiration(broker, context);
    case "highWatermarkCheckpoint":
      return onHighWatermarkCheckpoint(broker, context);
    case "producerIdExpiration":
      return onProducerIdExpiration(broker, context);
    case "alterPartition":
      return onAlterPartitionTimer(broker, context);
    case "directoryAssignment":
      return onDirectoryAssignmentTimer(broker, context);
    case "fetch":
      return onFetchTimer(broker, timer.partition, context);
    case "waitingFetch":
      return onWaitingFetchExpired(broker, timer.partition, context);
    case "waitingProduce":
      return onWaitingProduceExpired(broker, timer.partition, context);
    default:
      return unreachable(timer);
  }
}
