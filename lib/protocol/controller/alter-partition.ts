import type { ErrorCode } from "../../kafka/errors.js";
import type { Rules } from "../../kafka/versions.js";
import { fact } from "../fact.js";
import { sortedBrokerIds, topicNameOf } from "../ids.js";
import type { AlterPartitionRequest, AlterPartitionResponse } from "../message.js";
import { mergePartitionChange } from "../metadata/apply.js";
import { type MetadataImage, partitionOf, registrationOf, topicOf } from "../metadata/image.js";
import type { PartitionRegistration } from "../metadata/partition.js";
import type { RuleId } from "../rules/index.js";
import type { Outbox } from "../step.js";
import { commit } from "./decision.js";
import { decidePartitionChange, sameIds } from "./partition-change.js";
import { partitionContext } from "./partition-context.js";
import type { Controller } from "./state.js";

/**
 * A leader wishes for another ISR: stores it, or says why not. KIP-497.
 *
 * Source: ReplicationControlManager.alterPartition; KafkaController.processAlterIsr in the ZooKeeper era.
 */
export function handleAlterPartition(
  controller: Controller,
  request: AlterPartitionRequest,
  nowMs: number,
  rules: Rules,
  outbox: Outbox,
): { readonly controller: Controller; readonly response: AlterPartitionResponse } {
  const { image } = controller;
  const refusal = refusalOf(image, request, rules);
  const partition = partitionOf(image, request.partition);
  if (refusal !== null || partition === undefined) {
    const { error, rule } = refusal ?? unknownPartition;
    tellAnswer(request, partition, error, rule, outbox);
    return { controller, response: responseOf(request, partition, error) };
  }
  const proposed = request.newIsr.map(({ brokerId }) => brokerId);
  const decision = decidePartitionChange(
    {
      ...partitionContext(image, partition, rules),
      cause: {
        rule: "alter-partition.accepted",
        numbers: { leader: request.brokerId, proposed, leaderEpoch: request.leaderEpoch },
        because: [fact.isrState(request.partition, request.brokerId)],
      },
      madeBy: "leader",
      targetIsr: rules.isrOrderAfterLeaderChange === "ascending" ? sortedBrokerIds(proposed) : proposed,
      targetLeaderRecoveryState: request.leaderRecoveryState,
    },
    rules,
  );
  if (decision === null) {
    tellAnswer(request, partition, "NONE", "alter-partition.accepted", outbox);
    return { controller, response: responseOf(request, partition, "NONE") };
  }
  // A change that completes a reassignment may move the leader: it is stored, and the one who asked is told so.
  const { leader } = decision.record;
  const movesLeader = leader !== undefined && leader !== request.brokerId;
  const error = movesLeader ? "NEW_LEADER_ELECTED" : "NONE";
  const rule = movesLeader ? "alter-partition.new-leader-elected" : "alter-partition.accepted";
  const committed = commit(controller, [decision], nowMs, rules, outbox);
  tellAnswer(request, partition, error, rule, outbox);
  return {
    controller: committed,
    response: responseOf(request, mergePartitionChange(partition, decision.record, rules), error),
  };
}

/** One rung of the ladder: when it holds, the request ends here. */
interface Guard {
  readonly error: ErrorCode;
  readonly rule: RuleId;
  /** Whether a ZooKeeper controller asks this too. */
  readonly zookeeper: boolean;
  readonly refuses: (partition: PartitionRegistration, request: AlterPartitionRequest) => boolean;
}

const unknownPartition = { error: "UNKNOWN_TOPIC_OR_PARTITION", rule: "alter-partition.unknown-partition" } as const;

/** Asked in this order: the first to refuse says the most. Source: validateAlterPartitionData. */
const guards: readonly Guard[] = [
  {
    // The leader knows more than this controller: it must look for the active one.
    error: "NOT_CONTROLLER",
    rule: "alter-partition.controller-is-behind",
    zookeeper: false,
    refuses: (partition, { leaderEpoch, partitionEpoch }) =>
      leaderEpoch > partition.leaderEpoch || partitionEpoch > partition.partitionEpoch,
  },
  {
    error: "FENCED_LEADER_EPOCH",
    rule: "alter-partition.leader-epoch-too-old",
    zookeeper: true,
    refuses: (partition, { leaderEpoch }) => leaderEpoch < partition.leaderEpoch,
  },
  {
    error: "INVALID_REQUEST",
    rule: "alter-partition.sender-is-not-leader",
    zookeeper: false,
    refuses: (partition, { brokerId }) => brokerId !== partition.leader,
  },
  {
    // ZooKeeper's conditional write wants exactly the stored version; KRaft has refused a later one above.
    error: "INVALID_UPDATE_VERSION",
    rule: "alter-partition.partition-epoch-too-old",
    zookeeper: true,
    refuses: (partition, { partitionEpoch }) => partitionEpoch !== partition.partitionEpoch,
  },
  {
    error: "INVALID_REQUEST",
    rule: "alter-partition.isr-is-no-part-of-replicas",
    zookeeper: false,
    refuses: ({ replicas }, { newIsr }) =>
      newIsr.some(({ brokerId }) => !replicas.includes(brokerId)) ||
      new Set(newIsr.map(({ brokerId }) => brokerId)).size !== newIsr.length,
  },
  {
    error: "INVALID_REQUEST",
    rule: "alter-partition.leader-must-be-in-isr",
    zookeeper: false,
    refuses: ({ leader }, { newIsr }) => !newIsr.some(({ brokerId }) => brokerId === leader),
  },
  {
    error: "INVALID_REQUEST",
    rule: "alter-partition.recovering-leader-is-alone",
    zookeeper: false,
    refuses: (_, { leaderRecoveryState, newIsr }) => leaderRecoveryState === "recovering" && newIsr.length > 1,
  },
  {
    error: "INVALID_REQUEST",
    rule: "alter-partition.recovered-stays-recovered",
    zookeeper: false,
    refuses: (partition, { leaderRecoveryState }) =>
      partition.leaderRecoveryState === "recovered" && leaderRecoveryState === "recovering",
  },
];

