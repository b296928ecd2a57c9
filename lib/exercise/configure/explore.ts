import { sweepAvailability } from "../../check/guarantees/availability.js";
import { counterexample } from "../../check/guarantees/counterexample.js";
import { type SafetyPromise, safetyPromises } from "../../check/guarantees/safety-promises.js";
import { type BrokenPath, searchSafety } from "../../check/guarantees/search-safety.js";
import { type FaultBudget, type FaultKind, faultKinds, formatFaults, parseFaults } from "../../check/world/faults.js";
import { searchSettings } from "../../check/world/ready.js";
import { invariant } from "../../core/assert.js";
import type { Action } from "../../sim/action.js";
import { type Scenario, type Setting, type Statement, statementsOf } from "../../sim/scenario/ast.js";
import type { ExploreCheck, PromiseId } from "../check-format.js";

/** The topic and the producer that a search speaks of; whoever asks for one has these in the head. */
export const searchedTopic = "orders";
export const searchedProducer = "p";

/** A promise that some placement of the faults breaks. */
export interface BrokenPromise {
  readonly id: PromiseId;
  /** A scenario that shows it: stepwise where a search has found it, with times where availability was asked about. */
  readonly scenario: Scenario;
  /** What is wrong with a world, in words; null of availability, which is a matter of time. */
  readonly broken: SafetyPromise["broken"] | null;
  /** Everything that happened, for playing it again under other settings; empty of availability. */
  readonly actions: readonly Action[];
  /** Faults in it, and whether a search has shown that fewer are not enough. */
  readonly faults: number;
  readonly noFewer: boolean;
}

export interface ExploreResult {
  readonly outcome: "holds" | "violated" | "inconclusive";
  /** With its bounds: "17,108 states: every schedule with crash 1, slow 1 and 1 record". */
  readonly searched: string;
  readonly broken: BrokenPromise | null;
}

/**
 * Plays a configuration against every placement of the faults and every order of what the cluster does by itself.
 * A search that is cut says so: it never passes.
 *
 * @param scenario a head with the topic `orders` and the producer `p`, the learner's keys in it
 */
export function exploreCheck(scenario: Scenario, replicationFactor: number, check: ExploreCheck): ExploreResult {
  const faults = budgetOf(check.faults);
  const bounds = `${formatFaults(faults)} and ${check.records} ${check.records === 1 ? "record" : "records"}`;
  const asked = safetyPromises.filter(({ id }) => check.promises.includes(id));
  const parts: string[] = [];
  let isCut = false;
  if (asked.length > 0) {
    const found = search(scenario, replicationFactor, check, faults, asked);
    parts.push(`${grouped(found.states)} states: every schedule with ${bounds}`);
    if (found.broken !== null) return { outcome: "violated", searched: parts.join("; "), broken: found.broken };
    isCut = found.isCut;
  }
  const available = check.promises.filter((id) => id === "writes-accepted" || id === "reads-available");
  if (available.length > 0) {
    const head = headFor(scenario, replicationFactor, ["p"], "timed");
    const findings = sweepAvailability(head, faults).filter(({ id }) => available.includes(id));
    parts.push(`${grouped(Math.max(...findings.map(({ runs }) => runs)))} runs: each choice of brokers for the faults`);
    const violated = findings.find(({ outcome }) => outcome === "violated");
    if (violated?.scenario != null)
      return {
        outcome: "violated",
        searched: parts.join("; "),
        broken: {
          id: violated.id,
          scenario: violated.scenario,
          broken: null,
          actions: [],
          faults: faultKinds.reduce((sum, kind) => sum + (faults[kind] ?? 0), 0),
          noFewer: false,
        },
      };
  }
  if (isCut)
    return {
      outcome: "inconclusive",
      searched: `the search was cut at ${grouped(check.statesMax)} states (${bounds}): nobody knows`,
      broken: null,
    };
  return { outcome: "holds", searched: parts.join("; "), broken: null };
}

interface Searched {
  readonly states: number;
  readonly isCut: boolean;
  readonly broken: BrokenPromise | null;
}

