import type { Rules } from "../../kafka/versions.js";
import { fact } from "../fact.js";
import type { BrokerId } from "../ids.js";
import type { BrokerRegistrationRequest, BrokerRegistrationResponse } from "../message.js";
import { type BrokerRegistration, isActive, type MetadataImage, registrationOf } from "../metadata/image.js";
import type { PartitionRegistration } from "../metadata/partition.js";
import type { Outbox } from "../step.js";
import { decideBrokerEvent } from "./broker-events.js";
import { type Cause, commit } from "./decision.js";
import { decideFencing } from "./fencing.js";
import { isReassigning } from "./reassignment-steps.js";
import { answerRegistration, decideRegistration } from "./registration-decision.js";
import { newSession, withSession } from "./sessions.js";
import type { Controller, ControllerSettings } from "./state.js";

// What a ZooKeeper controller does otherwise and is no rule of its own. In this model a registration stands for the
// ephemeral node of a broker and a heartbeat for the pings of its ZooKeeper session: a broker with a node is alive, and
// "fenced" means that its node is gone. Source: kafka.controller.KafkaController of 2.8.

/**
 * A broker has got its node. One that came back in no time is taken for one that failed and then started; a broker that
 * has started is a candidate for every partition without a leader. Source: BrokerChange, onBrokerStartup.
 */
export function registerWithZooKeeper(
  controller: Controller,
  existing: BrokerRegistration | undefined,
  request: BrokerRegistrationRequest,
  nowMs: number,
  rules: Rules,
  outbox: Outbox,
): { readonly controller: Controller; readonly response: BrokerRegistrationResponse } {
  const { brokerId } = request;
  const cause: Cause = { rule: "zookeeper.session-is-registration", numbers: {}, because: [fact.process(brokerId)] };
  const failure = existing?.fenced === false ? decideFencing(controller.image, existing, cause, rules) : [];
  const failed = commit(controller, failure, nowMs, rules, outbox);
  const brokerEpoch = failed.image.nextOffset;
  const decisions = [
    decideRegistration(registrationOf(failed.image, brokerId), request, brokerEpoch, false, cause),
    ...decideBrokerEvent(failed.image, "unfenced", brokerId, rules),
  ];
  const started = commit(failed, decisions, nowMs, rules, outbox);
  return {
    controller: withSession(started, { ...newSession(brokerId), lastContactTimeMs: nowMs }),
    response: answerRegistration(brokerId, "NONE", brokerEpoch, cause.rule, { brokerEpoch }, outbox),
  };
}

const defaultImbalancePercentage = 10;

/**
 * Partitions that the periodic rebalance would move: those of a broker that leads too few of the partitions it is the
 * preferred replica of, if it is alive and in their ISR. Source: checkAndTriggerAutoLeaderRebalance.
 */
export function imbalancedByPercentage(
  image: MetadataImage,
  { leaderImbalancePerBrokerPercentage = defaultImbalancePercentage }: ControllerSettings,
): readonly PartitionRegistration[] {
  if (image.partitions.some(isReassigning)) return [];
  const ofPreferred = new Map<BrokerId, { all: number; ledByOthers: number }>();
  for (const { replicas, leader } of image.partitions) {
    const [preferred] = replicas;
    if (preferred === undefined) continue;
    const counts = ofPreferred.get(preferred) ?? { all: 0, ledByOthers: 0 };
    ofPreferred.set(preferred, {
      all: counts.all + 1,
      ledByOthers: counts.ledByOthers + (leader === preferred ? 0 : 1),
    });
  }
  return image.partitions.filter(({ replicas, leader, isr }) => {
    const [preferred] = replicas;
    if (preferred === undefined || leader === preferred) return false;
    const { all, ledByOthers } = ofPreferred.get(preferred) ?? { all: 1, ledByOthers: 0 };
    // Compared as whole numbers: a ratio of floating point numbers might differ between machines.
    const tooMany = ledByOthers * 100 > leaderImbalancePerBrokerPercentage * all;
    return tooMany && isr.includes(preferred) && isActive(image, preferred);
  });
}
