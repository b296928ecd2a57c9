import { safetyPromises } from "../../check/guarantees/safety-promises.js";
import type { Scenario } from "../../sim/scenario/ast.js";
import { formatScenario } from "../../sim/scenario/format.js";
import { type Run, runScenario } from "../../sim/scenario/run-scenario.js";
import type { PromiseId, Require } from "../check-format.js";
import type { Asks, ConfigureAnswer } from "./answer.js";
import { withSettings } from "./build.js";
import { type Explained, reasonsOf } from "./counterexample.js";
import { culpritOf } from "./culprit.js";
import { type BrokenPromise, breaksAgain } from "./explore.js";
import { conclusionOf, type Violation, violationOf } from "./require.js";
import { failingStep, storyOf } from "./story.js";

/** What each promise asks of the end of a run, as requirements say it. */
const requires: Readonly<Record<PromiseId, Require>> = {
  "acked-survive": { nothing: ["acked-lost"] },
  "read-stays": { nothing: ["read-then-gone"] },
  "no-duplicate": { nothing: ["duplicate"] },
  "order-kept": { nothing: ["out-of-order"] },
  "writes-accepted": { acked: ["after"] },
  "reads-available": {},
};

/** A broken promise, told step by step and led back to the key of the answer that would change it. */
export function explainBroken(
  broken: BrokenPromise,
  head: Scenario,
  answer: ConfigureAnswer,
  asks: Asks,
  headOf: (changed: ConfigureAnswer) => Scenario,
  copiesOf: (head: Scenario) => number,
): Explained {
  const run = runScenario(broken.scenario);
  const violation = violationOf(run.world, requires[broken.id]);
  const failsAtStep = failingStep(run, broken.broken === null ? violation : null);
  const culprit = culpritOf(head, answer, asks, (changed) => {
    if (broken.broken === null) {
      const again = runScenario(withSettings(broken.scenario, changed), { keepTrace: false });
      return again.stopped === null && again.failures.length > 0;
    }
    const other = headOf(changed);
    return !breaksAgain(other, copiesOf(other), broken);
  });
  return {
    run,
    violation,
    counterexample: {
      introduction: introductionOf(broken),
      steps: storyOf(run, violation, failsAtStep),
      conclusion: conclusion(broken, run, violation),
      scenario: formatScenario(broken.scenario),
      failsAtStep,
      causeChain: [
        ...(violation === null ? [] : reasonsOf(run, violation)),
        ...(culprit === null ? [] : [culprit.sentence]),
      ],
      key: culprit?.key ?? null,
    },
  };
}

function introductionOf({ faults, noFewer }: BrokenPromise): string {
  if (faults === 0) return "With your configuration no fault is needed:";
  const count = faults === 1 ? "one fault is enough" : `${faults} faults are enough`;
  return `With your configuration ${count}${noFewer ? ", and no fewer" : ""}:`;
}

function conclusion({ id, broken }: BrokenPromise, run: Run, violation: Violation | null): string {
  if (violation !== null) return conclusionOf(violation, run.world.nowMs);
  const sentence = broken?.(run.world) ?? claimOf(id);
  return `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}.`;
}

function claimOf(id: PromiseId): string {
  const claim = safetyPromises.find((promise) => promise.id === id)?.claim;
  return claim === undefined ? "nobody leads the partition any more" : `not so: ${claim}`;
}
