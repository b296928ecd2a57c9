import { type KafkaVersion, type Rules, rulesFor, type VariantId } from "../../../lib/kafka/versions.js";
import { decidePartitionChange, type PartitionChange } from "../../../lib/protocol/controller/partition-change.js";
import type { PartitionContext } from "../../../lib/protocol/controller/partition-context.js";
import { noLeader } from "../../../lib/protocol/ids.js";
import { mergePartitionChange } from "../../../lib/protocol/metadata/apply.js";
import type { PartitionRegistration } from "../../../lib/protocol/metadata/partition.js";

/** A registration as Kafka's own tests build them: epochs 100 and 200, and what is named. */
export function partitionWith(
  given: Partial<PartitionRegistration> & Pick<PartitionRegistration, "replicas">,
): PartitionRegistration {
  return {
    partition: "foo-0",
    topic: "foo",
    isr: given.replicas,
    eligibleLeaderReplicas: [],
    lastKnownElr: [],
    leader: noLeader,
    leaderRecoveryState: "recovered",
    leaderEpoch: 100,
    partitionEpoch: 200,
    addingReplicas: [],
    removingReplicas: [],
    directories: given.replicas.map(() => 1),
    ...given,
  };
}

/** Wishes and circumstances; nobody wished for anything unless it is said. */
export interface Wish
  extends Partial<
    Pick<
      PartitionChange,
      | "election"
      | "madeBy"
      | "targetIsr"
      | "targetReplicas"
      | "targetAdding"
      | "targetRemoving"
      | "targetLeaderRecoveryState"
      | "uncleanShutdownReplicas"
    >
  > {
  readonly min?: number;
  readonly elr?: boolean;
  readonly acceptable: (brokerId: number) => boolean;
  readonly version?: KafkaVersion;
  readonly variant?: VariantId;
}

export function rulesOf({ version = "4.3", variant }: Pick<Wish, "version" | "variant">): Rules {
  return rulesFor(version, {}, variant);
}

/** The record that is decided, and the registration after it; the same registration when there is none. */
export function change(
  partition: PartitionRegistration,
  { min = 2, elr = false, acceptable, version, variant, ...wished }: Wish,
): { readonly record: object | null; readonly after: PartitionRegistration } {
  const context: PartitionContext = {
    partition,
    election: "online",
    isAcceptableLeader: acceptable,
    minInsyncReplicas: min,
    minInsyncReplicasFact: "config/topic/foo/min.insync.replicas",
    elrEnabled: elr,
    newDirectoryOf: () => 1,
  };
  const rules = rulesOf({
    ...(version === undefined ? {} : { version }),
    ...(variant === undefined ? {} : { variant }),
  });
  const decision = decidePartitionChange(
    {
      ...context,
      madeBy: "controller",
      cause: { rule: "alter-partition.accepted", numbers: {}, because: [] },
      ...wished,
    },
    rules,
  );
  if (decision === null) return { record: null, after: partition };
  const { type: _, partition: __, directories: ___, ...record } = decision.record;
  return { record, after: mergePartitionChange(partition, decision.record, rules) };
}
