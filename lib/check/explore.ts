import { invariant } from "../core/assert.js";
import { Fingerprinter } from "../core/fingerprint.js";
import { Budget, type SearchOptions } from "./budget.js";
import { type Finding, judge, Watch } from "./findings.js";
import { FingerprintTable } from "./fingerprint-table.js";
import { checkLeadsTo } from "./leads-to.js";
import type { Model, Path } from "./model.js";
import type { LeadsTo, Property } from "./properties.js";
import { fingerprintState, NO_PARENT, replay, SearchTree } from "./search-tree.js";
import { StateGraph } from "./state-graph.js";
import type { Counts, EndedBy, Statistics } from "./statistics.js";

/** What a search found out: one finding a property, the model's invariants first, and how far it got. */
export interface Exploration<State, Action> {
  readonly findings: readonly Finding<State, Action>[];
  readonly statistics: Statistics;
}

/** The model threw, or broke the contract of {@link Model}, while the search went on from the last state of `path`. */
export class ModelError<State, Action> extends Error {
  override readonly name = "ModelError";

  constructor(
    cause: unknown,
    readonly path: Path<State, Action>,
  ) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`the model failed in a state ${path.steps.length} steps from the start (see \`path\`): ${reason}`, { cause });
  }
}

/** States between two looks at clock, memory and interruption. */
const POLL_EVERY = 512;
/** After the first states, every so manyth is fingerprinted again to see that `next` left it alone. */
const RECHECK_EVERY = 64;

/**
 * Explores a model breadth-first, so that the first state that breaks an invariant is reached by a shortest path. The same
 * model and bounds give the same counts and the same path every time.
 *
 * Throws only for mistakes in the model or the options; a broken property is a finding.
 */
export function explore<State, Action>(
  model: Model<State, Action>,
  options: SearchOptions<State> = {},
): Exploration<State, Action> {
  const search = new Search(model, options);
  search.advance();
  return search.exploration();
}

/** A search that can be taken forward in pieces: for a page that must stay responsive, or a command that can be interrupted. */
export class Search<State, Action> {
  readonly table = new FingerprintTable();
  readonly tree = new SearchTree();
  readonly watch: Watch<State>;
  readonly budget: Budget;
  private readonly graph: StateGraph | undefined;
  private readonly fold = new Fingerprinter();
  /** Waiting states of the depth at hand, dropped as they are gone on from. */
  private level: (State | undefined)[] = [];
  private nextLevel: State[] = [];
  private levelAt = 0;
  private levelDepth = 1;
  private expanded = 0;
  private generated = 0;
  private outside = 0;
  private endedBy: EndedBy | undefined;

  constructor(
    private readonly model: Model<State, Action>,
    private readonly options: SearchOptions<State> = {},
  ) {
    const properties: Property<State>[] = [...model.invariants, ...(options.properties ?? [])];
    this.watch = new Watch(properties, options.stopAt ?? "first-violation");
    this.budget = new Budget(options);
    const promises = properties.filter((property) => property.kind === "leadsTo");
    if (promises.length > 0) {
      invariant(
        model.symmetry === undefined,
        "leads-to cannot be asked of a model with symmetry: a loop among representatives need not be a loop. Leave symmetry out",
      );
      this.graph = new StateGraph(promises);
    }
    const initialStates = model.init();
    invariant(initialStates.length > 0, "a model has at least one initial state");
    for (const [position, state] of initialStates.entries()) this.meet(state, NO_PARENT, position);
    this.level = this.nextLevel;
    this.nextLevel = [];
  }

  /** Goes on from at most so many states; true when the search has ended. */
  advance(states = Number.POSITIVE_INFINITY): boolean {
    for (let left = states; left > 0 && this.endedBy === undefined; left--) {
      if (this.levelAt === this.level.length) this.nextDepth();
      this.endedBy = this.reasonToEnd();
      if (this.endedBy === undefined) this.guardedExpand();
    }
    return this.endedBy !== undefined;
  }

  /**
   * Goes on depth by depth until so many states wait at one depth and none of them has been gone on from. Returns these, in
   * the order of their numbers, or undefined when the search has ended before.
   */
  advanceToWidth(states: number): readonly State[] | undefined {
    for (;;) {
      if (this.advance(this.level.length - this.levelAt)) return undefined;
      if (this.nextLevel.length === 0) {
        this.advance(1);
        return undefined;
      }
      this.nextDepth();
      if (this.level.length >= states) return this.level.filter((state) => state !== undefined);
    }
  }

