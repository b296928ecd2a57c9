import { invariant } from "../../core/assert.js";
import type { Action } from "../../sim/action.js";
import type { Scenario } from "../../sim/scenario/ast.js";
import { worldOf } from "../../sim/scenario/setup.js";
import type { SearchOptions } from "../budget.js";
import { explore } from "../explore.js";
import type { Statistics } from "../statistics.js";
import type { FaultBudget } from "../world/faults.js";
import type { SendAction } from "../world/moves.js";
import { readyForSearch } from "../world/ready.js";
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
  const ready = readyForSearch(worldOf(question.head));
  const search: WorldSearch = {
    world: ready.world,
    faults: question.faults,
    sends: sendsOf(question),
    checksInvariants: false,
  };
  const { findings, statistics } = explore(worldModel(search), {
    ...options,
    properties: question.promises.map(promised),
    stopAt: "all-decided",
  });
  return {
    statistics,
    findings: question.promises.map((promise, index) => {
      const finding = findings[index];
      invariant(finding !== undefined, "a search says something of each property");
      const moves = finding.path?.steps.map(({ action }) => action) ?? null;
      const path = finding.outcome === "violated" && moves !== null ? played(search, ready.actions, moves) : null;
      return { id: promise.id, outcome: finding.outcome, path };
    }),
  };
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
