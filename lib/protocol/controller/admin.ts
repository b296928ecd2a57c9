import { unreachable } from "../../core/assert.js";
import type { Rules } from "../../kafka/versions.js";
import { fact } from "../fact.js";
import type { BrokerId } from "../ids.js";
import { type MetadataImage, registrationOf } from "../metadata/image.js";
import type { Outbox } from "../step.js";
import { type AdminAnswer, refused } from "./admin-answer.js";
import { decideBrokerEvent } from "./broker-events.js";
import { alterConfigs, touchesUncleanElection } from "./configs.js";
import { commit, type Decision } from "./decision.js";
import { decideUncleanElections, electLeaders } from "./elections.js";
import type { AdminCommand } from "./event.js";
import { updateFeature } from "./features.js";
import { reassignPartitions } from "./reassignment.js";
import { withoutSession } from "./sessions.js";
import type { Controller } from "./state.js";
import { createTopic, deleteTopic } from "./topics.js";

/** Carries out an administrator's command. What is refused writes nothing. */
export function runAdminCommand(
  controller: Controller,
  command: AdminCommand,
  nowMs: number,
  rules: Rules,
  outbox: Outbox,
): { readonly controller: Controller; readonly answer: AdminAnswer } {
  const { decisions, answer } = decide(controller.image, command, rules);
  const committed = commit(controller, decisions, nowMs, rules, outbox);
  if (answer.type === "refused") return { controller, answer };
  switch (command.type) {
    case "unregisterBroker":
      return { controller: withoutSession(committed, command.brokerId), answer };
    case "alterConfigs": {
      // A ZooKeeper controller listens for configurations; in KRaft they are no event (KAFKA-12670).
      const atOnce = rules.uncleanElectionAfterDynamicEnable === "immediately" && touchesUncleanElection(command);
      if (!atOnce) return { controller: committed, answer };
      const elections = decideUncleanElections(committed.image, "election.unclean-at-once", rules);
      return { controller: commit(committed, elections, nowMs, rules, outbox), answer };
    }
    default:
      return { controller: committed, answer };
  }
}

function decide(
  image: MetadataImage,
  command: AdminCommand,
  rules: Rules,
): { readonly decisions: readonly Decision[]; readonly answer: AdminAnswer } {
  switch (command.type) {
    case "createTopic":
      return createTopic(image, command, rules);
    case "deleteTopic":
      return deleteTopic(image, command.topic);
    case "alterConfigs":
      return alterConfigs(image, command, rules);
    case "electLeaders":
      return electLeaders(image, command, rules);
    case "reassignPartitions":
      return reassignPartitions(image, command, rules);
    case "unregisterBroker":
      return unregisterBroker(image, command.brokerId, rules);
    case "updateFeature":
      return updateFeature(image, command, rules);
    default:
      return unreachable(command);
  }
}

/** Takes a broker out of every ISR, then out of the cluster. Source: handleBrokerUnregistered. */
function unregisterBroker(
  image: MetadataImage,
  brokerId: BrokerId,
  rules: Rules,
): { readonly decisions: readonly Decision[]; readonly answer: AdminAnswer } {
  const registration = registrationOf(image, brokerId);
  if (registration === undefined) {
    const message = `Broker ID ${brokerId} is not currently registered`;
    return { decisions: [], answer: refused("BROKER_ID_NOT_REGISTERED", message) };
  }
  const { brokerEpoch } = registration;
  const unregistered: Decision = {
    record: { type: "UnregisterBrokerRecord", brokerId, brokerEpoch },
    changes: [
      {
        fact: fact.registration(brokerId),
        from: brokerEpoch,
        to: null,
        rule: "unregistration.leaves-isr",
        numbers: {},
        because: [],
      },
    ],
  };
  return {
    decisions: [...decideBrokerEvent(image, "unregistered", brokerId, rules), unregistered],
    answer: { type: "unregistered", brokerId },
  };
}
