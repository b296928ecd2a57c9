import type { Rules } from "../../kafka/versions.js";
import { fact } from "../fact.js";
import { type BrokerId, noLeader } from "../ids.js";
import type { MetadataImage } from "../metadata/image.js";
import type { PartitionRegistration } from "../metadata/partition.js";
import type { PartitionChangeRecord } from "../metadata/record.js";
import type { Cause, Decision } from "./decision.js";
import { decidePartitionChange } from "./partition-change.js";
import { type Exceptions, partitionContext } from "./partition-context.js";

/** What may happen to a broker, as far as it moves partitions. */
export type BrokerEventName =
  | "fenced"
  | "unfenced"
  | "controlled-shutdown"
  | "unregistered"
  /** A new incarnation registers, and nothing says that the old one lost anything. */
  | "new-incarnation"
  /** A new incarnation registers after a shutdown that may have cost the tail of its logs. */
  | "unclean-shutdown"
  | "directory-offline";

/** One row of the table of events: which partitions it looks at, and what it takes from them. */
interface BrokerEventRow {
  readonly rule: Cause["rule"];
  readonly looksAt: (partition: PartitionRegistration, brokerId: BrokerId) => boolean;
  /** The broker leaves the ISR. */
  readonly leavesIsr: boolean;
  /** The broker leaves the ELR. */
  readonly leavesElr: boolean;
  /** Whether the broker may lead in this event, whatever the image still says of it. */
  readonly exceptions: (brokerId: BrokerId) => Exceptions;
}

const inIsr = ({ isr }: PartitionRegistration, brokerId: BrokerId): boolean => isr.includes(brokerId);
const inIsrOrElr = ({ isr, eligibleLeaderReplicas }: PartitionRegistration, brokerId: BrokerId): boolean =>
  isr.includes(brokerId) || eligibleLeaderReplicas.includes(brokerId);
const leaderless = ({ leader }: PartitionRegistration): boolean => leader === noLeader;
const removed = (brokerId: BrokerId): Exceptions => ({ removed: brokerId });

/** Source: ReplicationControlManager.handleBroker… and generateLeaderAndIsrUpdates. */
const brokerEvents: Readonly<Record<BrokerEventName, BrokerEventRow>> = {
  fenced: {
    rule: "fencing.leaves-isr",
    looksAt: inIsr,
    leavesIsr: true,
    leavesElr: false,
    exceptions: removed,
  },
  unfenced: {
    rule: "unfencing.looks-at-leaderless",
    looksAt: leaderless,
    leavesIsr: false,
    leavesElr: false,
    exceptions: (brokerId) => ({ added: brokerId }),
  },
  "controlled-shutdown": {
    rule: "controlled-shutdown.leaves-isr",
    looksAt: inIsr,
    leavesIsr: true,
    leavesElr: false,
    exceptions: removed,
  },
  unregistered: {
    rule: "unregistration.leaves-isr",
    looksAt: inIsrOrElr,
    leavesIsr: true,
    leavesElr: false,
    exceptions: removed,
  },
  "new-incarnation": {
    rule: "registration.new-incarnation-leaves-isr",
    looksAt: inIsr,
    leavesIsr: true,
    leavesElr: false,
    exceptions: removed,
  },
  "unclean-shutdown": {
    rule: "registration.unclean-shutdown-leaves-isr-and-elr",
    looksAt: inIsrOrElr,
    leavesIsr: true,
    leavesElr: true,
    exceptions: removed,
  },
  "directory-offline": {
    rule: "directories.offline-leaves-isr",
    looksAt: inIsr,
    leavesIsr: true,
    leavesElr: false,
    exceptions: removed,
  },
};

/**
 * What an event does to partitions: those with the broker in their ISR first, then those with it in their ELR, each in
 * the order of the image. With ELR off a last ISR member is not removed: an empty ISR is never written.
 */
export function decideBrokerEvent(
  image: MetadataImage,
  event: BrokerEventName,
  brokerId: BrokerId,
  rules: Rules,
): readonly Decision<PartitionChangeRecord>[] {
  const row = brokerEvents[event];
  const found = image.partitions.filter((partition) => row.looksAt(partition, brokerId));
  if (found.length === 0) return [];
  const ordered = [
    ...found.filter((partition) => inIsr(partition, brokerId)),
    ...found.filter((partition) => !inIsr(partition, brokerId)),
  ];
  const decisions: Decision<PartitionChangeRecord>[] = [];
  for (const partition of row.leavesIsr ? ordered : found) {
    const decision = decidePartitionChange(
      {
        ...partitionContext(image, partition, rules, row.exceptions(brokerId)),
        cause: causeOf(row, event, brokerId),
        madeBy: "controller",
        ...(row.leavesIsr ? { targetIsr: partition.isr.filter((member) => member !== brokerId) } : {}),
        ...(row.leavesElr ? { uncleanShutdownReplicas: [brokerId] } : {}),
      },
      rules,
    );
    if (decision !== null) decisions.push(decision);
  }
  return decisions;
}

function causeOf({ rule }: BrokerEventRow, event: BrokerEventName, brokerId: BrokerId): Cause {
  const numbers = { broker: brokerId };
  switch (event) {
    case "fenced":
    case "unfenced":
      return { rule, numbers, because: [fact.fenced(brokerId)] };
    case "controlled-shutdown":
      return { rule, numbers, because: [fact.controlledShutdown(brokerId)] };
    case "unregistered":
    case "new-incarnation":
    case "unclean-shutdown":
    case "directory-offline":
      return { rule, numbers, because: [fact.registration(brokerId)] };
  }
}
