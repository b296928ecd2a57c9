/** Small problems whose numbers have been known for long, each in the form that a model of its size would take. */
import type { Model } from "../../../lib/check/model.js";
import type { Always } from "../../../lib/check/properties.js";

/** A jug of three and one of five; Lamport's DieHard.tla. */
export interface Jugs {
  readonly small: number;
  readonly big: number;
}

const POURINGS = ["fill small", "fill big", "empty small", "empty big", "small to big", "big to small"] as const;
export type Pouring = (typeof POURINGS)[number];

export function dieHard(invariants: readonly Always<Jugs>[] = []): Model<Jugs, Pouring> {
  return {
    init: () => [{ small: 0, big: 0 }],
    actions: () => POURINGS,
    next({ small, big }, pouring) {
      switch (pouring) {
        case "fill small":
          return { small: 3, big };
        case "fill big":
          return { small, big: 5 };
        case "empty small":
          return { small: 0, big };
        case "empty big":
          return { small, big: 0 };
        case "small to big":
          return { small: Math.max(0, small + big - 5), big: Math.min(5, small + big) };
        case "big to small":
          return { small: Math.min(3, small + big), big: Math.max(0, small + big - 3) };
      }
    },
    invariants,
    key: (state, into) => into.value(state),
  };
}

/** The eight-puzzle: nine cells as a string, `0` for the gap, which starts in a corner. */
export function eightPuzzle(): Model<string, number> {
  const STEPS = [-3, 3, -1, 1];
  return {
    init: () => ["012345678"],
    actions: () => STEPS,
    next(cells, step) {
      const gap = cells.indexOf("0");
      const to = gap + step;
      const wraps = (step === -1 && gap % 3 === 0) || (step === 1 && gap % 3 === 2);
      const moved = cells[to];
      if (wraps || moved === undefined) return undefined;
      const [left, right] = gap < to ? [gap, to] : [to, gap];
      return cells.slice(0, left) + cells[right] + cells.slice(left + 1, right) + cells[left] + cells.slice(right + 1);
    },
    invariants: [],
    key: (cells, into) => into.text(cells),
  };
}
