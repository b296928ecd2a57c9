import { invariant, unreachable } from "../../core/assert.js";
import type { VariantId } from "../../kafka/versions.js";
import { type Scenario, statementsOf } from "../../sim/scenario/ast.js";
import type { Check, ExploreCheck, LimitCheck, PlayCheck, SweepCheck } from "../check-format.js";
import type { ConfigureExercise, Situation } from "../exercise-format.js";
import type { RequirementVerdict } from "../verdict.js";
import { withHead } from "../whole-scenario.js";
import type { ConfigureAnswer } from "./answer.js";
import { type HeadOptions, scenarioFor, valueInForce } from "./build.js";
import { type Explained, explain } from "./counterexample.js";
import { exploreCheck, grouped } from "./explore.js";
import { explainBroken } from "./explore-story.js";
import { explainLimit, measured } from "./limit.js";
import { inSentence, inWords } from "./measure.js";
import { play, sweep } from "./sweep.js";

/** What a check runs: the exercise, the learner's answer, and a bug seeded into the model where lint asks for one. */
export interface Checked {
  readonly exercise: ConfigureExercise;
  readonly answer: ConfigureAnswer;
  readonly variant: VariantId | undefined;
  /** Only whether it passes: nothing is explained. */
  readonly brief: boolean;
}

export interface CheckOutcome extends Pick<RequirementVerdict, "result" | "searched"> {
  /** What broke it; null after a pass, and where nobody knows. */
  readonly explained: Explained | null;
}

/** Runs one check of a configure exercise against an answer. */
export function runCheck(checked: Checked, check: Check): CheckOutcome {
  if ("sweep" in check) return runSweep(checked, check.sweep);
  if ("play" in check) return runPlay(checked, check.play);
  if ("explore" in check) return runExplore(checked, check.explore);
  if ("limit" in check) return runLimit(checked, check.limit);
  return unreachable(check);
}

function runSweep(checked: Checked, { situations, fault, require }: SweepCheck): CheckOutcome {
  let runs = 0;
  for (const name of situations) {
    const situation = situationOf(checked, name);
    const result = sweep(scenarioOf(checked, name), { steps: fault }, situation, require, checked.brief);
    runs += result.runs;
    const { failure } = result;
    if (failure !== null)
      return failed(checked, `${counted(runs)}; this one fails`, () =>
        explain(failure, require, checked.answer, checked.exercise.asks),
      );
  }
  const where = situations.length === 1 ? "" : `, in ${situations.length} situations`;
  return passed(`${counted(runs)}: the fault after every change, on every broker${where}`);
}

function runPlay(checked: Checked, { situations, seeds, require }: PlayCheck): CheckOutcome {
  let runs = 0;
  for (const scenario of scenariosOf(checked, situations, seeds)) {
    runs++;
    const failure = play(scenario, require);
    if (failure === null) continue;
    return failed(checked, `${counted(runs)}; this one fails`, () =>
      explain(failure, require, checked.answer, checked.exercise.asks),
    );
  }
  return passed(counted(runs));
}

function runExplore(checked: Checked, check: ExploreCheck): CheckOutcome {
  const { exercise, answer, variant } = checked;
  const headOf = (changed: ConfigureAnswer): Scenario => scenarioFor(exercise.given, changed, headOptions(variant));
  const head = headOf(answer);
  const { outcome, searched, broken } = exploreCheck(head, copiesOf(head), check);
  if (outcome === "holds") return passed(searched);
  if (outcome === "inconclusive" || broken === null) return { result: "inconclusive", searched, explained: null };
  return failed(checked, searched, () => explainBroken(broken, head, answer, exercise.asks, headOf, copiesOf));
}

function runLimit(checked: Checked, { situations, seeds, measure, atMost }: LimitCheck): CheckOutcome {
  let highest = 0;
  for (const scenario of scenariosOf(checked, situations, seeds)) {
    const { value } = measured(scenario, measure);
    highest = Math.max(highest, value);
    if (value <= atMost) continue;
    const searched = `${inSentence(measure, value)}; at most ${inWords(measure, atMost)} is allowed`;
    return failed(checked, searched, () =>
      explainLimit(scenario, { measure, atMost }, checked.answer, checked.exercise.asks),
    );
  }
  return passed(`${inSentence(measure, highest)}; at most ${inWords(measure, atMost)} is allowed`);
}

function failed({ brief }: Checked, searched: string, why: () => Explained): CheckOutcome {
  return { result: "fail", searched, explained: brief ? null : why() };
}

function passed(searched: string): CheckOutcome {
  return { result: "pass", searched, explained: null };
}

function situationOf({ exercise }: Checked, name: string): Situation {
  const found = exercise.situations[name];
  invariant(found !== undefined, () => `${exercise.id} has no situation "${name}": loading it should have said so`);
  return found;
}

function scenarioOf(checked: Checked, name: string, seed?: number): Scenario {
  const { exercise, answer, variant } = checked;
  const options = { ...headOptions(variant), ...(seed === undefined ? {} : { seed }) };
  return scenarioFor(withHead(exercise.given, situationOf(checked, name).steps), answer, options);
}

/** Situations as they are run without a fault of ours: each goes on until it has settled. */
function scenariosOf(
  checked: Checked,
  names: readonly string[],
  seeds: readonly number[] | undefined,
): readonly Scenario[] {
  return names.flatMap((name) =>
    (seeds ?? [undefined]).map((seed) => settled(scenarioOf(checked, name, seed), situationOf(checked, name).settleMs)),
  );
}

/** A run that says nothing of its end goes on so long after its last line. */
function settled(scenario: Scenario, settleMs: number): Scenario {
  const statements = statementsOf(scenario).map(({ statement }) => statement);
  if (statements.some(({ type }) => type === "end")) return scenario;
  const lastMs = Math.max(0, ...statements.map((statement) => (statement.type === "step" ? (statement.atMs ?? 0) : 0)));
  const end = { type: "end", atMs: lastMs + settleMs } as const;
  return { lines: [...scenario.lines, { type: "statement", statement: end, comment: null }] };
}

function copiesOf(head: Scenario): number {
  const replicas = valueInForce(head, "topic", "replicas");
  return replicas === null ? Number(valueInForce(head, "topic", "replication.factor")) : replicas.split(",").length;
}

function headOptions(variant: VariantId | undefined): HeadOptions {
  return variant === undefined ? {} : { variant };
}

function counted(runs: number): string {
  return `${grouped(runs)} ${runs === 1 ? "run" : "runs"}`;
}
