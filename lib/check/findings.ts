import { invariant } from "../core/assert.js";
import type { Path } from "./model.js";
import type { Property } from "./properties.js";

/**
 * What a search can say of one property.
 *
 * `always`: holds (everywhere), or violated with the shortest path to a state that breaks it. `sometimes`: holds, with the
 * shortest path to a witness, or violated (nowhere). `leadsTo`: holds, or violated with a path that goes round for ever from
 * `loopsFrom` on (the number of steps before the loop; with no step after it, the run stays where it is for ever).
 * Inconclusive: the search ended before it could tell.
 */
export interface Finding<State, Action> {
  readonly property: Property<State>;
  readonly outcome: "holds" | "violated" | "inconclusive";
  readonly path?: Path<State, Action>;
  readonly loopsFrom?: number;
}

/** Where a property was decided: at the end of `parent`'s action with this position, or at an initial state. */
export interface Sighting {
  readonly parent: number;
  readonly action: number;
}

/**
 * Looks at each new state for the first that breaks an `always` or satisfies a `sometimes`.
 *
 * Properties are numbered by their place in the list, and sets of them are bits of one integer.
 */
export class Watch<State> {
  /** First sighting of each property, by number; breadth-first order makes it a shortest one. */
  readonly sightings = new Map<number, Sighting>();
  /** An `always` was broken, or everything there was to decide is decided. */
  settled = false;
  /** The properties that are still to be decided state by state, as bits. */
  open = 0;
  private readonly alwaysBits: number = 0;
  private readonly needsWholeGraph: boolean;

  constructor(
    readonly properties: readonly Property<State>[],
    private readonly stopAt: "first-violation" | "all-decided",
  ) {
    invariant(properties.length <= 31, () => `a search takes at most 31 properties, not ${properties.length}`);
    for (const [number, { kind }] of properties.entries()) {
      if (kind === "leadsTo") continue;
      this.open |= 1 << number;
      if (kind === "always") this.alwaysBits |= 1 << number;
    }
    this.needsWholeGraph = properties.some(({ kind }) => kind === "leadsTo");
  }

  /** The properties of `among` that this state decides, as bits. */
  seenIn(state: State, among: number): number {
    let seen = 0;
    for (let number = 0, rest = among; rest !== 0; number++, rest >>>= 1) {
      if ((rest & 1) === 0) continue;
      const property = this.properties[number];
      if (property === undefined || property.kind === "leadsTo") continue;
      if (property.holds(state) === (property.kind === "sometimes")) seen |= 1 << number;
    }
    return seen;
  }

  /** Notes the properties in `seen` as decided at `sighting`, unless they were before. */
  note(seen: number, sighting: Sighting): void {
    const fresh = seen & this.open;
    if (fresh === 0) return;
    for (let number = 0; number < this.properties.length; number++) {
      if ((fresh & (1 << number)) !== 0) this.sightings.set(number, sighting);
    }
    this.open &= ~fresh;
    const brokeOne = this.stopAt === "first-violation" && (fresh & this.alwaysBits) !== 0;
    if (brokeOne || (this.open === 0 && !this.needsWholeGraph)) this.settled = true;
  }
}

/** The finding on an `always` or `sometimes`, given the path to where it was decided, if it was. */
export function judge<State, Action>(
  property: Property<State>,
  complete: boolean,
  path: Path<State, Action> | undefined,
): Finding<State, Action> {
  const sought = property.kind === "sometimes";
  if (path !== undefined) return { property, outcome: sought ? "holds" : "violated", path };
  if (!complete) return { property, outcome: "inconclusive" };
  return { property, outcome: sought ? "violated" : "holds" };
}
