import { invariant } from "../core/assert.js";
import { IntList } from "./int-list.js";
import type { LeadsTo } from "./properties.js";
import type { Hop, SearchTree } from "./search-tree.js";
import { NO_PARENT } from "./search-tree.js";
import type { StateGraph } from "./state-graph.js";
import { stronglyConnected } from "./strongly-connected.js";

/** A run that never keeps the promise: the way to a loop and once round it. With no hop after `loopsFrom` steps it stays where it is. */
export interface Lasso {
  readonly way: readonly Hop[];
  readonly loopsFrom: number;
}

/** Inconclusive where some run that has not kept the promise yet goes on beyond what was explored. */
export type PromiseVerdict =
  | { readonly outcome: "violated"; readonly lasso: Lasso }
  | { readonly outcome: "holds" | "inconclusive"; readonly lasso?: undefined };

/**
 * Looks for a fair run that meets `from` and then never `to`.
 *
 * Such a run ends up in one strongly connected part of the states without `to` that can be reached from a `from` state. It
 * may stay there and be fair if each promise is either not possible somewhere in the part or taken within it. It is enough to
 * look at whole parts: a promise that a whole part breaks, every smaller loop in it breaks too. Staying in one state for ever
 * is a loop as well, fair where no promise is possible.
 *
 * The stem of the lasso is a shortest one; the loop is short, not always shortest.
 */
export function checkLeadsTo(graph: StateGraph, property: LeadsTo<never>, tree: SearchTree): PromiseVerdict {
  const region = regionOf(graph, property, tree);
  const parts = stronglyConnected(graph, region.order, region.cost);
  const fair = fairParts(graph, region.order, parts);
  for (let at = 0; at < region.order.length; at++) {
    const state = region.order.at(at);
    if (fair[parts[state] ?? 0] !== 1) continue;
    const stem = stemTo(state, region, tree);
    return {
      outcome: "violated",
      lasso: { way: [...stem, ...loopAt(state, graph, parts)], loopsFrom: stem.length - 1 },
    };
  }
  return { outcome: region.isWhole ? "holds" : "inconclusive" };
}

/** The states in which a promise is open: reached from a `from` state without meeting `to`. */
interface Region {
  /** By length of the shortest way on which the promise is open at the end. */
  readonly order: IntList;
  /** By state: the depth of that way; 0 outside the region. */
  readonly cost: Int32Array;
  /** By state: the edge by which that way comes and the state before; -1 where the promise opens. */
  readonly edge: Int32Array;
  readonly before: Int32Array;
  readonly graph: StateGraph;
  /** Nothing that follows was left unexplored. */
  readonly isWhole: boolean;
}

function regionOf(graph: StateGraph, property: LeadsTo<never>, tree: SearchTree): Region {
  const depth = new Int32Array(graph.size);
  const cost = new Int32Array(graph.size);
  const edge = new Int32Array(graph.size).fill(-1);
  const before = new Int32Array(graph.size).fill(-1);
  const order = new IntList();
  let isWhole = true;
  for (let state = 0; state < graph.size; state++) {
    const parent = tree.parents[state] ?? NO_PARENT;
    depth[state] = parent === NO_PARENT ? 1 : (depth[parent] ?? 0) + 1;
  }
  let layer: number[] = [];
  // States are numbered by depth, so those that open the promise at one depth follow those of the depth before.
  for (let opening = 0, length = 1; opening < graph.size || layer.length > 0; length++) {
    for (; depth[opening] === length; opening++) {
      if (cost[opening] !== 0 || !graph.from(property, opening) || graph.to(property, opening)) continue;
      cost[opening] = length;
      layer.push(opening);
    }
    const nextLayer: number[] = [];
    for (const state of layer) {
      order.push(state);
      if (!graph.isWhole(state)) isWhole = false;
      for (let via = graph.edgesFrom(state); via < graph.edgesTo(state); via++) {
        const target = graph.target(via);
        if (cost[target] !== 0 || graph.to(property, target)) continue;
        cost[target] = length + 1;
        edge[target] = via;
        before[target] = state;
        nextLayer.push(target);
      }
    }
    layer = nextLayer;
  }
  return { order, cost, edge, before, graph, isWhole };
}