  counts(): Counts {
    return {
      distinct: this.tree.size,
      generated: this.generated,
      outside: this.outside,
      depth: this.nextLevel.length > 0 ? this.levelDepth + 1 : this.levelDepth,
      frontier: this.tree.size - this.expanded,
      bytes: this.table.bytes + this.tree.bytes + (this.graph?.bytes ?? 0),
    };
  }

  statistics(): Statistics {
    return this.budget.statistics(this.counts(), this.endedBy);
  }

  /** What was found out so far: final once `advance` has returned true, and inconclusive about the rest before that. */
  exploration(): Exploration<State, Action> {
    const complete = this.endedBy === "complete";
    const findings = this.watch.properties.map((property, number): Finding<State, Action> => {
      if (property.kind === "leadsTo") return this.judgePromise(property);
      const sighting = this.watch.sightings.get(number);
      return judge(property, complete, sighting && this.play(this.tree.wayToSighting(sighting)));
    });
    return { findings, statistics: this.statistics() };
  }

  private play(way: Parameters<typeof replay>[1]): Path<State, Action> {
    return replay(this.model, way, (fingerprint, number) => this.table.find(fingerprint) === number);
  }

  private judgePromise(property: LeadsTo<State>): Finding<State, Action> {
    invariant(this.graph !== undefined, "a search with a leads-to property keeps the graph");
    const { outcome, lasso } = checkLeadsTo(this.graph, property, this.tree);
    if (lasso !== undefined) {
      return { property, outcome: "violated", path: this.play(lasso.way), loopsFrom: lasso.loopsFrom };
    }
    return { property, outcome: outcome === "holds" && this.endedBy === "complete" ? "holds" : "inconclusive" };
  }

  private nextDepth(): void {
    this.level = this.nextLevel;
    this.nextLevel = [];
    this.levelAt = 0;
    if (this.level.length > 0) this.levelDepth++;
  }

  /** Between two states, never within one: so where a search is cut does not depend on how its work is shared out. */
  private reasonToEnd(): EndedBy | undefined {
    const { maxStates, maxDepth } = this.options;
    if (this.watch.settled) return "decided";
    if (this.levelAt === this.level.length) return "complete";
    if (maxStates !== undefined && this.tree.size >= maxStates) return "states";
    if (maxDepth !== undefined && this.levelDepth >= maxDepth) return "depth";
    return this.expanded % POLL_EVERY === 0 ? this.budget.poll(this.counts()) : undefined;
  }

  private guardedExpand(): void {
    try {
      this.expand();
    } catch (cause) {
      throw new ModelError(cause, this.play(this.tree.wayTo(this.expanded)));
    }
  }

  private expand(): void {
    const state = this.level[this.levelAt];
    invariant(state !== undefined, "a waiting state is kept until it is gone on from");
    const parent = this.expanded;
    this.graph?.open();
    let position = -1;
    for (const action of this.model.actions(state)) {
      position++;
      const next = this.model.next(state, action);
      if (next === undefined) continue;
      const number = this.meet(next, parent, position);
      if (number !== parent) this.graph?.edge(number, position, this.model.fairness?.(action));
    }
    invariant(position < 0x1_0000, () => `a state offers ${position + 1} actions; 65,536 is the most a path can name`);
    if (parent < RECHECK_EVERY || parent % RECHECK_EVERY === 0) this.recheck(state, parent);
    this.level[this.levelAt] = undefined;
    this.levelAt++;
    this.expanded++;
  }

  /** Counts a state that was made, and keeps it if it is new. Returns its number, or -1 if it lies outside the bounds. */
  private meet(state: State, parent: number, action: number): number {
    this.generated++;
    if (this.model.within !== undefined && !this.model.within(state)) {
      this.outside++;
      return -1;
    }
    fingerprintState(this.model, state, this.fold);
    const known = this.table.add(this.fold, this.tree.size);
    if (known >= 0) return known;
    const number = this.tree.size;
    this.tree.add(parent, action);
    this.nextLevel.push(state);
    const seen = this.watch.seenIn(state, this.watch.open);
    if (seen !== 0) this.watch.note(seen, { parent, action });
    this.graph?.node(state);
    return number;
  }

  private recheck(state: State, number: number): void {
    fingerprintState(this.model, state, this.fold);
    invariant(
      this.table.find(this.fold) === number,
      "a state has another key after `actions` and `next` were called with it: they must leave it as it was and make a new one",
    );
  }
}
