import { configDefinitions } from "../../kafka/config.js";
import type { Line, Scenario } from "../../sim/scenario/ast.js";
import { formatScenario } from "../../sim/scenario/format.js";
import { type Run, runScenario } from "../../sim/scenario/run-scenario.js";
import { currentMetadata } from "../../sim/world.js";
import type { Require } from "../exercise-format.js";
import type { Counterexample } from "../verdict.js";
import { type AnswerGroup, type Asks, answerGroups, type ConfigureAnswer } from "./answer.js";
import { answerWith, refusalOf, valueInForce, withSettings } from "./build.js";
import { conclusionOf, type Violation, violationOf } from "./require.js";
import { shorten } from "./shorten.js";
import { failingStep, holdersOf, isrOf, list, storyOf } from "./story.js";
import type { SweepFailure } from "./sweep.js";

/** A failing run made short, told step by step, and led back to the key of the answer that would change it. */
export interface Explained {
  readonly counterexample: Counterexample;
  /** The shortened run, for detectors of misconceptions. */
  readonly run: Run;
  readonly violation: Violation;
}

export function explain(failure: SweepFailure, require: Require, answer: ConfigureAnswer, asks: Asks): Explained {
  const scenario = shorten(failure.scenario, require, failure.violation);
  const run = runScenario(scenario);
  const violation = violationOf(run.world, require) ?? failure.violation;
  const failsAtStep = failingStep(run, violation);
  const culprit = culpritOf(scenario, require, answer, asks);
  const counterexample: Counterexample = {
    introduction: "With your configuration this is enough, and no line of it can be left out:",
    steps: storyOf(run, violation, failsAtStep),
    conclusion: conclusionOf(violation, run.world.nowMs),
    scenario: formatScenario(spaced(scenario)),
    failsAtStep,
    causeChain: [...reasons(run, violation), ...(culprit === null ? [] : [culprit.sentence])],
    key: culprit === null ? null : `${culprit.group}.${culprit.key}`,
  };
  return { counterexample, run, violation };
}

/** From what broke back to the rule behind it, with the values that the run had. */
function reasons(run: Run, violation: Violation): readonly string[] {
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

interface Culprit {
  readonly group: AnswerGroup;
  readonly key: string;
  readonly sentence: string;
}

/**
 * The key that decides: the first of those asked for whose value alone, changed, keeps the same run from failing. Found by
 * playing the run again, not by looking at what the solution has.
 */
function culpritOf(scenario: Scenario, require: Require, answer: ConfigureAnswer, asks: Asks): Culprit | null {
  const keys = answerGroups.flatMap((group) => asks[group].map((key) => ({ group, key })));
  for (const { group, key } of keys.toSorted((a, b) => reach(a) - reach(b))) {
    const value = valueInForce(scenario, group, key);
    if (value === null) continue;
    const repairs = alternatives(group, key, value).some((other) => {
      const changed = withSettings(scenario, answerWith(answer, group, key, other));
      if (refusalOf(changed) !== null) return false;
      const { world, stopped } = runScenario(changed, { keepTrace: false });
      return stopped === null && violationOf(world, require) === null;
    });
    if (!repairs) continue;
    const written = answer.settings.find((setting) => setting.group === group && setting.key === key);
    const where = written === undefined ? "Kafka's default" : `line ${written.line} of your answer`;
    const sentence = `${key}=${value} (${where}) decides it: with another value the same run does not fail.`;
    return { group, key, sentence };
  }
  return null;
}

/** How much of a run a key changes: a switch least, the number of copies, made with the topic, most. */
function reach({ group, key }: { readonly group: AnswerGroup; readonly key: string }): number {
  const definition = configDefinitions[group].find(({ name }) => name === key);
  if (definition?.update === "at-creation") return 2;
  return definition?.type === "boolean" ? 0 : 1;
}

/** Values near the one in force. */
function alternatives(group: AnswerGroup, key: string, value: string): readonly string[] {
  const definition = configDefinitions[group].find(({ name }) => name === key);
  if (definition?.type === "boolean") return [value === "true" ? "false" : "true"];
  if (key === "acks") return ["all", "1"].filter((other) => other !== value && !(other === "all" && value === "-1"));
  if (definition?.type === "int" || definition?.type === "long") {
    const number = Number(value);
    return [number + 1, number - 1, number + 2, number * 2].filter((other) => other > 0).map(String);
  }
  return [];
}

/** A blank line between the head and the steps. */
function spaced({ lines }: Scenario): Scenario {
  const first = lines.findIndex((line) => line.type === "statement" && line.statement.type === "step");
  const blank: Line = { type: "blank" };
  return first <= 0 ? { lines } : { lines: [...lines.slice(0, first), blank, ...lines.slice(first)] };
}
