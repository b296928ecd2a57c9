import { invariant } from "../../core/assert.js";
import { brokerName, controllerName, type NodeName, type TopicPartition } from "../../protocol/ids.js";
import type { Action } from "../action.js";
import type { Cut } from "../network.js";
import { currentMetadata, type World } from "../world.js";
import { type Peer, planes, type Step, valuesOf } from "./ast.js";

/** The actions that a step of a scenario stands for in this world, in order. Commands and expectations are none. */
export function actionsOf(step: Step, world: World): readonly Action[] {
  switch (step.type) {
    case "action":
      return [step.action];
    case "send": {
      const { producer } = step;
      const partition = step.partition ?? onlyPartition(world);
      return [{ type: "send", producer, partition, values: valuesOf(step.values) }];
    }
    case "isolate":
      return links(world, step.nodes, step.from).map(({ from, to }) => ({ type: "cut", from, to }));
    case "heal":
      return healed(world, step.nodes, step.from).map(({ from, to }) => ({ type: "heal", from, to }));
    default:
      return [];
  }
}

/** Where a record goes that does not say: the one partition there is. */
export function onlyPartition(world: World): TopicPartition {
  const { partitions } = currentMetadata(world);
  const only = partitions[0];
  invariant(
    only !== undefined && partitions.length === 1,
    () => `expected one partition, there are ${partitions.length}`,
  );
  return only.partition;
}

/** Both directions between each of `nodes` and each of `from`; an empty `from` is everybody else. */
function links(world: World, nodes: readonly NodeName[], from: readonly Peer[]): readonly Cut[] {
  const others = (candidates: readonly NodeName[]): readonly NodeName[] =>
    candidates.filter((candidate) => !nodes.includes(candidate));
  const peers =
    from.length === 0
      ? others(everybody(world))
      : from.flatMap((peer) => (isPlane(peer) ? others(nodesOf(world, peer)) : [peer]));
  const cuts: Cut[] = [];
  for (const node of nodes)
    for (const peer of peers) {
      if (peer === node) continue;
      if (cuts.some((cut) => cut.from === node && cut.to === peer)) continue;
      cuts.push({ from: node, to: peer }, { from: peer, to: node });
    }
  return cuts;
}

function healed(world: World, nodes: readonly NodeName[], from: readonly Peer[]): readonly Cut[] {
  const { cuts } = world.network;
  if (nodes.length === 0) return cuts;
  if (from.length === 0) return cuts.filter((cut) => nodes.includes(cut.from) || nodes.includes(cut.to));
  const named = links(world, nodes, from);
  return cuts.filter((cut) => named.some((link) => link.from === cut.from && link.to === cut.to));
}

function isPlane(peer: Peer): boolean {
  return planes.some((plane) => plane === peer);
}

function nodesOf(world: World, peer: Peer): readonly NodeName[] {
  if (peer === "brokers") return world.brokers.map(({ brokerId }) => brokerName(brokerId));
  if (peer === "clients") return [...world.producers, ...world.consumers].map(({ name }) => name);
  return [peer];
}

function everybody(world: World): readonly NodeName[] {
  return [controllerName, ...nodesOf(world, "brokers"), ...nodesOf(world, "clients")];
}
