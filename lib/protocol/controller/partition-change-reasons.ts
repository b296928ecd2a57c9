import { type Change, type FactValue, fact } from "../fact.js";
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

/**
 * Each field that a partition change moves, with the rule that moves it, what the rule looked at and why. Causes come
 * before what they cause: a reason names only facts that stand already, or were told before it.
 *
 * Usually ISR and ELR come first and the election chooses from them; a leader elected from outside the ISR comes before
 * the ISR that it then makes up alone.
 */
export function explainPartitionChange(
  change: PartitionChange,
  record: PartitionChangeRecord,
  deliberation: Deliberation,
): readonly Change[] {
  const isr = isrChanges(change, record, deliberation);
  const elr = elrChanges(change, record, deliberation);
  const leader = leaderChanges(change, record, deliberation);
  const chosenFrom = [...(isElectedAlone(deliberation) ? [] : isr), ...(elrFollowsLeader(deliberation) ? [] : elr)];
  const following = [...(isElectedAlone(deliberation) ? isr : []), ...(elrFollowsLeader(deliberation) ? elr : [])];
  return [
    ...assignmentChanges(change, record),
    ...chosenFrom,
    ...leader,
    ...following,
    ...laterChanges(change, record),
  ];
}

function assignmentChanges(change: PartitionChange, record: PartitionChangeRecord): readonly Change[] {
  if (record.replicas === undefined) return [];
  const { partition, cause } = change;
  return [
    {
      fact: fact.assignment(partition.partition),
      from: partition.replicas,
      to: record.replicas,
      rule: completes(change, record) ? "reassignment.completed" : cause.rule,
      numbers: cause.numbers,
      because: cause.because,
    },
  ];
}

function isrChanges(
  change: PartitionChange,
  record: PartitionChangeRecord,
  deliberation: Deliberation,
): readonly Change[] {
  if (record.isr === undefined) return [];
  const { partition, cause } = change;
  const told = { fact: fact.isr(partition.partition), from: partition.isr, to: record.isr, numbers: cause.numbers };
  if (isElectedAlone(deliberation)) {
    return [{ ...told, rule: "isr.only-the-elected-leader", because: [fact.leader(partition.partition)] }];
  }
  const rule = completes(change, record) ? "reassignment.completed" : cause.rule;
  return [{ ...told, rule, because: cause.because }];
}

function elrChanges(
  change: PartitionChange,
  record: PartitionChangeRecord,
  deliberation: Deliberation,
): readonly Change[] {
  if (record.eligibleLeaderReplicas === undefined) return [];
  const { partition, cause, minInsyncReplicas, minInsyncReplicasFact } = change;
  const key = partition.partition;
  const isr = isElectedAlone(deliberation) ? [] : [fact.isr(key)];
  return [
    {
      fact: fact.elr(key),
      from: partition.eligibleLeaderReplicas,
      to: record.eligibleLeaderReplicas,
      rule: elrRule(change, record, deliberation),
      numbers: { isr: deliberation.assigned.isr, minInsyncReplicas },
      because: elrFollowsLeader(deliberation) ? [fact.leader(key)] : [...cause.because, ...isr, minInsyncReplicasFact],
    },
  ];
}

function leaderChanges(
  change: PartitionChange,
  record: PartitionChangeRecord,
  deliberation: Deliberation,
): readonly Change[] {
  if (record.leader === undefined) return [];
  const { partition, cause } = change;
  const key = partition.partition;
  const leader: Change = {
    fact: fact.leader(key),
    from: partition.leader,
    to: record.leader,
    rule: leaderRule(change, deliberation),
    numbers: electionNumbers(change, deliberation),
    because: [...cause.because, ...(isElectedAlone(deliberation) ? [] : [fact.isr(key)]), fact.assignment(key)],
  };
  const leaderEpoch: Change = {
    fact: fact.leaderEpoch(key),
    from: partition.leaderEpoch,
    to: partition.leaderEpoch + 1,
    rule: epochRule(change, record, deliberation),
    numbers: { leader: record.leader, partitionEpoch: partition.partitionEpoch + 1 },
    because: deliberation.electsAnew ? [fact.leader(key)] : cause.because,
  };
  return deliberation.electsAnew ? [leader, leaderEpoch] : [leaderEpoch];
}

