import { fact } from "../fact.js";
import { noLeader } from "../ids.js";
import { logEndOffset } from "../log/log.js";
import type { StepContext } from "./context.js";
import type { Broker, Replica } from "./state.js";

/** `leader@5`, `follower of 2@5`, `follower of none@5`, `offline`: the role and the leader epoch in which it is played. */
export function formatRole(replica: Replica): string {
  switch (replica.role) {
    case "leader":
      return `leader@${replica.leaderEpoch}`;
    case "follower":
      return `follower of ${replica.leader === noLeader ? "none" : replica.leader}@${replica.leaderEpoch}`;
    case "offline":
      return "offline";
  }
}

/**
 * Tells of another role, or the same one in a new leader epoch. Of a copy that was offline it also tells where its log and
 * high watermark begin: a crash may have taken both back.
 */
export function noteRole(broker: Broker, before: Replica, after: Replica, { outbox }: StepContext): void {
  const { partition, highWatermark } = after;
  const { brokerId } = broker;
  const role = fact.role(partition, brokerId);
  const end = logEndOffset(after.log);
  outbox.change({
    fact: role,
    from: formatRole(before),
    to: formatRole(after),
    rule: after.role === "leader" ? "leader.begins-epoch" : "follower.follows-epoch",
    numbers: { leaderEpoch: after.leaderEpoch, partitionEpoch: after.partitionEpoch, logEndOffset: end },
    because: [fact.leader(partition), fact.leaderEpoch(partition), fact.metadataOffset(brokerId)],
  });
  if (before.role !== "offline") return;
  const begins = { from: null, numbers: { incarnationId: broker.incarnationId }, because: [fact.process(brokerId)] };
  outbox.change({ ...begins, fact: fact.logEnd(partition, brokerId), to: end, rule: "replica.log-recovered" });
  outbox.change({
    ...begins,
    fact: fact.highWatermark(partition, brokerId),
    to: highWatermark,
    rule: "hw.starts-at-checkpoint",
  });
}
