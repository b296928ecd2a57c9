import type { ErrorCode } from "../../kafka/errors.js";
import type { Rules } from "../../kafka/versions.js";
import { type Change, fact } from "../fact.js";
import type { BrokerId } from "../ids.js";
import type { BrokerRegistrationRequest, BrokerRegistrationResponse } from "../message.js";
import { type BrokerRegistration, registrationOf } from "../metadata/image.js";
import type { RegisterBrokerRecord } from "../metadata/record.js";
import type { RuleId } from "../rules/index.js";
import type { Outbox } from "../step.js";
import { type BrokerEventName, decideBrokerEvent } from "./broker-events.js";
import { type Cause, commit, type Decision } from "./decision.js";
import { isElrEnabled } from "./partition-context.js";
import { hasValidSession, newSession, sessionOf, withSession } from "./sessions.js";
import type { Controller } from "./state.js";

/**
 * Accepts a new process of a broker, or refuses it while the session of another one with its id still runs. What the
 * old process may have lost is drawn from the partitions in the same batch.
 *
 * Source: ClusterControlManager.registerBroker.
 */
export function handleRegistration(
  controller: Controller,
  request: BrokerRegistrationRequest,
  nowMs: number,
  rules: Rules,
  outbox: Outbox,
): { readonly controller: Controller; readonly response: BrokerRegistrationResponse } {
  const { image } = controller;
  const { brokerId } = request;
  const existing = registrationOf(image, brokerId);
  const session = sessionOf(controller, brokerId);
  if (
    existing !== undefined &&
    existing.incarnationId !== request.incarnationId &&
    hasValidSession(session, nowMs, controller.settings)
  ) {
    const numbers = { lastContactTimeMs: session.lastContactTimeMs, nowMs };
    answer(brokerId, "DUPLICATE_BROKER_REGISTRATION", "registration.session-still-valid", numbers, outbox);
    return {
      controller,
      response: { type: "BrokerRegistrationResponse", error: "DUPLICATE_BROKER_REGISTRATION", brokerEpoch: -1 },
    };
  }
  if (existing?.incarnationId === request.incarnationId)
    return amend(controller, existing, request, nowMs, rules, outbox);

  const event = eventOf(existing, request, isElrEnabled(image), rules);
  const cleanup = event === null ? [] : decideBrokerEvent(image, event, brokerId, rules);
  // A ZooKeeper controller takes a broker that came back in no time for one that failed and then started.
  const live = rules.controllerKind === "zookeeper";
  const ready = live ? commit(controller, cleanup, nowMs, rules, outbox) : controller;
  const brokerEpoch = ready.image.nextOffset;
  const registered: Decision = {
    record: recordOf(request, brokerEpoch, !live),
    changes: registrationChanges(existing, request, brokerEpoch, !live, {
      rule: live ? "zookeeper.session-is-registration" : "registration.accepted",
      numbers: {
        previousBrokerEpoch: request.previousBrokerEpoch,
        registeredBrokerEpoch: existing?.brokerEpoch ?? null,
        cleanShutdown: existing === undefined ? null : event !== "unclean-shutdown",
      },
      because: [fact.process(brokerId)],
    }),
  };
  const decisions = live
    ? [registered, ...decideBrokerEvent(ready.image, "unfenced", brokerId, rules)]
    : [...cleanup, registered];
  const committed = commit(ready, decisions, nowMs, rules, outbox);
  answer(brokerId, "NONE", "registration.accepted", { brokerEpoch }, outbox);
  return {
    controller: withSession(committed, { ...newSession(brokerId), lastContactTimeMs: live ? nowMs : null }),
    response: { type: "BrokerRegistrationResponse", error: "NONE", brokerEpoch },
  };
}

/** What is concluded from a new process about the partitions of the old one; null where a release concludes nothing. */
function eventOf(
  existing: BrokerRegistration | undefined,
  { previousBrokerEpoch }: BrokerRegistrationRequest,
  elrEnabled: boolean,
  rules: Rules,
): BrokerEventName | null {
  if (rules.controllerKind === "zookeeper") return existing === undefined ? null : "new-incarnation";
  const clean =
    rules.uncleanShutdownDetection === "clean-shutdown-file" && existing?.brokerEpoch === previousBrokerEpoch;
  if (elrEnabled && !clean) return "unclean-shutdown";
  return rules.newIncarnationLeavesIsr ? "new-incarnation" : null;
}

/** The same process registers again, for example because it has not seen the answer: its epoch stays. */
function amend(
  controller: Controller,
  existing: BrokerRegistration,
  request: BrokerRegistrationRequest,
  nowMs: number,
  rules: Rules,
  outbox: Outbox,
): { readonly controller: Controller; readonly response: BrokerRegistrationResponse } {
  const { brokerEpoch, fenced } = existing;
  const decision: Decision = { record: recordOf(request, brokerEpoch, fenced), changes: [] };
  return {
    controller: commit(controller, [decision], nowMs, rules, outbox),
    response: { type: "BrokerRegistrationResponse", error: "NONE", brokerEpoch },
  };
}

function recordOf(
  { brokerId, incarnationId, rack, directoryId }: BrokerRegistrationRequest,
  brokerEpoch: number,
  fenced: boolean,
): RegisterBrokerRecord {
  return { type: "RegisterBrokerRecord", brokerId, incarnationId, brokerEpoch, rack, directoryId, fenced };
}

function registrationChanges(
  existing: BrokerRegistration | undefined,
  { brokerId }: BrokerRegistrationRequest,
  brokerEpoch: number,
  fenced: boolean,
  { rule, numbers, because }: Cause,
): readonly Change[] {
  const changed = { rule, numbers, because };
  const changes: Change[] = [
    { fact: fact.registration(brokerId), from: existing?.brokerEpoch ?? null, to: brokerEpoch, ...changed },
  ];
  if (existing?.fenced !== fenced)
    changes.push({ fact: fact.fenced(brokerId), from: existing?.fenced ?? null, to: fenced, ...changed });
  if (existing?.inControlledShutdown === true)
    changes.push({ fact: fact.controlledShutdown(brokerId), from: true, to: false, ...changed });
  return changes;
}

function answer(brokerId: BrokerId, error: ErrorCode, rule: RuleId, numbers: Cause["numbers"], outbox: Outbox): void {
  const because = [fact.registration(brokerId), fact.process(brokerId)];
  outbox.change({ fact: fact.registrationAnswer(brokerId), from: null, to: error, rule, numbers, because });
}
