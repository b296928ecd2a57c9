import type { Rules } from "../../kafka/versions.js";
import { fact } from "../fact.js";
import type { BrokerHeartbeatRequest, BrokerHeartbeatResponse } from "../message.js";
import { type BrokerRegistration, type MetadataImage, registrationOf } from "../metadata/image.js";
import type { Outbox } from "../step.js";
import { type BrokerControlState, nextBrokerState } from "./broker-control-state.js";
import { decideBrokerEvent } from "./broker-events.js";
import { commit, type Decision } from "./decision.js";
import { decideFencing, decideRegistrationChange } from "./fencing.js";
import { lowestActiveOffset, sessionOf, withSession } from "./sessions.js";
import type { BrokerSession, Controller } from "./state.js";

/**
 * Takes a broker's sign of life, and moves the broker on if it may: unfences, fences, begins or ends a controlled
 * shutdown. Source: ReplicationControlManager.processBrokerHeartbeat.
 */
export function handleHeartbeat(
  controller: Controller,
  request: BrokerHeartbeatRequest,
  nowMs: number,
  rules: Rules,
  outbox: Outbox,
): { readonly controller: Controller; readonly response: BrokerHeartbeatResponse } {
  const { image } = controller;
  const registration = registrationOf(image, request.brokerId);
  if (registration === undefined || registration.brokerEpoch !== request.brokerEpoch) {
    return {
      controller,
      response: {
        type: "BrokerHeartbeatResponse",
        error: "STALE_BROKER_EPOCH",
        isCaughtUp: false,
        isFenced: true,
        shouldShutDown: false,
      },
    };
  }
  const session = sessionOf(controller, request.brokerId);
  const current = currentState(registration, session);
  const isCaughtUp = request.metadataOffset > registration.brokerEpoch;
  const next = nextBrokerState(current, {
    wantFence: request.wantFence,
    wantShutDown: request.wantShutDown,
    caughtUp: isCaughtUp,
    hasLeaderships: image.partitions.some(({ leader }) => leader === request.brokerId),
    controlledShutdownOffset: session.controlledShutdownOffset ?? 0,
    lowestActiveOffset: lowestActiveOffset(controller, image),
  });
  const decisions = next === current ? [] : decideTransition(image, registration, next, request, rules);
  const committed = commit(controller, decisions, nowMs, rules, outbox);
  return {
    controller: withSession(committed, sessionAfter(session, next, request, nowMs, committed.image.nextOffset, rules)),
    response: {
      type: "BrokerHeartbeatResponse",
      error: "NONE",
      isCaughtUp,
      isFenced: next === "fenced" || next === "shutdown-now",
      shouldShutDown: next === "shutdown-now",
    },
  };
}

function currentState(
  { fenced }: BrokerRegistration,
  { controlledShutdownOffset }: BrokerSession,
): Exclude<BrokerControlState, "shutdown-now"> {
  if (controlledShutdownOffset !== null) return "controlled-shutdown";
  return fenced ? "fenced" : "unfenced";
}

/** A fencing is written behind what it does to partitions, an unfencing and a shutdown flag before. */
function decideTransition(
  image: MetadataImage,
  registration: BrokerRegistration,
  next: BrokerControlState,
  { metadataOffset, wantFence, wantShutDown }: BrokerHeartbeatRequest,
  rules: Rules,
): readonly Decision[] {
  const { brokerId, brokerEpoch } = registration;
  const numbers = { metadataOffset, brokerEpoch, wantFence, wantShutDown };
  const because = [fact.lifecycle(brokerId), fact.metadataOffset(brokerId)];
  switch (next) {
    case "unfenced":
      return [
        decideRegistrationChange(
          registration,
          { fenced: false },
          { rule: "heartbeat.unfences-when-caught-up", numbers, because },
        ),
        ...decideBrokerEvent(image, "unfenced", brokerId, rules),
      ];
    case "controlled-shutdown":
      return [
        decideRegistrationChange(
          registration,
          { inControlledShutdown: true },
          { rule: "controlled-shutdown.begins", numbers, because },
        ),
        ...decideBrokerEvent(image, "controlled-shutdown", brokerId, rules),
      ];
    case "fenced":
      return decideFencing(image, registration, { rule: "heartbeat.fences-on-wish", numbers, because }, rules);
    case "shutdown-now":
      return decideFencing(image, registration, { rule: "controlled-shutdown.granted", numbers, because }, rules);
  }
}

/** A broker that is fenced leaves controlled shutdown; one that enters it notes where its flag and moves end. */
function sessionAfter(
  session: BrokerSession,
  next: BrokerControlState,
  { metadataOffset }: BrokerHeartbeatRequest,
  nowMs: number,
  endOffset: number,
  rules: Rules,
): BrokerSession {
  const fenced = next === "fenced" || next === "shutdown-now";
  return {
    ...session,
    lastContactTimeMs: fenced && !rules.fencedBrokerKeepsSession ? null : nowMs,
    metadataOffset,
    controlledShutdownOffset: next === "controlled-shutdown" ? (session.controlledShutdownOffset ?? endOffset) : null,
  };
}
