import { invariant } from "../../core/assert.js";
import type { Action } from "../../sim/action.js";
import type { Scenario } from "../../sim/scenario/ast.js";
import { worldOf } from "../../sim/scenario/setup.js";
import type { SearchOptions } from "../budget.js";
import { Search } from "../explore.js";
import type { Statistics } from "../statistics.js";
import type { FaultBudget } from "../world/faults.js";
import type { SendAction } from "../world/moves.js";
import { type Ready, readyForSearch } from "../world/ready.js";
import type { Move, SearchState } from "../world/state.js";
import { performMove, type WorldSearch, worldModel } from "../world/world-model.js";
import { partitionName } from "./configuration.js";
import { promised, type SafetyPromise, type SafetyPromiseId } from "./safety-promises.js";

/** What is asked, beside the configuration in the head. */
export interface SafetyQuestion {
  /** A scenario's head with producers `p` and perhaps `q`. */
  readonly head: Scenario;
  readonly producers: readonly string[];
  readonly records: number;
  readonly faults: FaultBudget;
  readonly promises: readonly SafetyPromise[];
}

export interface SafetyFinding {
  readonly id: SafetyPromiseId;
  readonly outcome: "holds" | "violated" | "inconclusive";
  /** Of a violation: what was chosen, in order, and every action that came of it. */
  readonly path: BrokenPath | null;
}

export interface BrokenPath {
  readonly moves: readonly Move[];
  /** All actions from the ready cluster on, the first ones those that were under way. */
  readonly actions: readonly Action[];
}

export interface SafetyResult {
  readonly findings: readonly SafetyFinding[];
  readonly statistics: Statistics;
}

/** Plays a configuration against every placement of the faults and every order of what the cluster does by itself. */
export function searchSafety(question: SafetyQuestion, options: SearchOptions<SearchState> = {}): SafetyResult {
  const search = new SafetySearch(question, options);
  search.advance();
  return search.result();
}

/** The same in pieces, for those who have to look up from it now and then. */
export class SafetySearch {
  readonly #ready: Ready;
  readonly #world: WorldSearch;
  readonly #search: Search<SearchState, Move>;

  constructor(
    private readonly question: SafetyQuestion,
    options: SearchOptions<SearchState> = {},
  ) {
    this.#ready = readyForSearch(worldOf(question.head));
    this.#world = {
      world: this.#ready.world,
      faults: question.faults,
      sends: sendsOf(question),
      checksInvariants: false,
    };
    this.#search = new Search(worldModel(this.#world), {
      ...options,
      properties: question.promises.map(promised),
      stopAt: "all-decided",
    });
  }

  /** Goes on from at most so many states; true when the search has ended. */
  advance(states?: number): boolean {
    return this.#search.advance(states);
  }

  result(): SafetyResult {
    const { findings, statistics } = this.#search.exploration();
    return {
      statistics,
      findings: this.question.promises.map((promise, index) => {
        const finding = findings[index];
        invariant(finding !== undefined, "a search says something of each property");
        const moves = finding.path?.steps.map(({ action }) => action) ?? null;
        const isBroken = finding.outcome === "violated" && moves !== null;
        const path = isBroken ? played(this.#world, this.#ready.actions, moves) : null;
        return { id: promise.id, outcome: finding.outcome, path };
      }),
    };
  }
}

/** The values that are sent: a, b, c, … */
export function valuesSent(records: number): readonly string[] {
  return Array.from({ length: records }, (_, index) => (index < 26 ? String.fromCharCode(97 + index) : `m${index}`));
}

export function sendsOf({
  producers,
  records,
}: Pick<SafetyQuestion, "producers" | "records">): readonly SendAction[][] {
  return valuesSent(records).map((value) =>
    producers.map((producer): SendAction => ({ type: "send", producer, partition: partitionName, values: [value] })),
  );
}

/** Every action of a path of moves. */
export function played(search: WorldSearch, before: readonly Action[], moves: readonly Move[]): BrokenPath {
  const [init] = worldModel(search).init();
  invariant(init !== undefined, "a search starts somewhere");
  let state = init;
  const actions = [...before];
  for (const move of moves) {
    const done = performMove(state, move);
    actions.push(...done.actions);
    state = done.state;
  }
  return { moves, actions };
}
