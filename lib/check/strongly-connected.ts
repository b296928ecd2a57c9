import type { IntList } from "./int-list.js";
import type { StateGraph } from "./state-graph.js";

const NONE = -1;

/**
 * The strongly connected parts of some states of a graph: by state the number of its part, counted from 0; -1 elsewhere.
 * Tarjan's algorithm, with its own stack, since a path may be a million states long.
 *
 * @param states the states to look at
 * @param inside by state, not 0 for those and 0 for all others
 */
export function stronglyConnected(graph: StateGraph, states: IntList, inside: Int32Array): Int32Array {
  const parts = new Int32Array(graph.size).fill(NONE);
  const seenAt = new Int32Array(graph.size).fill(NONE);
  /** The earliest seen state that is known to be reachable and still on `open`. */
  const reaches = new Int32Array(graph.size);
  const nextEdge = new Int32Array(graph.size);
  const path: number[] = [];
  const open: number[] = [];
  let seen = 0;
  let partCount = 0;

  const enter = (state: number): void => {
    seenAt[state] = seen;
    reaches[state] = seen++;
    nextEdge[state] = graph.edgesFrom(state);
    path.push(state);
    open.push(state);
  };
  const lower = (state: number, to: number): void => {
    if (to < (reaches[state] ?? 0)) reaches[state] = to;
  };
  const leave = (state: number): void => {
    path.pop();
    const caller = path.at(-1);
    if (caller !== undefined) lower(caller, reaches[state] ?? 0);
    if (reaches[state] !== seenAt[state]) return;
    for (let member = open.pop(); member !== undefined; member = member === state ? undefined : open.pop()) {
      parts[member] = partCount;
    }
    partCount++;
  };

  for (let at = 0; at < states.length; at++) {
    if (seenAt[states.at(at)] === NONE) enter(states.at(at));
    for (let state = path.at(-1); state !== undefined; state = path.at(-1)) {
      const edge = nextEdge[state] ?? 0;
      if (edge >= graph.edgesTo(state)) {
        leave(state);
        continue;
      }
      nextEdge[state] = edge + 1;
      const target = graph.target(edge);
      if (inside[target] === 0) continue;
      if (seenAt[target] === NONE) enter(target);
      else if (parts[target] === NONE) lower(state, seenAt[target] ?? 0);
    }
  }
  return parts;
}
