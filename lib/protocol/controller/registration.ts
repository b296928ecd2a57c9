import type { Rules } from "../../kafka/versions.js";
import { fact } from "../fact.js";
import { noBrokerEpoch } from "../ids.js";
import type { BrokerRegistrationRequest, BrokerRegistrationResponse } from "../message.js";
import { type BrokerRegistration, registrationOf } from "../metadata/image.js";
import type { Outbox } from "../step.js";
import { type BrokerEventName, decideBrokerEvent } from "./broker-events.js";
import { commit } from "./decision.js";
import { isElrEnabled } from "./partition-context.js";
import { answerRegistration, decideRegistration } from "./registration-decision.js";
import { hasValidSession, newSession, sessionOf, withSession } from "./sessions.js";
import type { Controller } from "./state.js";
import { registerWithZooKeeper } from "./zookeeper.js";

interface Registered {
  readonly controller: Controller;
  readonly response: BrokerRegistrationResponse;
}

/**
 * Accepts a new process of a broker, or refuses it while the session of another one with its id still runs.
 *
 * Source: ClusterControlManager.registerBroker.
 */
export function handleRegistration(
  controller: Controller,
  request: BrokerRegistrationRequest,
  nowMs: number,
  rules: Rules,
  outbox: Outbox,
): Registered {
  const { brokerId, incarnationId } = request;
  const existing = registrationOf(controller.image, brokerId);
  if (existing !== undefined && existing.incarnationId === incarnationId) {
    return amendRegistration(controller, existing, request, nowMs, rules, outbox);
  }
  const session = sessionOf(controller, brokerId);
  if (existing !== undefined && hasValidSession(session, nowMs, controller.settings)) {
    const numbers = { lastContactTimeMs: session.lastContactTimeMs, nowMs };
    const error = "DUPLICATE_BROKER_REGISTRATION";
    const rule = "registration.session-still-valid";
    return { controller, response: answerRegistration(brokerId, error, noBrokerEpoch, rule, numbers, outbox) };
  }
  return rules.controllerKind === "zookeeper"
    ? registerWithZooKeeper(controller, existing, request, nowMs, rules, outbox)
    : registerIncarnation(controller, existing, request, nowMs, rules, outbox);
}

/**
 * A new incarnation begins fenced, with the offset of this batch as its epoch. What the old one may have lost is drawn
 * from the partitions in the same batch.
 */
function registerIncarnation(
  controller: Controller,
  existing: BrokerRegistration | undefined,
  request: BrokerRegistrationRequest,
  nowMs: number,
  rules: Rules,
  outbox: Outbox,
): Registered {
  const { image } = controller;
  const { brokerId, previousBrokerEpoch } = request;
  const brokerEpoch = image.nextOffset;
  const event = eventOf(existing, previousBrokerEpoch, isElrEnabled(image), rules);
  const decisions = [
    ...(event === null ? [] : decideBrokerEvent(image, event, brokerId, rules)),
    decideRegistration(existing, request, brokerEpoch, true, {
      rule: "registration.accepted",
      numbers: {
        previousBrokerEpoch,
        registeredBrokerEpoch: existing?.brokerEpoch ?? null,
        uncleanShutdown: event === "unclean-shutdown",
      },
      because: [fact.process(brokerId)],
    }),
  ];
  const committed = commit(controller, decisions, nowMs, rules, outbox);
  return {
    controller: withSession(committed, newSession(brokerId)),
    response: answerRegistration(brokerId, "NONE", brokerEpoch, "registration.accepted", { brokerEpoch }, outbox),
  };
}

/**
 * What is concluded from a new process about the partitions of the old one; null where a release concludes nothing.
 *
 * Source: ReplicationControlManager.handleBrokerShutdown (handleBrokerUncleanShutdown before 4.0).
 */
function eventOf(
  existing: BrokerRegistration | undefined,
  previousBrokerEpoch: number,
  elrEnabled: boolean,
  rules: Rules,
): BrokerEventName | null {
  const clean =
    rules.uncleanShutdownDetection === "clean-shutdown-file" && existing?.brokerEpoch === previousBrokerEpoch;
  if (elrEnabled && !clean) return "unclean-shutdown";
  return rules.newIncarnationLeavesIsr ? "new-incarnation" : null;
}

/** The same process registers again, for example because it has not seen the answer: its epoch stays. */
function amendRegistration(
  controller: Controller,
  existing: BrokerRegistration,
  request: BrokerRegistrationRequest,
  nowMs: number,
  rules: Rules,
  outbox: Outbox,
): Registered {
  const { brokerEpoch, fenced } = existing;
  const rule = "registration.accepted";
  const decision = decideRegistration(existing, request, brokerEpoch, fenced, { rule, numbers: {}, because: [] });
  return {
    controller: commit(controller, [decision], nowMs, rules, outbox),
    response: answerRegistration(request.brokerId, "NONE", brokerEpoch, rule, { brokerEpoch }, outbox),
  };
}
