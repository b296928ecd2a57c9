import { fact } from "../fact.js";
import { controllerName, neverMs } from "../ids.js";
import type { BrokerHeartbeatResponse, BrokerRegistrationResponse } from "../message.js";
import type { RuleId } from "../rules/index.js";
import type { StepContext } from "./context.js";
import { brokerWith, dueTimesWith } from "./copy.js";
import { takeRoles } from "./metadata.js";
import { exponentialBackoffMs } from "./periodic.js";
import { stopBrokerCleanly } from "./process.js";
import type { Broker, ControllerChannel, Lifecycle } from "./state.js";

/** Registration and heartbeats share one connection. */
export const lifecycleChannel = "heartbeat";

/** First wait after a failure; doubles up to `broker.session.timeout.ms`. */
const firstBackoffMs = 100;

/** The first answer to a broker that is shutting down is followed up soon, in case there is little to do. */
const firstShutdownHeartbeatMs = 50;

/** How long BrokerServer.shutdown waits for the controller's leave before it stops without it. */
const controlledShutdownTimeoutMs = 300_000;

/** Whether clients and followers can connect: the listeners open when the broker has been unfenced for the first time. */
export function acceptsConnections({ lifecycle }: Broker): boolean {
  return lifecycle.state === "running" || lifecycle.state === "controlled-shutdown";
}

/** Time to register, or no answer in time. Source: BrokerLifecycleManager.sendBrokerRegistration. */
export function onRegistrationTimer(broker: Broker, context: StepContext): Broker {
  const { lifecycle } = broker;
  if (lifecycle.state !== "registering") return broker;
  if (broker.controllerChannel.awaitingAnswer) return timedOut(broker, context);
  context.outbox.request(controllerName, lifecycleChannel, {
    type: "BrokerRegistrationRequest",
    brokerId: broker.brokerId,
    incarnationId: broker.incarnationId,
    previousBrokerEpoch: lifecycle.previousBrokerEpoch,
    rack: broker.rack,
    directoryId: broker.directoryId,
  });
  return awaiting(broker, context);
}

/**
 * Errors: DUPLICATE_BROKER_REGISTRATION while the session of an earlier incarnation lasts; asked again until it has ended.
 *
 * Source: BrokerLifecycleManager.BrokerRegistrationResponseEvent.
 */
export function onRegistrationResponse(
  broker: Broker,
  response: BrokerRegistrationResponse,
  context: StepContext,
): Broker {
  if (broker.lifecycle.state !== "registering") return broker;
  if (response.error !== "NONE") return failed(broker, context);
  const registered = withLifecycle(
    brokerWith(broker, { brokerEpoch: response.brokerEpoch }),
    { state: "starting" },
    "lifecycle.registered",
    context,
  );
  const next = scheduled(
    brokerWith(registered, {
      dueMs: dueTimesWith(registered.dueMs, { registration: neverMs, lifecycleTimeout: neverMs }),
    }),
    { awaitingAnswer: false, nextAtOnce: false, failedAttempts: 0 },
    context.nowMs,
  );
  return maybeFinishStarting(next, context);
}

/**
 * When the broker has read its own registration in the metadata log it takes its roles and asks to be unfenced.
 *
 * Source: BrokerServer.startup, BrokerLifecycleManager.setReadyToUnfence.
 */
export function maybeFinishStarting(broker: Broker, context: StepContext): Broker {
  if (broker.lifecycle.state !== "starting" || broker.metadata.nextOffset <= broker.brokerEpoch) return broker;
  const fenced = withLifecycle(broker, { state: "fenced" }, "lifecycle.metadata-caught-up", context);
  return atOnce(takeRoles(fenced, context), context);
}

/** Time for a heartbeat, or no answer in time. Source: BrokerLifecycleManager.sendBrokerHeartbeat. */
export function onHeartbeatTimer(broker: Broker, context: StepContext): Broker {
  const { lifecycle } = broker;
  if (lifecycle.state === "registering") return broker;
  if (broker.controllerChannel.awaitingAnswer) return timedOut(broker, context);
  context.outbox.request(controllerName, lifecycleChannel, {
    type: "BrokerHeartbeatRequest",
    brokerId: broker.brokerId,
    brokerEpoch: broker.brokerEpoch,
    metadataOffset: broker.metadata.nextOffset,
    wantFence: lifecycle.state === "starting",
    wantShutDown: lifecycle.state === "controlled-shutdown",
  });
  return awaiting(broker, context);
}

/** A broker that learns of being fenced later goes on: it does not stop serving by itself. */
export function onHeartbeatResponse(broker: Broker, response: BrokerHeartbeatResponse, context: StepContext): Broker {
  const { lifecycle, settings } = broker;
  if (lifecycle.state === "registering" || !broker.controllerChannel.awaitingAnswer) return broker;
  if (response.error !== "NONE") return failed(broker, context);
  switch (lifecycle.state) {
    case "fenced": {
      const next = response.isFenced
        ? broker
        : withLifecycle(broker, { state: "running" }, "lifecycle.unfenced", context);
      return answered(next, settings.brokerHeartbeatIntervalMs, context);
    }
    case "controlled-shutdown": {
      if (response.shouldShutDown) return exit(broker, context);
      const waitMs = lifecycle.answered ? settings.brokerHeartbeatIntervalMs : firstShutdownHeartbeatMs;
      return answered(brokerWith(broker, { lifecycle: { ...lifecycle, answered: true } }), waitMs, context);
    }
    default:
      return answered(broker, settings.brokerHeartbeatIntervalMs, context);
  }
}

