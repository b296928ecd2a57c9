import { type Scenario, statementsOf } from "../../sim/scenario/ast.js";
import { formatScenario } from "../../sim/scenario/format.js";
import { runScenario } from "../../sim/scenario/run-scenario.js";
import { Runner } from "../../sim/scenario/runner.js";
import { worldOf } from "../../sim/scenario/setup.js";
import type { LimitCheck, MeasureId } from "../check-format.js";
import type { Asks, ConfigureAnswer } from "./answer.js";
import { withSettings } from "./build.js";
import { type Explained, spaced } from "./counterexample.js";
import { culpritOf } from "./culprit.js";
import { inSentence, inWords, type Measured, measure, RequestCount } from "./measure.js";
import { ackReason, storyOf } from "./story.js";
import { stepsMax } from "./sweep.js";

/** Runs a scenario and takes a measure at its end. */
export function measured(scenario: Scenario, id: MeasureId): Measured {
  const start = worldOf(scenario);
  const requests = new RequestCount(start);
  const isCounted = id === "produce-requests" || id === "replica-fetches";
  const runner = new Runner(start, {
    maxSteps: stepsMax,
    ...(isCounted ? { onStep: (entry) => requests.add(entry) } : {}),
  });
  for (const { statement, line } of statementsOf(scenario)) runner.perform(statement, line);
  runner.finish();
  return measure(id, runner.world, requests);
}

/** A run in which a measure is too high: what happened, what was measured, and the key that decides. */
export function explainLimit(
  scenario: Scenario,
  { measure: id, atMost }: Pick<LimitCheck, "measure" | "atMost">,
  answer: ConfigureAnswer,
  asks: Asks,
): Explained {
  const run = runScenario(scenario);
  const { value, send } = measured(scenario, id);
  const violation = send === null ? null : ({ kind: "over-limit", value: send.value, send } as const);
  const culprit = culpritOf(
    scenario,
    answer,
    asks,
    (changed) => measured(withSettings(scenario, changed), id).value <= atMost,
  );
  const [first = "", ...rest] = inSentence(id, value);
  const acked = run.entries.find(
    ({ changes }) => send !== null && changes.some(({ fact }) => fact === `outcome/${send.producer}/${send.value}`),
  );
  const waited = acked === undefined || violation === null ? [] : [ackReason(acked.world, violation)];
  return {
    run,
    violation,
    counterexample: {
      introduction: "With your configuration the run goes like this:",
      steps: storyOf(run, violation, Math.max(0, run.entries.length - 1)),
      conclusion: `${first.toUpperCase()}${rest.join("")}${send === null ? "" : ` (${send.value})`}; at most ${inWords(id, atMost)} is allowed.`,
      scenario: formatScenario(spaced(scenario)),
      failsAtStep: acked?.step ?? Math.max(0, run.entries.length - 1),
      causeChain: [...waited, ...(culprit === null ? [] : [culprit.sentence])],
      key: culprit?.key ?? null,
    },
  };
}
