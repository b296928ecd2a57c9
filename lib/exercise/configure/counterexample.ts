import type { Line, Scenario } from "../../sim/scenario/ast.js";
import { formatScenario } from "../../sim/scenario/format.js";
import { type Run, runScenario } from "../../sim/scenario/run-scenario.js";
import { currentMetadata } from "../../sim/world.js";
import type { Require } from "../check-format.js";
import type { Counterexample } from "../verdict.js";
import type { Asks, ConfigureAnswer } from "./answer.js";
import { valueInForce, withSettings } from "./build.js";
import { culpritOf } from "./culprit.js";
import { conclusionOf, type Violation, violationOf } from "./require.js";
import { shorten } from "./shorten.js";
import { failingStep, holdersOf, isrOf, list, storyOf } from "./story.js";
import type { SweepFailure } from "./sweep.js";

/** A failing run made short, told step by step, and led back to the key of the answer that would change it. */
export interface Explained {
  readonly counterexample: Counterexample;
  /** The shortened run, for detectors of misconceptions. */
  readonly run: Run;
  /** The record that it is about; null where it is about no single one. */
  readonly violation: Violation | null;
}

/** Of a run with times that does not give what is required. */
export function explain(failure: SweepFailure, require: Require, answer: ConfigureAnswer, asks: Asks): Explained {
  const scenario = shorten(failure.scenario, require, failure.violation);
  const run = runScenario(scenario);
  const violation = violationOf(run.world, require) ?? failure.violation;
  const failsAtStep = failingStep(run, violation);
  const culprit = culpritOf(scenario, answer, asks, (changed) => {
    const { world, stopped } = runScenario(withSettings(scenario, changed), { keepTrace: false });
    return stopped === null && violationOf(world, require) === null;
  });
  const counterexample: Counterexample = {
    introduction: "With your configuration this is enough, and no line of it can be left out:",
    steps: storyOf(run, violation, failsAtStep),
    conclusion: conclusionOf(violation, run.world.nowMs),
    scenario: formatScenario(spaced(scenario)),
    failsAtStep,
    causeChain: [...reasonsOf(run, violation), ...(culprit === null ? [] : [culprit.sentence])],
    key: culprit?.key ?? null,
  };
  return { counterexample, run, violation };
}

/** From what broke back to the rule behind it, with the values that the run had. */
export function reasonsOf(run: Run, violation: Violation): readonly string[] {
  const { send, value, kind } = violation;
  const { world } = run;
  if (kind === "acked-lost") {
    const acked = run.entries.find(({ changes }) =>
      changes.some(({ fact }) => fact === `outcome/${send.producer}/${value}`),
    );
    const isr = acked === undefined ? [] : isrOf(acked.world, send.partition);
    const holders = acked === undefined ? [] : holdersOf(acked.world, violation);
    const on =
      holders.length === 1
        ? `broker ${holders[0]} alone`
        : holders.length === 0
          ? "no broker"
          : `brokers ${list(holders)}`;
    const left = holdersOf(world, violation);
    const still =
      left.length === 0
        ? []
        : [
            left.length === 1
              ? `Broker ${left[0]} still has it, but may not lead: it had left the ISR, or was not the one elected.`
              : `Brokers ${list(left)} still have it, but may not lead: they had left the ISR.`,
          ];
    return [
      `When ${value} was acknowledged it was on ${on}.`,
      send.acks === "all"
        ? `acks=all asks every member of the ISR, and the ISR was {${isr.join(",")}}.`
        : `acks=${send.acks} does not ask the followers.`,
      ...still,
    ];
  }
  if (kind === "not-acked") {
    const partition = currentMetadata(world).partitions.find((candidate) => candidate.partition === send.partition);
    const minIsr = valueInForce(run.scenario, "topic", "min.insync.replicas");
    if (partition === undefined) return [];
    if (partition.leader < 0) return ["Nobody leads the partition, and no replica may be elected."];
    if (minIsr !== null && partition.isr.length < Number(minIsr))
      return [
        `The ISR is {${partition.isr.join(",")}}, and acks=all is refused while it has fewer than min.insync.replicas=${minIsr} members.`,
      ];
  }
  return [];
}

/** A blank line between the head and the steps. */
export function spaced({ lines }: Scenario): Scenario {
  const first = lines.findIndex((line) => line.type === "statement" && line.statement.type === "step");
  const blank: Line = { type: "blank" };
  return first <= 0 ? { lines } : { lines: [...lines.slice(0, first), blank, ...lines.slice(first)] };
}
