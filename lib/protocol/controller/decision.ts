import type { Rules } from "../../kafka/versions.js";
import type { Change, Fact, FactValue } from "../fact.js";
import { applyMetadataBatch } from "../metadata/apply.js";
import { partitionOf } from "../metadata/image.js";
import type { MetadataRecord } from "../metadata/record.js";
import type { RuleId } from "../rules/index.js";
import type { Outbox } from "../step.js";
import { countElection } from "./metrics.js";
import type { Controller } from "./state.js";

/** A record that the controller wishes to write, and what it changes and why. Nothing is applied yet. */
export interface Decision<R extends MetadataRecord = MetadataRecord> {
  readonly record: R;
  readonly changes: readonly Change[];
}

/** What made the controller look at a partition: the rule, the numbers it read, and the facts they came from. */
export interface Cause {
  readonly rule: RuleId;
  readonly numbers: Readonly<Record<string, FactValue>>;
  readonly because: readonly Fact[];
}

/**
 * Writes decisions as one batch and folds them into the controller's own image. No decision, no batch.
 *
 * Changes are told causes first: what became of brokers, configurations and features comes before what that did to
 * partitions, although Kafka writes a fencing after the partitions it touches.
 */
export function commit(
  controller: Controller,
  decisions: readonly Decision[],
  nowMs: number,
  rules: Rules,
  outbox: Outbox,
): Controller {
  if (decisions.length === 0) return controller;
  const batch = {
    baseOffset: controller.image.nextOffset,
    records: decisions.map(({ record }) => record),
    appendedAtMs: nowMs,
  };
  const causes = decisions.filter(({ record }) => !concernsPartition(record));
  const consequences = decisions.filter(({ record }) => concernsPartition(record));
  for (const { changes } of [...causes, ...consequences]) for (const change of changes) outbox.change(change);

  let metrics = controller.metrics;
  for (const { record } of consequences) {
    if (record.type !== "PartitionChangeRecord") continue;
    const before = partitionOf(controller.image, record.partition);
    if (before !== undefined) metrics = countElection(metrics, before, record, rules);
  }
  return {
    ...controller,
    image: applyMetadataBatch(controller.image, batch, rules),
    log: [...controller.log, batch],
    metrics,
  };
}

function concernsPartition({ type }: MetadataRecord): boolean {
  return type === "PartitionChangeRecord" || type === "PartitionRecord" || type === "ClearElrRecord";
}
