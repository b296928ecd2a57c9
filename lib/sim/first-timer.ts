import type { DueTimer } from "../protocol/broker/event.js";

/** The first of a list to be due; of several the one that stands first. */
export function firstDue<Timer>(timers: readonly DueTimer<Timer>[]): DueTimer<Timer> | null {
  let first: DueTimer<Timer> | null = null;
  for (const timer of timers) if (first === null || timer.dueMs < first.dueMs) first = timer;
  return first;
}

/**
 * Finds the timer of a node that is due first, and remembers it for the nodes it has seen last: a step leaves most nodes
 * of a world as they are. A memo of a pure function, by identity; it holds one node a place.
 */
export class FirstTimers<Node extends object, Timer> {
  readonly #nodes: Node[] = [];
  readonly #timers: (DueTimer<Timer> | null)[] = [];

  constructor(private readonly firstOf: (node: Node) => DueTimer<Timer> | null) {}

  /** @param place where the node stands among its like in its world */
  of(place: number, node: Node): DueTimer<Timer> | null {
    if (this.#nodes[place] === node) return this.#timers[place] ?? null;
    const first = this.firstOf(node);
    this.#nodes[place] = node;
    this.#timers[place] = first;
    return first;
  }
}
