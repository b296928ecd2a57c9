import { type Change, type Fact, type FactValue, fact } from "../fact.js";
import { type BrokerId, noLeader } from "../ids.js";
import type { PartitionChangeRecord } from "../metadata/record.js";
import type { RuleId } from "../rules/index.js";
import type { ElectionResult } from "./election.js";
import type { PartitionChange } from "./partition-change.js";
import type { Assignment } from "./reassignment-steps.js";

/** What was worked out on the way to a record, and is told as its reasons. */
export interface Deliberation {
  readonly elected: ElectionResult;
  readonly electsAnew: boolean;
  readonly assigned: Assignment;
  /** The ELR that the election chose from. */
  readonly elr: readonly BrokerId[];
}

/** Each field that a partition change moves, with the rule that moves it, what the rule looked at and why. */
export function explainPartitionChange(
  change: PartitionChange,
  record: PartitionChangeRecord,
  deliberation: Deliberation,
): readonly Change[] {
  const { partition, cause } = change;
  const key = partition.partition;
  const changes: Change[] = [];
  const tell = (
    changed: Fact,
    from: FactValue,
    to: FactValue,
    rule: RuleId,
    numbers: Readonly<Record<string, FactValue>>,
    because: readonly Fact[],
  ): void => {
    changes.push({ fact: changed, from, to, rule, numbers, because });
  };

  const elections = electionNumbers(change, deliberation);
  const electionBecause = [...cause.because, fact.isr(key), fact.elr(key), fact.assignment(key)];
  const elrNumbers = { isr: [...deliberation.assigned.isr], minInsyncReplicas: change.minInsyncReplicas };
  const elrBecause = [...cause.because, fact.isr(key), change.minInsyncReplicasFact];

  if (record.replicas !== undefined) {
    const rule = completes(change, record) ? "reassignment.completed" : cause.rule;
    tell(fact.assignment(key), partition.replicas, record.replicas, rule, cause.numbers, cause.because);
  }
  if (record.isr !== undefined) {
    const rule = isrRule(change, record, deliberation);
    tell(fact.isr(key), partition.isr, record.isr, rule, { ...cause.numbers, ...elections }, electionBecause);
  }
  if (record.eligibleLeaderReplicas !== undefined) {
    const rule = elrRule(change, record, deliberation);
    tell(fact.elr(key), partition.eligibleLeaderReplicas, record.eligibleLeaderReplicas, rule, elrNumbers, elrBecause);
  }
  if (record.leader !== undefined) {
    if (deliberation.electsAnew) {
      const rule = leaderRule(change, deliberation);
      tell(fact.leader(key), partition.leader, record.leader, rule, elections, electionBecause);
    }
    tell(
      fact.leaderEpoch(key),
      partition.leaderEpoch,
      partition.leaderEpoch + 1,
      epochRule(change, record, deliberation),
      { leader: record.leader, partitionEpoch: partition.partitionEpoch + 1 },
      deliberation.electsAnew ? [fact.leader(key)] : cause.because,
    );
  }
  if (record.lastKnownElr !== undefined) {
    const rule = record.lastKnownElr.length > 0 ? "last-known-leader.remembered" : "last-known-leader.forgotten";
    tell(fact.lastKnownElr(key), partition.lastKnownElr, record.lastKnownElr, rule, {}, [fact.leader(key)]);
  }
  if (record.leaderRecoveryState !== undefined) {
    const uncleanly = record.leaderRecoveryState === "recovering";
    tell(
      fact.recoveryState(key),
      partition.leaderRecoveryState,
      record.leaderRecoveryState,
      uncleanly ? "recovery.unclean-election" : "recovery.cleared-by-alter-partition",
      {},
      uncleanly ? [fact.leader(key)] : cause.because,
    );
  }
  for (const [index, brokerId] of (record.replicas ?? partition.replicas).entries()) {
    const before = partition.directories[partition.replicas.indexOf(brokerId)] ?? null;
    const after = record.directories?.[index] ?? before;
    if (record.directories !== undefined && before !== after)
      tell(fact.directory(key, brokerId), before, after, "directories.assigned", {}, cause.because);
  }
  return changes;
}

/** What every election looks at; `acceptable` are the replicas that were alive to it. */
function electionNumbers(
  { election, isAcceptableLeader, minInsyncReplicas }: PartitionChange,
  { assigned, elr }: Deliberation,
): Readonly<Record<string, FactValue>> {
  return {
    election,
    replicas: [...assigned.replicas],
    acceptable: assigned.replicas.filter(isAcceptableLeader),
    targetIsr: [...assigned.isr],
    targetElr: [...elr],
    minInsyncReplicas,
  };
}

/** Without ELR a last ISR member that is gone stays in the ISR, and the partition waits for it. */
function leaderRule({ elrEnabled }: PartitionChange, { elected, assigned }: Deliberation): RuleId {
  const keepsLastMember = elected.leader === noLeader && !elrEnabled && assigned.isr.length === 0;
  return keepsLastMember ? "election.last-isr-member-waited-for" : elected.rule;
}

function isrRule(change: PartitionChange, record: PartitionChangeRecord, { elected, ...rest }: Deliberation): RuleId {
  const alone = rest.electsAnew && (elected.unclean || rest.elr.includes(elected.leader));
  if (alone) return "isr.only-the-elected-leader";
  return completes(change, record) ? "reassignment.completed" : change.cause.rule;
}

function elrRule(change: PartitionChange, record: PartitionChangeRecord, { elected, ...rest }: Deliberation): RuleId {
  if (!change.elrEnabled) return "elr.cleared-when-off";
  if (rest.electsAnew && elected.unclean) return "elr.cleared-by-unclean-election";
  if (rest.assigned.isr.length >= change.minInsyncReplicas) return "elr.cleared-at-min-isr";
  if (change.uncleanShutdownReplicas !== undefined) return "elr.unclean-shutdown-leaves";
  const { eligibleLeaderReplicas } = change.partition;
  const gains = record.eligibleLeaderReplicas?.some((brokerId) => !eligibleLeaderReplicas.includes(brokerId));
  if (!gains && rest.elr.includes(elected.leader)) return "elr.elected-leader-leaves";
  return gains ? "elr.below-min-isr-keeps-leavers" : "elr.isr-member-leaves";
}

function epochRule(change: PartitionChange, record: PartitionChangeRecord, { electsAnew }: Deliberation): RuleId {
  if (electsAnew) return record.leader === noLeader ? "epoch.leader-lost" : "epoch.leader-changed";
  const dropsReplica = change.partition.replicas.some((brokerId) => record.replicas?.includes(brokerId) === false);
  return dropsReplica ? "epoch.replica-removed" : "epoch.isr-shrunk";
}

/** The record ends a reassignment that was under way. */
function completes(
  { partition }: PartitionChange,
  { addingReplicas, removingReplicas }: PartitionChangeRecord,
): boolean {
  const adding = addingReplicas ?? partition.addingReplicas;
  const removing = removingReplicas ?? partition.removingReplicas;
  const wasUnderWay = partition.addingReplicas.length > 0 || partition.removingReplicas.length > 0;
  return wasUnderWay && adding.length === 0 && removing.length === 0;
}
