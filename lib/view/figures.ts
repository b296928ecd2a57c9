import { invariant } from "../core/assert.js";
import type { TopicPartition } from "../protocol/ids.js";
import { ledger } from "../sim/ledger.js";
import type { World } from "../sim/world.js";
import { ledgerTable } from "./ledger-table.js";
import { logSvg } from "./log/svg.js";
import { logText } from "./log/text.js";
import { type PartitionView, partitionView } from "./partition-view.js";
import { replicaTable } from "./replica-table.js";
import { tableHtml } from "./table.js";

/** Anything that stands for a cluster at one moment: a `Cluster` of a notebook, a step of a trace. */
export interface HasWorld {
  readonly world: World;
}

/** The replicas' logs as text. Without a partition: the first of the cluster. */
export function logs(cluster: HasWorld, partition?: TopicPartition): string {
  return logText(viewOf(cluster, partition));
}

/** The replicas' logs as an SVG figure. */
export function logFigure(cluster: HasWorld, partition?: TopicPartition): string {
  return logSvg(viewOf(cluster, partition));
}

/** What each replica has and knows, as an HTML table. */
export function replicas(cluster: HasWorld, partition?: TopicPartition): string {
  return tableHtml(replicaTable(viewOf(cluster, partition)));
}

/** What became of each record that was sent, as an HTML table. */
export function outcomes(cluster: HasWorld): string {
  return tableHtml(ledgerTable(ledger(cluster.world)));
}

function viewOf({ world }: HasWorld, partition: TopicPartition | undefined): PartitionView {
  const name = partition ?? world.controller.image.partitions[0]?.partition;
  invariant(name !== undefined, "the cluster has no topic yet");
  const view = partitionView(world, name);
  invariant(view !== null, () => `the cluster has no partition ${name}`);
  return view;
}