/** By part: 1 if a fair run can stay in it for ever. */
function fairParts(graph: StateGraph, order: IntList, parts: Int32Array): Uint8Array {
  const fair = new Uint8Array(order.length).fill(1);
  const possible = new Int32Array(order.length).fill(-1);
  const taken = new Int32Array(order.length);
  for (let at = 0; at < order.length; at++) {
    const state = order.at(at);
    const part = parts[state] ?? 0;
    // What a state that was not gone on from makes possible is not known, so nothing is claimed about its part.
    if (state >= graph.expanded) fair[part] = 0;
    possible[part] = (possible[part] ?? 0) & graph.promisesAt(state);
    for (let via = graph.edgesFrom(state); via < graph.edgesTo(state); via++) {
      if (parts[graph.target(via)] === part) taken[part] = (taken[part] ?? 0) | graph.promise(via);
    }
  }
  for (let part = 0; part < fair.length; part++) {
    if (((possible[part] ?? 0) & ~(taken[part] ?? 0)) !== 0) fair[part] = 0;
  }
  return fair;
}

/** From an initial state to where the promise opens, and on with the promise open to `state`. */
function stemTo(state: number, region: Region, tree: SearchTree): Hop[] {
  const open: Hop[] = [];
  let at = state;
  for (let via = region.edge[at] ?? -1; via >= 0; via = region.edge[at] ?? -1) {
    open.push({ action: region.graph.action(via), to: at });
    at = region.before[at] ?? 0;
  }
  return [...tree.wayTo(at), ...open.reverse()];
}

/** Once round from `start` within its part, keeping each promise once or passing a state where it is not possible. */
function loopAt(start: number, graph: StateGraph, parts: Int32Array): Hop[] {
  const loop: Hop[] = [];
  const here = (): number => loop.at(-1)?.to ?? start;
  let pending = graph.promisesAt(start);
  const walk = (hops: readonly Hop[]): void => {
    for (const hop of hops) {
      loop.push(hop);
      pending &= graph.promisesAt(hop.to ?? start);
    }
  };
  while (pending !== 0) {
    const promise = pending & -pending;
    const hops = shortestWithin(graph, parts, here(), (via) => {
      return (graph.promise(via) & promise) !== 0 || (graph.promisesAt(graph.target(via)) & promise) === 0;
    });
    walk(hops);
    pending &= ~promise;
  }
  if (here() !== start) walk(shortestWithin(graph, parts, here(), (via) => graph.target(via) === start));
  return loop;
}

/** A shortest way inside one part whose last edge is wanted. There is one: the part is strongly connected and has such an edge. */
function shortestWithin(
  graph: StateGraph,
  parts: Int32Array,
  start: number,
  isWanted: (edge: number) => boolean,
): Hop[] {
  const cameBy = new Map<number, { readonly edge: number; readonly before: number }>();
  const queue = [start];
  for (const state of queue) {
    for (let via = graph.edgesFrom(state); via < graph.edgesTo(state); via++) {
      const target = graph.target(via);
      if (parts[target] !== parts[start]) continue;
      if (isWanted(via)) {
        const hops: Hop[] = [{ action: graph.action(via), to: target }];
        for (let at = state; at !== start; ) {
          const back = cameBy.get(at);
          invariant(back !== undefined, "every state in the queue but the first was reached by an edge");
          hops.push({ action: graph.action(back.edge), to: at });
          at = back.before;
        }
        return hops.reverse();
      }
      if (target === start || cameBy.has(target)) continue;
      cameBy.set(target, { edge: via, before: state });
      queue.push(target);
    }
  }
  invariant(false, "a strongly connected part has a way to each of its edges");
}
