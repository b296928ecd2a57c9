import type { Rules } from "../../kafka/versions.js";
import type { Fact } from "../fact.js";
import type { BrokerId } from "../ids.js";
import type { LeaderRecoveryState, PartitionRegistration } from "../metadata/partition.js";
import type { PartitionChangeRecord } from "../metadata/record.js";
import type { Cause, Decision } from "./decision.js";
import { type Election, electLeader } from "./election.js";
import { elrOf, lastKnownElrAfter } from "./eligible-leaders.js";
import { explainPartitionChange } from "./partition-change-reasons.js";
import { completedReassignment } from "./reassignment-steps.js";

/** What someone wishes of a partition, and what there is to know when deciding. Absent targets stay as they are. */
export interface PartitionChange {
  readonly partition: PartitionRegistration;
  readonly cause: Cause;
  /** Who asks: matters to the leader epoch in the ZooKeeper era. */
  readonly madeBy: "controller" | "leader";
  readonly election: Election;
  readonly isAcceptableLeader: (brokerId: BrokerId) => boolean;
  /** `min.insync.replicas`, not above the number of replicas, and the fact it comes from. */
  readonly minInsyncReplicas: number;
  readonly minInsyncReplicasFact: Fact;
  /** Whether eligible leader replicas are on. */
  readonly elrEnabled: boolean;
  readonly targetIsr?: readonly BrokerId[];
  readonly targetReplicas?: readonly BrokerId[];
  readonly targetAdding?: readonly BrokerId[];
  readonly targetRemoving?: readonly BrokerId[];
  readonly targetLeaderRecoveryState?: LeaderRecoveryState;
  /** Brokers whose last shutdown was unclean: they leave the ELR. */
  readonly uncleanShutdownReplicas?: readonly BrokerId[];
  readonly targetDirectory?: { readonly brokerId: BrokerId; readonly directoryId: number };
  /** Where a replica goes that is new to this partition. */
  readonly newDirectoryOf: (brokerId: BrokerId) => number;
}

/**
 * Decides what becomes of a partition: completes a reassignment, keeps the ELR, elects, and works out which epochs
 * move. Null when nothing changes. Source: PartitionChangeBuilder.build.
 */
export function decidePartitionChange(change: PartitionChange, rules: Rules): Decision<PartitionChangeRecord> | null {
  const { partition, elrEnabled, isAcceptableLeader, minInsyncReplicas } = change;
  const assigned = completedReassignment({
    isr: change.targetIsr ?? partition.isr,
    replicas: change.targetReplicas ?? partition.replicas,
    adding: change.targetAdding ?? partition.addingReplicas,
    removing: change.targetRemoving ?? partition.removingReplicas,
  });
  const elr = elrEnabled
    ? elrOf(partition, assigned.isr, minInsyncReplicas, change.uncleanShutdownReplicas ?? [])
    : partition.eligibleLeaderReplicas;
  const elected = electLeader(
    {
      election: change.election,
      partition,
      replicas: assigned.replicas,
      isr: assigned.isr,
      elr,
      elrEnabled,
      isAcceptableLeader,
    },
    rules,
  );
  const electsAnew = elected.leader !== partition.leader;
  const electsFromElr = electsAnew && elr.includes(elected.leader);
  const electsUncleanly = electsAnew && elected.unclean;

  // The leader alone is the ISR after an election from outside it. An empty ISR is written only with ELR on: without,
  // the last member is kept ("last replica standing").
  const targetIsr = electsFromElr || electsUncleanly ? [elected.leader] : assigned.isr;
  const isr =
    electsUncleanly || ((targetIsr.length > 0 || elrEnabled) && !sameIds(targetIsr, partition.isr))
      ? targetIsr
      : undefined;
  const targetElr =
    electsUncleanly || !elrEnabled ? [] : electsFromElr ? elr.filter((brokerId) => brokerId !== elected.leader) : elr;
  const leader = electsAnew
    ? elected.leader
    : namesLeaderAnew(partition, assigned.replicas, isr, change.madeBy, rules)
      ? partition.leader
      : undefined;

  const record: Writable<PartitionChangeRecord> = { type: "PartitionChangeRecord", partition: partition.partition };
  if (isr !== undefined) record.isr = isr;
  if (leader !== undefined) record.leader = leader;
  if (!sameIds(assigned.replicas, partition.replicas)) record.replicas = assigned.replicas;
  if (!sameIds(assigned.removing, partition.removingReplicas)) record.removingReplicas = assigned.removing;
  if (!sameIds(assigned.adding, partition.addingReplicas)) record.addingReplicas = assigned.adding;
  const recoveryState = recoveryStateAfter(change, electsUncleanly, rules);
  if (recoveryState !== undefined) record.leaderRecoveryState = recoveryState;
  if (!sameIds(targetElr, partition.eligibleLeaderReplicas)) record.eligibleLeaderReplicas = targetElr;
  const lastKnownElr = elrEnabled ? lastKnownElrAfter(partition, leader) : undefined;
  if (lastKnownElr !== undefined) record.lastKnownElr = lastKnownElr;
  const directories = assigned.replicas.map((brokerId) => directoryAfter(change, brokerId));
  if (rules.directoryAssignment && !sameIds(directories, partition.directories)) record.directories = directories;

  // A record that names only its partition would still move its epoch.
  if (Object.keys(record).length === 2) return null;
  return { record, changes: explainPartitionChange(change, record, { elected, electsAnew, assigned, elr }) };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Whether the leader epoch must grow although the leader stays: a replica has left the assignment, or (in old releases)
 * the ISR has shrunk. Naming the leader again does it.
 *
 * Source: PartitionChangeBuilder.triggerLeaderEpochBump…IfNeeded; KAFKA-15021.
 */
export function namesLeaderAnew(
  partition: PartitionRegistration,
  replicas: readonly BrokerId[],
  isr: readonly BrokerId[] | undefined,
  madeBy: "controller" | "leader",
  rules: Pick<Rules, "leaderEpochBumpedOnIsrShrink">,
): boolean {
  if (partition.replicas.some((brokerId) => !replicas.includes(brokerId))) return true;
  const shrinkCounts =
    rules.leaderEpochBumpedOnIsrShrink === "always" ||
    (rules.leaderEpochBumpedOnIsrShrink === "by-controller" && madeBy === "controller");
  return shrinkCounts && isr !== undefined && partition.isr.some((brokerId) => !isr.includes(brokerId));
}

/** What an AlterPartition asks for comes last; an unclean election marks a recovered partition as recovering. KIP-704. */
function recoveryStateAfter(
  { partition, targetLeaderRecoveryState }: PartitionChange,
  electsUncleanly: boolean,
  rules: Rules,
): LeaderRecoveryState | undefined {
  if (targetLeaderRecoveryState !== undefined && targetLeaderRecoveryState !== partition.leaderRecoveryState) {
    return targetLeaderRecoveryState;
  }
  const marks = electsUncleanly && rules.leaderRecoveryState && partition.leaderRecoveryState === "recovered";
  return marks ? "recovering" : undefined;
}

/** A replica stays where it is unless this change moves it; a new one goes to its broker's directory. */
function directoryAfter({ partition, targetDirectory, newDirectoryOf }: PartitionChange, brokerId: BrokerId): number {
  if (targetDirectory?.brokerId === brokerId) return targetDirectory.directoryId;
  const index = partition.replicas.indexOf(brokerId);
  return (index === -1 ? undefined : partition.directories[index]) ?? newDirectoryOf(brokerId);
}

export function sameIds(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}
