import { type BrokerId, sortedBrokerIds } from "../ids.js";
import type { PartitionRegistration } from "../metadata/partition.js";

/** Assignment and ISR of a partition, with the replicas that come and go while a reassignment is under way. */
export interface Assignment {
  readonly isr: readonly BrokerId[];
  readonly replicas: readonly BrokerId[];
  readonly adding: readonly BrokerId[];
  readonly removing: readonly BrokerId[];
}

export function isReassigning({
  addingReplicas,
  removingReplicas,
}: Pick<PartitionRegistration, "addingReplicas" | "removingReplicas">): boolean {
  return addingReplicas.length > 0 || removingReplicas.length > 0;
}

/**
 * The first step towards `target`: its replicas in its order, and behind them, until the end, those that will leave.
 *
 * Source: PartitionReassignmentReplicas.
 */
export function startedReassignment(
  current: readonly BrokerId[],
  target: readonly BrokerId[],
): Omit<Assignment, "isr"> {
  const removing = sortedBrokerIds(current.filter((brokerId) => !target.includes(brokerId)));
  const adding = sortedBrokerIds(target.filter((brokerId) => !current.includes(brokerId)));
  return { replicas: [...target, ...removing], adding, removing };
}

/**
 * The last step, once every replica that shall stay is in the ISR: those that leave are dropped from assignment and
 * ISR. Anything else comes back as it is.
 *
 * Source: PartitionReassignmentReplicas.maybeCompleteReassignment.
 */
export function completedReassignment(assignment: Assignment): Assignment {
  const { adding, removing } = assignment;
  if (adding.length === 0 && removing.length === 0) return assignment;
  const isr = assignment.isr.filter((brokerId) => !removing.includes(brokerId));
  const replicas = assignment.replicas.filter((brokerId) => !removing.includes(brokerId));
  if (isr.length === 0 || replicas.length === 0) return assignment;
  if (!replicas.every((brokerId) => isr.includes(brokerId))) return assignment;
  return { isr, replicas, adding: [], removing: [] };
}

/**
 * The way back: replicas that were being added leave again. `unclean` when that leaves nobody in the ISR, so that the
 * first remaining replica would have to lead without being in sync. Source: PartitionReassignmentRevert.
 */
export function revertedReassignment({
  isr,
  replicas,
  addingReplicas,
}: PartitionRegistration): Assignment & { readonly unclean: boolean } {
  const remaining = replicas.filter((brokerId) => !addingReplicas.includes(brokerId));
  const inSync = isr.filter((brokerId) => !addingReplicas.includes(brokerId));
  return {
    isr: inSync.length > 0 ? inSync : remaining.slice(0, 1),
    replicas: remaining,
    adding: [],
    removing: [],
    unclean: inSync.length === 0,
  };
}
