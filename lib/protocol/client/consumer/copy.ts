import type { ConsumedPartition, Consumer } from "./state.js";

/* Copies with some fields changed, written out for the reason given in `../producer/copy.ts`. */

export function consumerWith(consumer: Consumer, change: Partial<Consumer>): Consumer {
  return {
    name: consumer.name,
    settings: consumer.settings,
    metadata: change.metadata ?? consumer.metadata,
    partitions: change.partitions ?? consumer.partitions,
  };
}

export function consumedWith(consumed: ConsumedPartition, change: Partial<ConsumedPartition>): ConsumedPartition {
  return {
    partition: consumed.partition,
    reading: change.reading ?? consumed.reading,
    requests: change.requests ?? consumed.requests,
    notBeforeMs: change.notBeforeMs === undefined ? consumed.notBeforeMs : change.notBeforeMs,
    lostInARow: change.lostInARow ?? consumed.lostInARow,
    preferredReadReplica:
      change.preferredReadReplica === undefined ? consumed.preferredReadReplica : change.preferredReadReplica,
  };
}