/** The connection to the controller is gone. */
export function onLifecycleDisconnected(broker: Broker, context: StepContext): Broker {
  return broker.controllerChannel.awaitingAnswer ? failed(broker, context) : broker;
}

/**
 * SIGTERM. A running broker asks the controller to move its leaderships away first and goes on serving meanwhile; any
 * other stops at once.
 *
 * Source: BrokerServer.shutdown, BrokerLifecycleManager.BeginControlledShutdownEvent.
 */
export function onShutdown(broker: Broker, context: StepContext): Broker {
  const { lifecycle, settings } = broker;
  if (lifecycle.state === "controlled-shutdown") return broker;
  if (lifecycle.state !== "running" || !settings.controlledShutdownEnable) return exit(broker, context);
  const { nowMs } = context;
  const leaving = withLifecycle(
    broker,
    { state: "controlled-shutdown", sinceMs: nowMs, answered: false },
    "lifecycle.controlled-shutdown",
    context,
  );
  const dueMs = dueTimesWith(leaving.dueMs, { lifecycleTimeout: nowMs + controlledShutdownTimeoutMs });
  return atOnce(brokerWith(leaving, { dueMs }), context);
}

/** Nobody has accepted the registration, or given leave to stop: the process ends by itself. */
export function onLifecycleTimeout(broker: Broker, context: StepContext): Broker {
  const { state } = broker.lifecycle;
  return state === "registering" || state === "controlled-shutdown" ? exit(broker, context) : broker;
}

function exit(broker: Broker, { outbox }: StepContext): Broker {
  outbox.exit(true);
  return stopBrokerCleanly(broker);
}

function withLifecycle(broker: Broker, lifecycle: Lifecycle, rule: RuleId, { outbox }: StepContext): Broker {
  outbox.change({
    fact: fact.lifecycle(broker.brokerId),
    from: broker.lifecycle.state,
    to: lifecycle.state,
    rule,
    numbers: { brokerEpoch: broker.brokerEpoch, metadataOffset: broker.metadata.nextOffset },
    because: [fact.registration(broker.brokerId), fact.fenced(broker.brokerId), fact.process(broker.brokerId)],
  });
  return brokerWith(broker, { lifecycle });
}

/** A request is out. The broker is patient for half a session, so that one lost request does not cost the session. */
function awaiting(broker: Broker, { nowMs }: StepContext): Broker {
  const patienceMs = Math.min(
    Math.floor(broker.settings.brokerSessionTimeoutMs / 2),
    broker.settings.controllerSocketTimeoutMs,
  );
  return scheduled(broker, { ...broker.controllerChannel, awaitingAnswer: true }, nowMs + patienceMs);
}

function answered(broker: Broker, waitMs: number, { nowMs }: StepContext): Broker {
  const { nextAtOnce } = broker.controllerChannel;
  return scheduled(
    broker,
    { awaitingAnswer: false, nextAtOnce: false, failedAttempts: 0 },
    nowMs + (nextAtOnce ? 0 : waitMs),
  );
}

function timedOut(broker: Broker, context: StepContext): Broker {
  context.outbox.disconnect(controllerName, lifecycleChannel);
  return failed(broker, context);
}

function failed(broker: Broker, { nowMs }: StepContext): Broker {
  const { failedAttempts } = broker.controllerChannel;
  const { brokerSessionTimeoutMs } = broker.settings;
  return scheduled(
    broker,
    { awaitingAnswer: false, nextAtOnce: false, failedAttempts: Math.min(failedAttempts + 1, 10) },
    nowMs + exponentialBackoffMs(failedAttempts, firstBackoffMs, brokerSessionTimeoutMs),
  );
}

/** The next heartbeat goes out now, or as soon as the one under way has been answered. */
function atOnce(broker: Broker, { nowMs }: StepContext): Broker {
  const { controllerChannel } = broker;
  if (controllerChannel.awaitingAnswer) {
    return brokerWith(broker, { controllerChannel: { ...controllerChannel, nextAtOnce: true } });
  }
  return scheduled(broker, controllerChannel, nowMs);
}

/** Only one of the two timers runs: for registration, then for heartbeats. */
function scheduled(broker: Broker, controllerChannel: ControllerChannel, dueMs: number): Broker {
  const timer = broker.lifecycle.state === "registering" ? "registration" : "heartbeat";
  return brokerWith(broker, { controllerChannel, dueMs: dueTimesWith(broker.dueMs, { [timer]: dueMs }) });
}
