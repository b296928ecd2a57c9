import type { Rules } from "../../kafka/versions.js";
import { type BrokerId, noLeader } from "../ids.js";
import type { PartitionRegistration } from "../metadata/partition.js";

/**
 * `online`: keep the leader if it may lead, else elect from the ISR. `preferred`: try the preferred replica first.
 * `unclean`: like `online`, and then any live replica rather than none. Source: PartitionChangeBuilder.Election.
 */
export type Election = "preferred" | "online" | "unclean";

/** What an election looks at. `isr` and `elr` are as they will be after the change that causes it. */
export interface Candidates {
  readonly election: Election;
  /** As it is before the change. */
  readonly partition: PartitionRegistration;
  readonly replicas: readonly BrokerId[];
  readonly isr: readonly BrokerId[];
  readonly elr: readonly BrokerId[];
  /** Whether eligible leader replicas are on. */
  readonly elrEnabled: boolean;
  /** Alive as the controller sees it, with the directory of this replica online. */
  readonly isAcceptableLeader: (brokerId: BrokerId) => boolean;
}

export interface ElectionResult {
  readonly leader: BrokerId;
  /** The leader may lack committed records. */
  readonly unclean: boolean;
  readonly rule: ElectionRule;
}

export type ElectionRule =
  | "election.preferred-replica"
  | "election.current-leader-kept"
  | "election.first-valid-in-assignment-order"
  | "election.eligible-leader-replica"
  | "election.last-known-leader"
  | "election.unclean-first-acceptable"
  | "election.none-available";

/**
 * Who shall lead. Candidates are tried in assignment order, never in the order of the ISR, and logs are never compared.
 *
 * Source: PartitionChangeBuilder.electLeader.
 */
export function electLeader(candidates: Candidates, rules: Rules): ElectionResult {
  const { election, partition, replicas, isAcceptableLeader } = candidates;
  const preferred = replicas[0];
  if (election === "preferred" && preferred !== undefined && isValidLeader(candidates, preferred)) {
    return clean(candidates, preferred, "election.preferred-replica");
  }
  if (isValidLeader(candidates, partition.leader)) {
    return { leader: partition.leader, unclean: false, rule: "election.current-leader-kept" };
  }
  const valid = replicas.find((brokerId) => isValidLeader(candidates, brokerId));
  if (valid !== undefined) return clean(candidates, valid, "election.first-valid-in-assignment-order");

  const lastKnownLeader = electableLastKnownLeader(candidates, rules);
  if (lastKnownLeader !== undefined) {
    return { leader: lastKnownLeader, unclean: true, rule: "election.last-known-leader" };
  }
  if (election === "unclean") {
    const live = replicas.find(isAcceptableLeader);
    if (live !== undefined) return { leader: live, unclean: true, rule: "election.unclean-first-acceptable" };
  }
  return { leader: noLeader, unclean: false, rule: "election.none-available" };
}

/** In the ISR, or in the ELR while the ISR is empty, and acceptable. */
function isValidLeader({ isr, elr, isAcceptableLeader }: Candidates, brokerId: BrokerId): boolean {
  return (isr.includes(brokerId) || (isr.length === 0 && elr.includes(brokerId))) && isAcceptableLeader(brokerId);
}

function clean({ isr }: Candidates, leader: BrokerId, rule: ElectionRule): ElectionResult {
  return { leader, unclean: false, rule: isr.includes(leader) ? rule : "election.eligible-leader-replica" };
}

/**
 * The one last known leader, if neither ISR nor ELR has anybody left. In 3.7 to 4.0 it was not asked whether it is
 * alive (KAFKA-19522).
 */
function electableLastKnownLeader(
  { partition, isr, elr, elrEnabled, isAcceptableLeader }: Candidates,
  rules: Rules,
): BrokerId | undefined {
  if (!elrEnabled || !rules.lastKnownLeaderElection || isr.length > 0 || elr.length > 0) return undefined;
  const [lastKnownLeader] = partition.lastKnownElr;
  if (lastKnownLeader === undefined) return undefined;
  if (rules.lastKnownLeaderMustBeAlive && !isAcceptableLeader(lastKnownLeader)) return undefined;
  return lastKnownLeader;
}
