import { configDefinitions } from "../../kafka/config.js";
import type { Scenario } from "../../sim/scenario/ast.js";
import { type AnswerGroup, type Asks, answerGroups, type ConfigureAnswer } from "./answer.js";
import { answerWith, refusalOf, valueInForce, withSettings } from "./build.js";

/** The key of an answer that decides about a failing run. */
export interface Culprit {
  /** Group and key, such as `topic.min.insync.replicas`. */
  readonly key: string;
  readonly sentence: string;
}

/**
 * The key that decides: the first of those asked for whose value alone, changed, keeps the same run from failing. Found by
 * playing the run again, not by looking at what the solution has.
 *
 * @param scenario the run, or its head
 * @param isRepaired whether the run, under another answer, gives what is required; an answer that Kafka refuses is not asked
 */
export function culpritOf(
  scenario: Scenario,
  answer: ConfigureAnswer,
  asks: Asks,
  isRepaired: (changed: ConfigureAnswer) => boolean,
): Culprit | null {
  const { rule } = answer;
  if (rule !== null && rule.variant !== null && isRepaired({ ...answer, rule: { ...rule, variant: null } })) {
    const sentence = `Your rule ${rule.choice} (line ${rule.line} of your answer) decides it: by today's rules the same run does not fail.`;
    return { key: "rule", sentence };
  }
  const keys = answerGroups.flatMap((group) => asks[group].map((key) => ({ group, key })));
  for (const { group, key } of keys.toSorted((a, b) => reach(a) - reach(b))) {
    const value = valueInForce(scenario, group, key);
    if (value === null) continue;
    const repairs = alternatives(group, key, value).some((other) => {
      const changed = answerWith(answer, group, key, other);
      return refusalOf(withSettings(scenario, changed)) === null && isRepaired(changed);
    });
    if (!repairs) continue;
    const written = answer.settings.find((setting) => setting.group === group && setting.key === key);
    const where = written === undefined ? "Kafka's default" : `line ${written.line} of your answer`;
    const sentence = `${key}=${value} (${where}) decides it: with another value the same run does not fail.`;
    return { key: `${group}.${key}`, sentence };
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
    const near = [number + 1, number - 1, number + 2, number * 2, Math.floor(number / 2), Math.floor(number / 10), 0];
    return [...new Set(near)].filter((other) => other >= 0 && other !== number).map(String);
  }
  return [];
}