function refusalOf(
  image: MetadataImage,
  request: AlterPartitionRequest,
  rules: Rules,
): { readonly error: ErrorCode; readonly rule: RuleId } | null {
  if (registrationOf(image, request.brokerId)?.brokerEpoch !== request.brokerEpoch) {
    return { error: "STALE_BROKER_EPOCH", rule: "alter-partition.sender-is-stale" };
  }
  const partition = partitionOf(image, request.partition);
  if (partition === undefined) return unknownPartitionOf(image, request, rules);
  const zookeeper = rules.controllerKind === "zookeeper";
  // A ZooKeeper controller just confirms what is already so, before it looks at the version.
  if (zookeeper && isAlreadySo(partition, request)) return null;
  for (const guard of guards)
    if ((guard.zookeeper || !zookeeper) && guard.refuses(partition, request))
      return { error: guard.error, rule: guard.rule };
  return hasIneligibleReplica(image, request, rules)
    ? { error: "INELIGIBLE_REPLICA", rule: "alter-partition.ineligible-replica" }
    : null;
}

/** KRaft names topics by id in this request, so a deleted topic is an unknown id. */
function unknownPartitionOf(
  image: MetadataImage,
  { partition }: AlterPartitionRequest,
  { controllerKind }: Rules,
): { readonly error: ErrorCode; readonly rule: RuleId } {
  const topic = topicNameOf(partition);
  const known = topicOf(image, topic) !== undefined || controllerKind === "zookeeper";
  return known ? unknownPartition : { error: "UNKNOWN_TOPIC_ID", rule: "alter-partition.unknown-partition" };
}

function isAlreadySo(
  partition: PartitionRegistration,
  { brokerId, leaderEpoch, newIsr }: AlterPartitionRequest,
): boolean {
  return (
    partition.leader === brokerId &&
    partition.leaderEpoch === leaderEpoch &&
    sameIds(
      partition.isr,
      newIsr.map((member) => member.brokerId),
    )
  );
}

/**
 * A proposed member is not registered, fenced or shutting down (KIP-841), or is not the incarnation that the leader has
 * seen fetching (KIP-903; -1 where the leader does not know).
 */
function hasIneligibleReplica(image: MetadataImage, { newIsr }: AlterPartitionRequest, rules: Rules): boolean {
  return newIsr.some(({ brokerId, brokerEpoch }) => {
    const registration = registrationOf(image, brokerId);
    if (registration === undefined) return true;
    if (rules.fencedReplicaRefusedInIsr && (registration.fenced || registration.inControlledShutdown)) return true;
    return rules.replicaBrokerEpochChecked && brokerEpoch !== -1 && brokerEpoch !== registration.brokerEpoch;
  });
}

function responseOf(
  { partition }: AlterPartitionRequest,
  registration: PartitionRegistration | undefined,
  error: ErrorCode,
): AlterPartitionResponse {
  const told = error === "NONE" ? registration : undefined;
  return {
    type: "AlterPartitionResponse",
    partition,
    error,
    leader: told?.leader ?? -1,
    leaderEpoch: told?.leaderEpoch ?? -1,
    partitionEpoch: told?.partitionEpoch ?? -1,
    isr: told?.isr ?? [],
    leaderRecoveryState: told?.leaderRecoveryState ?? "recovered",
  };
}

function tellAnswer(
  { partition, brokerId, leaderEpoch, partitionEpoch, newIsr }: AlterPartitionRequest,
  registration: PartitionRegistration | undefined,
  error: ErrorCode,
  rule: RuleId,
  outbox: Outbox,
): void {
  const members = newIsr.map((member) => member.brokerId);
  outbox.change({
    fact: fact.alterPartitionAnswer(partition, brokerId),
    from: null,
    to: error,
    rule,
    numbers: {
      proposed: members,
      leaderEpoch,
      partitionEpoch,
      leaderEpochStored: registration?.leaderEpoch ?? null,
      partitionEpochStored: registration?.partitionEpoch ?? null,
    },
    because: [fact.isr(partition), ...members.map((member) => fact.fenced(member))],
  });
}
