/** Kip101.tla: a new follower asks the leader where the epoch of its own last record ended. */
import { type TruncationOffset, unfencedRules } from "./before-fencing.js";
import {
  type Constants,
  endOffset,
  epochAt,
  highWatermark,
  published,
  replicaOf,
  specification,
  weakIsr,
} from "./kafka-replication.js";

const offsetForLastEpoch: TruncationOffset = (state, leader, follower) => {
  const own = replicaOf(state, follower);
  const other = replicaOf(state, leader);
  if (endOffset(own) === 0) return 0;
  if (endOffset(other) === 0) return highWatermark(own);
  const epoch = epochAt(own, endOffset(own) - 1);
  if (epochAt(other, endOffset(other) - 1) === epoch) return endOffset(other);
  for (let offset = 0; offset < endOffset(other); offset++) if (epochAt(other, offset) > epoch) return offset;
  return highWatermark(own);
};

export function kip101(constants: Constants = published) {
  return specification(unfencedRules("BecomeFollowerTruncateKip101", offsetForLastEpoch), weakIsr, constants);
}
