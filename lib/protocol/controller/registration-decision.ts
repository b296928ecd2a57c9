import type { ErrorCode } from "../../kafka/errors.js";
import { type Change, fact } from "../fact.js";
import type { BrokerId } from "../ids.js";
import type { BrokerRegistrationRequest, BrokerRegistrationResponse } from "../message.js";
import type { BrokerRegistration } from "../metadata/image.js";
import type { RegisterBrokerRecord } from "../metadata/record.js";
import type { RuleId } from "../rules/index.js";
import type { Outbox } from "../step.js";
import type { Cause, Decision } from "./decision.js";

/** The record of a process that is accepted, and what it changes of the registration there was. */
export function decideRegistration(
  existing: BrokerRegistration | undefined,
  { brokerId, incarnationId, rack, directoryId }: BrokerRegistrationRequest,
  brokerEpoch: number,
  fenced: boolean,
  { rule, numbers, because }: Cause,
): Decision<RegisterBrokerRecord> {
  const changes: Change[] = [];
  const tell = (changed: Change["fact"], from: Change["from"], to: Change["to"]): void => {
    if (from !== to) changes.push({ fact: changed, from, to, rule, numbers, because });
  };
  tell(fact.registration(brokerId), existing?.brokerEpoch ?? null, brokerEpoch);
  tell(fact.fenced(brokerId), existing?.fenced ?? null, fenced);
  if (existing?.inControlledShutdown === true && existing.incarnationId !== incarnationId)
    tell(fact.controlledShutdown(brokerId), true, false);
  return {
    record: { type: "RegisterBrokerRecord", brokerId, incarnationId, brokerEpoch, rack, directoryId, fenced },
    changes,
  };
}

/** Answers a registration, and tells the answer: a broker that is refused asks itself why. */
export function answerRegistration(
  brokerId: BrokerId,
  error: ErrorCode,
  brokerEpoch: number,
  rule: RuleId,
  numbers: Cause["numbers"],
  outbox: Outbox,
): BrokerRegistrationResponse {
  const because = [fact.registration(brokerId), fact.process(brokerId)];
  outbox.change({ fact: fact.registrationAnswer(brokerId), from: null, to: error, rule, numbers, because });
  return { type: "BrokerRegistrationResponse", error, brokerEpoch };
}
