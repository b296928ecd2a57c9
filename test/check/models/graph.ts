import type { Model } from "../../../lib/check/model.js";
import type { Always } from "../../../lib/check/properties.js";

/** What happens on an edge of a {@link graph}: `move` is its text form. */
export interface Move {
  readonly to: number;
  readonly promise: string | undefined;
}

/**
 * A model whose states are whole numbers, from a short text: `0>1 1>2:tick 2>0` has three edges, the second of which is
 * promised by "tick". States without incoming edges from others are not special: the initial states are given.
 */
export function graph(text: string, init: readonly number[] = [0], invariants: readonly Always<number>[] = []) {
  const edges = new Map<number, Move[]>();
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    const match = /^(\d+)>(\d+)(?::(\w+))?$/.exec(word);
    if (match === null) throw new Error(`not an edge: ${word}`);
    const from = Number(match[1]);
    edges.set(from, [...(edges.get(from) ?? []), { to: Number(match[2]), promise: match[3] }]);
  }
  const model: Model<number, Move> = {
    init: () => init,
    actions: (state) => edges.get(state) ?? [],
    next: (_, move) => move.to,
    invariants,
    key: (state, into) => into.integer(state),
    fairness: (move) => move.promise,
  };
  return model;
}
