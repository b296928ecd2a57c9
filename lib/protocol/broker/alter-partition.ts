import { fact } from "../fact.js";
import { controllerName, neverMs, noBrokerEpoch, type TopicPartition } from "../ids.js";
import type { AlterPartitionResponse } from "../message.js";
import type { StepContext } from "./context.js";
import { brokerWith, dueTimesWith, leaderWith } from "./copy.js";
import { advanceHighWatermark } from "./high-watermark.js";
import { noteIsrState } from "./isr-news.js";
import { committedIsr, isInFlight } from "./isr-state.js";
import type { Reason } from "./reason.js";
import { leaderReplicaOf, withReplica } from "./replicas.js";
import type { AlterPartitionProposal, AlterPartitionQueue, Broker, IsrState, LeaderReplica } from "./state.js";
import { wakeIfHighWatermarkMoved } from "./waiting.js";

export const alterPartitionChannel = "alter-partition";

/** Wait before a request is sent again that the controller refused as a whole or that a connection lost. */
const resendDelayMs = 50;

type Proposal = Exclude<IsrState, { state: "committed" }>;

/**
 * Makes a proposal the leader's state and sends it to the controller, or queues it. While an earlier proposal of the
 * partition has not been answered (metadata may have replaced the state it belonged to) nothing is attempted: the state
 * stays as it is.
 *
 * Source: Partition.prepareIsrExpand, prepareIsrShrink, submitAlterPartition; AlterPartitionManager.submit.
 */
export function proposeIsr(
  broker: Broker,
  leader: LeaderReplica,
  proposal: Proposal,
  reason: Reason,
  context: StepContext,
): Broker {
  if (hasProposal(broker.alterPartition, leader.partition)) return countFailure(broker);
  let proposing = withIsrState(broker, leader, proposal, reason, context);
  // Before KIP-497 the leader counts with the new ISR from here on.
  if (context.rules.isrTakesEffect === "when-proposed") {
    proposing = wakeIfHighWatermarkMoved(broker, proposing, advanceHighWatermark(broker, proposing, context), context);
  }
  return enqueue(withReplica(broker, proposing), alterPartitionProposal(broker, proposing, proposal, context), context);
}

/** Whether a proposal of this partition has not been answered yet. */
export function hasProposal({ inFlight, queued }: AlterPartitionQueue, partition: TopicPartition): boolean {
  return inFlight?.partition === partition || queued.some((proposal) => proposal.partition === partition);
}

function alterPartitionProposal(
  broker: Broker,
  leader: LeaderReplica,
  { proposedIsr }: Proposal,
  { rules }: StepContext,
): AlterPartitionProposal {
  return {
    partition: leader.partition,
    leaderEpoch: leader.leaderEpoch,
    partitionEpoch: leader.partitionEpoch,
    newIsr: proposedIsr.map((brokerId) => {
      if (!rules.replicaBrokerEpochChecked) return { brokerId, brokerEpoch: noBrokerEpoch };
      if (brokerId === broker.brokerId) return { brokerId, brokerEpoch: broker.brokerEpoch };
      const remote = leader.remoteReplicas.find((candidate) => candidate.replicaId === brokerId);
      // A member that has not fetched in this epoch: if it restarts meanwhile, the partition epoch refuses the request.
      return { brokerId, brokerEpoch: remote?.brokerEpoch ?? noBrokerEpoch };
    }),
  };
}

function enqueue(broker: Broker, proposal: AlterPartitionProposal, context: StepContext): Broker {
  const { inFlight, queued } = broker.alterPartition;
  return sendNext(brokerWith(broker, { alterPartition: { inFlight, queued: [...queued, proposal] } }), context);
}

function sendNext(broker: Broker, { nowMs, outbox }: StepContext): Broker {
  const { inFlight, queued } = broker.alterPartition;
  const next = queued[0];
  if (inFlight !== null || next === undefined) return broker;
  outbox.request(controllerName, alterPartitionChannel, {
    type: "AlterPartitionRequest",
    ...next,
    brokerId: broker.brokerId,
    brokerEpoch: broker.brokerEpoch,
    // A leader counts itself as recovered from the moment it leads. KIP-704.
    leaderRecoveryState: "recovered",
  });
  return withQueue(
    broker,
    { inFlight: next, queued: queued.slice(1) },
    nowMs + broker.settings.controllerSocketTimeoutMs,
  );
}

/** The answer to the proposal in flight. */
export function onAlterPartitionResponse(
  broker: Broker,
  response: AlterPartitionResponse,
  context: StepContext,
): Broker {
  const { inFlight, queued } = broker.alterPartition;
  if (inFlight === null || inFlight.partition !== response.partition) return broker;
  if (response.error === "STALE_BROKER_EPOCH") return resendLater(broker, context);
  const answered = withQueue(broker, { inFlight: null, queued }, neverMs);
  return sendNext(onProposalAnswered(answered, inFlight, response, context), context);
}