/** What follows from leader and wish: the last known leader, the recovery state, directories. */
function laterChanges({ partition, cause }: PartitionChange, record: PartitionChangeRecord): readonly Change[] {
  const key = partition.partition;
  const changes: Change[] = [];
  if (record.lastKnownElr !== undefined)
    changes.push({
      fact: fact.lastKnownElr(key),
      from: partition.lastKnownElr,
      to: record.lastKnownElr,
      rule: record.lastKnownElr.length > 0 ? "last-known-leader.remembered" : "last-known-leader.forgotten",
      numbers: {},
      because: [fact.leader(key)],
    });
  if (record.leaderRecoveryState !== undefined) {
    const uncleanly = record.leaderRecoveryState === "recovering";
    changes.push({
      fact: fact.recoveryState(key),
      from: partition.leaderRecoveryState,
      to: record.leaderRecoveryState,
      rule: uncleanly ? "recovery.unclean-election" : "recovery.cleared-by-alter-partition",
      numbers: {},
      because: uncleanly ? [fact.leader(key)] : cause.because,
    });
  }
  for (const [index, brokerId] of (record.replicas ?? partition.replicas).entries()) {
    const from = partition.directories[partition.replicas.indexOf(brokerId)] ?? null;
    const to = record.directories?.[index] ?? from;
    if (from === to) continue;
    const told = fact.directory(key, brokerId);
    changes.push({ fact: told, from, to, rule: "directories.assigned", numbers: {}, because: cause.because });
  }
  return changes;
}

/** The leader was not in the ISR, and makes it up alone now. */
function isElectedAlone({ electsAnew, elected, elr }: Deliberation): boolean {
  return electsAnew && (elected.unclean || elr.includes(elected.leader));
}

/** An unclean election empties the ELR; one from the ELR has chosen from what it then leaves. */
function elrFollowsLeader({ electsAnew, elected }: Deliberation): boolean {
  return electsAnew && elected.unclean;
}

/** What every election looks at: the rule that occasioned it, and as `acceptable` the replicas that were alive to it. */
function electionNumbers(
  { cause, election, isAcceptableLeader, minInsyncReplicas }: PartitionChange,
  { assigned, elr }: Deliberation,
): Readonly<Record<string, FactValue>> {
  return {
    occasion: cause.rule,
    election,
    replicas: assigned.replicas,
    acceptable: assigned.replicas.filter(isAcceptableLeader),
    targetIsr: assigned.isr,
    targetElr: elr,
    minInsyncReplicas,
  };
}

/** Without ELR a last ISR member that is gone stays in the ISR, and the partition waits for it. */
function leaderRule({ elrEnabled }: PartitionChange, { elected, assigned }: Deliberation): RuleId {
  const keepsLastMember = elected.leader === noLeader && !elrEnabled && assigned.isr.length === 0;
  return keepsLastMember ? "election.last-isr-member-waited-for" : elected.rule;
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

/** The record ends a reassignment that was under way, other than by taking it back. */
function completes(
  { partition, cause }: PartitionChange,
  { addingReplicas, removingReplicas }: PartitionChangeRecord,
): boolean {
  if (cause.rule === "reassignment.cancelled") return false;
  const adding = addingReplicas ?? partition.addingReplicas;
  const removing = removingReplicas ?? partition.removingReplicas;
  const wasUnderWay = partition.addingReplicas.length > 0 || partition.removingReplicas.length > 0;
  return wasUnderWay && adding.length === 0 && removing.length === 0;
}
