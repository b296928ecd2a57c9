/** KafkaTruncateToHighWatermark.tla: a new follower truncates to its own high watermark, which may lag behind the true one. */
import { unfencedRules } from "./before-fencing.js";
import { type Constants, highWatermark, published, replicaOf, specification, weakIsr } from "./kafka-replication.js";

export function truncateToHighWatermark(constants: Constants = published) {
  const rules = unfencedRules("BecomeFollowerTruncateToHighWatermark", (state, _, follower) =>
    highWatermark(replicaOf(state, follower)),
  );
  return specification(rules, weakIsr, constants);
}