/** The timer: the answer has not come, or the wait before sending again is over. */
export function onAlterPartitionTimer(broker: Broker, context: StepContext): Broker {
  if (broker.alterPartition.inFlight === null) return sendNext(broker, context);
  context.outbox.disconnect(controllerName, alterPartitionChannel);
  return resendLater(broker, context);
}

/** The controller has closed the channel or died: it is asked again until someone answers. */
export function onAlterPartitionDisconnected(broker: Broker, context: StepContext): Broker {
  return broker.alterPartition.inFlight === null ? broker : resendLater(broker, context);
}

function resendLater(broker: Broker, { nowMs }: StepContext): Broker {
  const { inFlight, queued } = broker.alterPartition;
  return withQueue(
    broker,
    { inFlight: null, queued: inFlight === null ? queued : [inFlight, ...queued] },
    nowMs + resendDelayMs,
  );
}

function onProposalAnswered(
  broker: Broker,
  proposal: AlterPartitionProposal,
  response: AlterPartitionResponse,
  context: StepContext,
): Broker {
  const leader = leaderReplicaOf(broker, proposal.partition);
  // Metadata has replaced the state that was proposed: the answer is about the past. Invariant: what is pending now is
  // this very proposal, because no second one is accepted before the answer to the first.
  if (leader === undefined || !isInFlight(leader.isrState)) return broker;
  switch (response.error) {
    case "NONE":
      return onProposalStored(broker, leader, response, context);
    case "OPERATION_NOT_ATTEMPTED":
    case "INELIGIBLE_REPLICA":
      return onProposalRefused(countFailure(broker), leader, response, context);
    // The state stays pending, which is safe, until metadata says what is true.
    case "UNKNOWN_TOPIC_OR_PARTITION":
    case "UNKNOWN_TOPIC_ID":
    case "FENCED_LEADER_EPOCH":
    case "INVALID_UPDATE_VERSION":
    case "INVALID_REQUEST":
    case "NEW_LEADER_ELECTED":
      return countFailure(broker);
    default:
      return enqueue(countFailure(broker), proposal, context);
  }
}

/** Source: Partition.handleAlterPartitionUpdate. */
function onProposalStored(
  broker: Broker,
  leader: LeaderReplica,
  response: AlterPartitionResponse,
  context: StepContext,
): Broker {
  if (response.leaderEpoch !== leader.leaderEpoch || response.partitionEpoch < leader.partitionEpoch) {
    return countFailure(broker);
  }
  const { partition } = leader;
  const stored = withIsrState(
    broker,
    leaderWith(leader, { partitionEpoch: response.partitionEpoch }),
    committedIsr(response.isr),
    {
      rule: "isr.committed-by-alter-partition",
      numbers: { partitionEpoch: response.partitionEpoch },
      because: [fact.isr(partition), fact.isrState(partition, broker.brokerId)],
    },
    context,
  );
  const advanced = advanceHighWatermark(broker, stored, context);
  const meters =
    leader.isrState.state === "pendingExpand"
      ? { ...broker.meters, isrExpands: broker.meters.isrExpands + 1 }
      : { ...broker.meters, isrShrinks: broker.meters.isrShrinks + 1 };
  return withReplica(brokerWith(broker, { meters }), wakeIfHighWatermarkMoved(broker, stored, advanced, context));
}

/**
 * The controller has said that the partition epoch was right and that nothing was done, so the committed state is known.
 *
 * Source: Partition.handleAlterPartitionError.
 */
function onProposalRefused(
  broker: Broker,
  leader: LeaderReplica,
  response: AlterPartitionResponse,
  context: StepContext,
): Broker {
  const refused = withIsrState(
    broker,
    leader,
    committedIsr(leader.isrState.isr),
    {
      rule: "isr.proposal-refused",
      numbers: { error: response.error },
      because: [fact.isrState(leader.partition, broker.brokerId), fact.isr(leader.partition)],
    },
    context,
  );
  return withReplica(broker, refused);
}

/** The leader with another ISR state, and the news of it. */
function withIsrState(
  broker: Broker,
  leader: LeaderReplica,
  isrState: IsrState,
  reason: Reason,
  context: StepContext,
): LeaderReplica {
  const changed = leaderWith(leader, { isrState });
  noteIsrState(broker, leader, changed, reason, context);
  return changed;
}

function withQueue(broker: Broker, alterPartition: AlterPartitionQueue, dueMs: number): Broker {
  return brokerWith(broker, { alterPartition, dueMs: dueTimesWith(broker.dueMs, { alterPartition: dueMs }) });
}

function countFailure(broker: Broker): Broker {
  return brokerWith(broker, {
    meters: { ...broker.meters, failedIsrUpdates: broker.meters.failedIsrUpdates + 1 },
  });
}