function search(
  scenario: Scenario,
  replicationFactor: number,
  check: ExploreCheck,
  faults: FaultBudget,
  promises: readonly SafetyPromise[],
): Searched {
  const producers = (faults["isolate-controller"] ?? 0) > 0 ? ["p", "q"] : ["p"];
  const head = headFor(scenario, replicationFactor, producers, "for-search");
  const ask = (budget: FaultBudget) =>
    searchSafety({ head, producers, records: check.records, faults: budget, promises }, { maxStates: check.statesMax });
  const whole = ask(faults);
  const states = whole.statistics.distinct;
  const isCut = whole.findings.some(({ outcome }) => outcome === "inconclusive");
  const first = whole.findings.find(({ path }) => path !== null);
  if (first?.path == null) return { states, isCut, broken: null };
  // The shortest way may spend more faults than are needed: fewer of them are tried before it is shown.
  let noFewer = true;
  for (const budget of smallerBudgets(faults)) {
    const { findings } = ask(budget);
    const fewer = findings.find(({ path }) => path !== null);
    if (fewer?.path != null) return { states, isCut, broken: told(fewer.id, fewer.path, countOf(budget), noFewer) };
    if (findings.some(({ outcome }) => outcome === "inconclusive")) noFewer = false;
  }
  return { states, isCut, broken: told(first.id, first.path, countOf(faults), noFewer) };

  function told(id: SafetyPromise["id"], path: BrokenPath, count: number, isLeast: boolean): BrokenPromise {
    const promise = promises.find((candidate) => candidate.id === id);
    invariant(promise !== undefined, () => `${id} was asked about`);
    const shown = counterexample(head, path.actions, promise.broken);
    invariant(shown !== null, "a way that breaks a promise breaks it when it is played again");
    return {
      id,
      scenario: shown.scenario,
      broken: promise.broken,
      actions: shown.actions,
      faults: count,
      noFewer: isLeast,
    };
  }
}

/** Budgets within this one with fewer faults, the fewest first. */
function smallerBudgets(faults: FaultBudget): readonly FaultBudget[] {
  let budgets: FaultBudget[] = [{}];
  for (const kind of faultKinds)
    budgets = budgets.flatMap((budget) =>
      Array.from(
        { length: (faults[kind] ?? 0) + 1 },
        (_, count): FaultBudget => (count === 0 ? budget : { ...budget, [kind]: count }),
      ),
    );
  return budgets.filter((budget) => countOf(budget) < countOf(faults)).sort((a, b) => countOf(a) - countOf(b));
}

function countOf(faults: FaultBudget): number {
  return faultKinds.reduce((sum, kind: FaultKind) => sum + (faults[kind] ?? 0), 0);
}

/** Whether the same thing goes wrong if what happened is repeated, as far as it can be, in another cluster. */
export function breaksAgain(
  scenario: Scenario,
  replicationFactor: number,
  { actions, broken }: Pick<BrokenPromise, "actions" | "broken">,
): boolean {
  if (broken === null) return false;
  const producers = actions.some((action) => action.type === "send" && action.producer === "q") ? ["p", "q"] : ["p"];
  return counterexample(headFor(scenario, replicationFactor, producers, "for-search"), actions, broken) !== null;
}

/**
 * The head of a search: as many brokers as there are copies (the others would only make it larger), the same topic and
 * producers, no consumers.
 *
 * The first replica is the broker with the highest id, so that it does not answer a client's first question: one that
 * starts later learns of a new leader although the old one still believes in itself.
 */
function headFor(
  scenario: Scenario,
  replicationFactor: number,
  producers: readonly string[],
  how: "for-search" | "timed",
): Scenario {
  const statements = statementsOf(scenario).map(({ statement }) => statement);
  const settingsOf = (type: "cluster" | "topic" | "producer"): readonly Setting[] => {
    const found = statements.find((statement) => statement.type === type);
    return found !== undefined && "settings" in found ? found.settings : [];
  };
  const ids = Array.from({ length: replicationFactor }, (_, index) => index + 1);
  const replicas = [replicationFactor, ...ids.slice(0, -1)].join(",");
  const cluster = { brokers: String(replicationFactor), ...(how === "for-search" ? searchSettings : {}) };
  const head: Statement[] = [
    { type: "cluster", settings: withSettings(settingsOf("cluster"), cluster, ["racks", "seed"]) },
    {
      type: "topic",
      name: searchedTopic,
      settings: withSettings(settingsOf("topic"), { replicas }, ["replication.factor", "partitions"]),
    },
    ...producers.map((name): Statement => ({ type: "producer", name, settings: settingsOf("producer") })),
  ];
  return { lines: head.map((statement) => ({ type: "statement", statement, comment: null })) };
}

function withSettings(
  settings: readonly Setting[],
  own: Readonly<Record<string, string>>,
  without: readonly string[],
): readonly Setting[] {
  const kept = settings.filter(({ key }) => !(key in own) && !without.includes(key));
  return [...kept, ...Object.entries(own).map(([key, value]) => ({ key, value }))];
}

export function budgetOf(text: string): FaultBudget {
  const parsed = parseFaults(text);
  invariant(parsed.ok, () => `an exercise's faults were not checked: ${text}`);
  return parsed.budget;
}

/** Digits in groups of three. */
export function grouped(count: number): string {
  return count.toString().replace(/\B(?=(\d{3})+$)/g, ",");
}
