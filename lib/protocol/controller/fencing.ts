import type { Rules } from "../../kafka/versions.js";
import { type Change, fact } from "../fact.js";
import { type BrokerId, brokerName, controllerName } from "../ids.js";
import { type BrokerRegistration, type MetadataImage, registrationOf } from "../metadata/image.js";
import type { BrokerRegistrationChangeRecord } from "../metadata/record.js";
import type { Outbox } from "../step.js";
import { decideBrokerEvent } from "./broker-events.js";
import { type Cause, commit, type Decision } from "./decision.js";
import { sessionOf, withSession } from "./sessions.js";
import type { Controller } from "./state.js";

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

/** A broker that is fenced once more (its session outlived its shutdown) is written, but nothing has changed. */
export function decideRegistrationChange(
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
