import type { Rules } from "../../kafka/versions.js";
import { fact } from "../fact.js";
import type { AssignReplicasToDirsRequest, AssignReplicasToDirsResponse } from "../message.js";
import { partitionOf, registrationOf } from "../metadata/image.js";
import type { Outbox } from "../step.js";
import { decideBrokerEvent } from "./broker-events.js";
import { commit, type Decision } from "./decision.js";
import { decidePartitionChange } from "./partition-change.js";
import { partitionContext } from "./partition-context.js";
import type { Controller } from "./state.js";

/**
 * A broker says in which directory its replicas live, for example after a disk was replaced. The election that goes
 * with it still looks at the old directory, so a replica that becomes electable by it is elected only at the next
 * event. KIP-858; source: ReplicationControlManager.handleAssignReplicasToDirs.
 */
export function handleAssignReplicasToDirs(
  controller: Controller,
  request: AssignReplicasToDirsRequest,
  nowMs: number,
  rules: Rules,
  outbox: Outbox,
): { readonly controller: Controller; readonly response: AssignReplicasToDirsResponse } {
  const { image } = controller;
  const { brokerId, directoryId } = request;
  const registration = registrationOf(image, brokerId);
  if (!rules.directoryAssignment) return { controller, response: answer("INVALID_REQUEST") };
  if (registration === undefined || registration.brokerEpoch !== request.brokerEpoch) {
    return { controller, response: answer("STALE_BROKER_EPOCH") };
  }
  const decisions: Decision[] = [];
  let error: AssignReplicasToDirsResponse["error"] = "NONE";
  for (const key of request.partitions) {
    const partition = partitionOf(image, key);
    if (partition === undefined || !partition.replicas.includes(brokerId)) {
      error = partition === undefined ? "UNKNOWN_TOPIC_OR_PARTITION" : "NOT_LEADER_OR_FOLLOWER";
      continue;
    }
    const context = partitionContext(image, partition, rules);
    const decision = decidePartitionChange(
      {
        ...context,
        election: "online",
        elrEnabled: context.elrEnabled && !rules.directoryAssignmentClearsElr,
        cause: {
          rule: "directories.assigned",
          numbers: { broker: brokerId, directory: directoryId },
          because: [fact.registration(brokerId)],
        },
        madeBy: "controller",
        targetDirectory: { brokerId, directoryId },
      },
      rules,
    );
    if (decision !== null) decisions.push(decision);
  }
  // A directory the broker did not register is offline: what lies in it cannot be in sync.
  const offline = directoryId !== registration.directoryId;
  if (offline) decisions.push(...offlineDecisions(controller, request, rules));
  return { controller: commit(controller, decisions, nowMs, rules, outbox), response: answer(error) };
}

function offlineDecisions(
  { image }: Controller,
  { brokerId, partitions }: AssignReplicasToDirsRequest,
  rules: Rules,
): readonly Decision[] {
  return decideBrokerEvent(image, "directory-offline", brokerId, rules).filter(({ record }) =>
    partitions.includes(record.partition),
  );
}

function answer(error: AssignReplicasToDirsResponse["error"]): AssignReplicasToDirsResponse {
  return { type: "AssignReplicasToDirsResponse", error };
}
