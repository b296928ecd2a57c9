import type { Rules } from "../../kafka/versions.js";
import { type Fact, fact } from "../fact.js";
import { logEndOffset } from "../log/log.js";
import { effectiveMinInsyncReplicas } from "../metadata/apply.js";
import { topicOf } from "../metadata/image.js";
import type { StepContext } from "./context.js";
import { leaderWith } from "./copy.js";
import { isIsrEligible } from "./isr-eligible.js";
import { isrOf, maximalIsr } from "./isr-state.js";
import { isCaughtUp } from "./remote-replica.js";
import type { Broker, LeaderReplica, RemoteReplica } from "./state.js";

/**
 * How many members the ISR must have for acks=all to be accepted and for the high watermark to move. A value larger than
 * the number of replicas counts as that number since KAFKA-15583.
 *
 * Source: Partition.effectiveMinIsr.
 */
export function effectiveMinIsr(broker: Broker, leader: LeaderReplica, rules: Rules): number {
  const topic = topicOf(broker.metadata, leader.topic);
  return topic === undefined ? 1 : effectiveMinInsyncReplicas(topic, leader.remoteReplicas.length + 1, rules);
}

export function isUnderMinIsr(broker: Broker, leader: LeaderReplica, rules: Rules): boolean {
  return isrOf(leader.isrState, rules).length < effectiveMinIsr(broker, leader, rules);
}

/**
 * Moves the leader's high watermark up to the smallest log end among those it waits for: the maximal ISR, and replicas
 * outside it that are caught up and could join. (Without the latter a high watermark that jumps to the leader's end with
 * every write would never be reached by a follower that is nearly there.) Never moves it down.
 *
 * It is called when the leader appends, when a follower's log end changes, when the ISR changes and when a leader
 * begins. Time alone and a smaller `min.insync.replicas` are no reasons.
 *
 * Source: Partition.maybeIncrementLeaderHW.
 */
export function advanceHighWatermark(broker: Broker, leader: LeaderReplica, context: StepContext): LeaderReplica {
  const { rules } = context;
  if (rules.highWatermarkFrozenUnderMinIsr && isUnderMinIsr(broker, leader, rules)) return leader;
  const leaderLogEndOffset = logEndOffset(leader.log);
  const waitedFor = maximalIsr(leader.isrState, rules);
  let candidate = leaderLogEndOffset;
  for (const remote of leader.remoteReplicas) {
    if (remote.logEndOffset >= candidate || !rules.highWatermarkWaitsForIsr) continue;
    if (waitedFor.includes(remote.replicaId) || holdsBackFromOutside(broker, remote, leaderLogEndOffset, context)) {
      candidate = remote.logEndOffset;
    }
  }
  if (candidate === leader.highWatermark) return leader;
  if (candidate < leader.highWatermark && (rules.highWatermarkOnlyRises || candidate < leader.log.logStartOffset))
    return leader;
  noteAdvance(broker, leader, candidate, context);
  return leaderWith(leader, { highWatermark: candidate });
}

/** Whether a leader's high watermark waits for a replica now, as a member of the maximal ISR or from outside. */
export function holdsBackHighWatermark(
  broker: Broker,
  leader: LeaderReplica,
  remote: RemoteReplica,
  nowMs: number,
  rules: Rules,
): boolean {
  if (maximalIsr(leader.isrState, rules).includes(remote.replicaId)) return true;
  return holdsBackFromOutside(broker, remote, logEndOffset(leader.log), { nowMs, rules });
}

/** Whether the high watermark waits for a replica although it is not a member of the ISR. */
function holdsBackFromOutside(
  broker: Broker,
  remote: RemoteReplica,
  leaderLogEndOffset: number,
  { nowMs, rules }: Pick<StepContext, "nowMs" | "rules">,
): boolean {
  if (rules.highWatermarkWaitsForOutsiders === "never") return false;
  if (!isCaughtUp(remote, leaderLogEndOffset, nowMs, broker.settings.replicaLagTimeMaxMs)) return false;
  return rules.highWatermarkWaitsForOutsiders === "caught-up" || isIsrEligible(broker.metadata, remote, rules);
}

function noteAdvance(broker: Broker, leader: LeaderReplica, highWatermark: number, context: StepContext): void {
  const { rules, outbox } = context;
  if (!outbox.explains) return;
  const { brokerId } = broker;
  const { partition } = leader;
  const end = logEndOffset(leader.log);
  const waitedFor = maximalIsr(leader.isrState, rules);
  const because: Fact[] = [fact.logEnd(partition, brokerId), fact.isrState(partition, brokerId)];
  const ends: string[] = [`${brokerId}:${end}`];
  for (const remote of leader.remoteReplicas) {
    const outside = !waitedFor.includes(remote.replicaId);
    if (outside && !holdsBackFromOutside(broker, remote, end, context)) continue;
    because.push(fact.remoteLogEnd(partition, brokerId, remote.replicaId));
    ends.push(`${remote.replicaId}:${remote.logEndOffset}`);
  }
  outbox.change({
    fact: fact.highWatermark(partition, brokerId),
    from: leader.highWatermark,
    to: highWatermark,
    rule: "hw.min-over-maximal-isr",
    numbers: {
      maximalIsr: [...waitedFor],
      logEnds: ends,
      minInsyncReplicas: effectiveMinIsr(broker, leader, rules),
    },
    because,
  });
}
