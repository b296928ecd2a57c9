import type { Rules } from "../../kafka/versions.js";
import { type Change, fact } from "../fact.js";
import { type BrokerId, brokerName, controllerName } from "../ids.js";
import type { BrokerHeartbeatRequest, BrokerHeartbeatResponse } from "../message.js";
import { type BrokerRegistration, type MetadataImage, registrationOf } from "../metadata/image.js";
import type { BrokerRegistrationChangeRecord } from "../metadata/record.js";
import type { Outbox } from "../step.js";
import { type BrokerControlState, nextBrokerState } from "./broker-control-state.js";
import { decideBrokerEvent } from "./broker-events.js";
import { type Cause, commit, type Decision } from "./decision.js";
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
        decideUnfencing(registration, { rule: "heartbeat.unfences-when-caught-up", numbers, because }),
        ...decideBrokerEvent(image, "unfenced", brokerId, rules),
      ];
    case "controlled-shutdown":
      return [
        ...decideShutdownFlag(registration, { rule: "controlled-shutdown.begins", numbers, because }),
        ...decideBrokerEvent(image, "controlled-shutdown", brokerId, rules),
      ];
    case "fenced":
      return decideFencing(image, registration, { rule: "heartbeat.fences-on-wish", numbers, because }, rules);
    case "shutdown-now":
      return decideFencing(image, registration, { rule: "controlled-shutdown.granted", numbers, because }, rules);
  }
}

/** Removes a broker from every ISR, then marks it as fenced. Source: handleBrokerFenced. */
export function decideFencing(
  image: MetadataImage,
  registration: BrokerRegistration,
  cause: Cause,
  rules: Rules,
): readonly Decision[] {
  return [
    ...decideBrokerEvent(image, "fenced", registration.brokerId, rules),
    decideRegistrationChange(registration, { fenced: true }, cause),
  ];
}

function decideUnfencing(registration: BrokerRegistration, cause: Cause): Decision {
  return decideRegistrationChange(registration, { fenced: false }, cause);
}

/** Written once: a controller that took over may find the flag already set. */
function decideShutdownFlag(registration: BrokerRegistration, cause: Cause): readonly Decision[] {
  if (registration.inControlledShutdown) return [];
  return [decideRegistrationChange(registration, { inControlledShutdown: true }, cause)];
}

/** A broker that is fenced once more (its session outlived its shutdown) is written, but nothing has changed. */
function decideRegistrationChange(
  { brokerId, brokerEpoch, fenced, inControlledShutdown }: BrokerRegistration,
  change: Pick<BrokerRegistrationChangeRecord, "fenced" | "inControlledShutdown">,
  { rule, numbers, because }: Cause,
): Decision {
  const changes: Change[] = [];
  if (change.fenced !== undefined && change.fenced !== fenced)
    changes.push({ fact: fact.fenced(brokerId), from: fenced, to: change.fenced, rule, numbers, because });
  if (change.inControlledShutdown !== undefined)
    changes.push({
      fact: fact.controlledShutdown(brokerId),
      from: inControlledShutdown,
      to: change.inControlledShutdown,
      rule,
      numbers,
      because,
    });
  return { record: { type: "BrokerRegistrationChangeRecord", brokerId, brokerEpoch, ...change }, changes };
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

/**
 * The session of a broker has ended: it is fenced, one broker at a time, so that the next one finds what this fencing
 * left. Source: ReplicationControlManager.maybeFenceOneStaleBroker.
 */
export function handleSessionEnd(
  controller: Controller,
  brokerId: BrokerId,
  nowMs: number,
  rules: Rules,
  outbox: Outbox,
): Controller {
  const session = sessionOf(controller, brokerId);
  const registration = registrationOf(controller.image, brokerId);
  if (session.lastContactTimeMs === null || registration === undefined) return controller;
  const cause: Cause = {
    rule: "session.ended",
    numbers: {
      lastContactTimeMs: session.lastContactTimeMs,
      brokerSessionTimeoutMs: controller.settings.brokerSessionTimeoutMs,
      nowMs,
    },
    because: [fact.process(brokerId), fact.link(brokerName(brokerId), controllerName)],
  };
  const fenced = commit(controller, decideFencing(controller.image, registration, cause, rules), nowMs, rules, outbox);
  return withSession(fenced, { ...session, lastContactTimeMs: null, controlledShutdownOffset: null });
}
