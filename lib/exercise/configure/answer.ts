import { nearest } from "../../core/nearest.js";
import { type ConfigGroup, lookUpConfig, parseConfigValue } from "../../kafka/config.js";
import type { KafkaVersion, VariantId } from "../../kafka/versions.js";
import type { ConfigureExercise } from "../exercise-format.js";
import type { Problem } from "../verdict.js";
import { isMap, type Plain, type YamlText } from "../yaml-text.js";

/** Where the learner's keys live, in the order of an answer. */
export const answerGroups = ["topic", "producer", "consumer", "broker"] as const;
export type AnswerGroup = (typeof answerGroups)[number];

/** Keys that an exercise asks for, group by group. */
export type Asks = Readonly<Record<AnswerGroup, readonly string[]>>;

/** What the learner set: Kafka's keys with their values as a properties file would have them. */
export interface ConfigureAnswer {
  readonly settings: readonly AnswerSetting[];
  /** The rule of the model that was chosen; null where the exercise offers none, or none was chosen. */
  readonly rule: AnswerRule | null;
}

export interface AnswerRule {
  readonly choice: string;
  /** Null: Kafka as it is. */
  readonly variant: VariantId | null;
  readonly line: number;
}

export interface AnswerSetting {
  readonly group: AnswerGroup;
  readonly key: string;
  readonly value: string;
  /** 1-based line of the answer file. */
  readonly line: number;
  readonly column: number;
}

export type AnswerResult =
  | { readonly ok: true; readonly answer: ConfigureAnswer }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads an `answer.yaml` of the configure kind. What cannot be graded is told with its place and what to do. */
export function readConfigureAnswer(
  text: YamlText,
  { asks, kafka, rule: offered }: Pick<ConfigureExercise, "asks" | "kafka" | "rule">,
): AnswerResult {
  const problems: Problem[] = [];
  let rule: AnswerRule | null = null;
  const settings: AnswerSetting[] = [];
  const { value: root } = text;
  if (!isMap(root))
    return {
      ok: false,
      problems: [
        {
          file: text.file,
          ...text.placeOf([]),
          what: root === null ? "the file is empty" : "the file is not a group of keys",
          why: "an answer names keys in groups",
          remedy:
            offered === undefined
              ? `begin with \`${answerGroups.find((group) => asks[group].length > 0) ?? "topic"}:\` and keys below it`
              : "write `rule:` and the name of your choice",
        },
      ],
    };
  for (const [name, value] of Object.entries(root)) {
    const place = { file: text.file, ...text.placeOf([name]) };
    if (name === "version") {
      if (value !== 1)
        problems.push({
          ...place,
          what: `version is ${JSON.stringify(value)}`,
          why: "answers have version 1",
          remedy: "write `version: 1`",
        });
      continue;
    }
    if (name === "rule" && offered !== undefined) {
      if (value === null) continue;
      const option = typeof value === "string" ? offered.options[value] : undefined;
      if (typeof value === "string" && option !== undefined)
        rule = { choice: value, variant: option.variant ?? null, line: place.line };
      else
        problems.push({
          ...place,
          what: `${JSON.stringify(value)} is none of the rules`,
          why: offered.ask,
          remedy: `choose ${Object.keys(offered.options).join(", ")}`,
        });
      continue;
    }
    const group = answerGroups.find((candidate) => candidate === name);
    if (group === undefined) {
      problems.push({ ...place, ...unknownGroup(name, asks) });
      continue;
    }
    if (value === null) continue;
    if (!isMap(value)) {
      problems.push({
        ...place,
        what: `${name} is not a group of keys`,
        why: "each key stands on a line of its own below its group",
        remedy: `write \`${name}:\` and below it, indented by two spaces, \`key: value\``,
      });
      continue;
    }
    for (const key of Object.keys(value)) {
      const at = { file: text.file, ...text.placeOf([name, key]) };
      const complaint = complain(group, key, value[key] ?? null, text, asks, kafka);
      if (complaint !== null) problems.push({ ...at, ...complaint });
      else {
        const source = text.sourceAt([name, key]) ?? "";
        settings.push({ group, key, value: source, line: at.line, column: at.column });
      }
    }
  }
  return problems.length > 0 ? { ok: false, problems: problems.slice(0, 8) } : { ok: true, answer: { settings, rule } };
}

type Complaint = Pick<Problem, "what" | "why" | "remedy">;

function unknownGroup(name: string, asks: Asks): Complaint {
  const home = answerGroups.find((group) => asks[group].includes(name));
  const used = answerGroups.filter((group) => asks[group].length > 0);
  if (home !== undefined)
    return {
      what: `${name} stands outside of a group`,
      why: `it is a ${home} setting`,
      remedy: `indent it by two spaces below \`${home}:\``,
    };
  const meant = nearest(name, [...used, "version"]);
  return {
    what: `there is no group "${name}"`,
    why: `the groups of this answer are ${used.join(" and ")}`,
    remedy: meant === null ? "delete it" : `did you mean "${meant}"?`,
  };
}

function complain(
  group: AnswerGroup,
  key: string,
  value: Plain,
  text: YamlText,
  asks: Asks,
  kafka: KafkaVersion,
): Complaint | null {
  const asked = asks[group];
  if (!asked.includes(key)) return notAsked(group, key, asks, kafka);
  const found = lookUpConfig(key, groupsFor(group), kafka);
  if (found.kind !== "known")
    return {
      what: found.kind === "other" ? found.sentence : found.sentence,
      why: "it cannot be set here",
      remedy: "delete it",
    };
  if (value === null || typeof value === "object")
    return {
      what: `${key} has no single value`,
      why: found.definition.decides,
      remedy: "write one value after the colon, or delete the line to keep Kafka's default",
    };
  const parsed = parseConfigValue(found.definition, text.sourceAt([group, key]) ?? value);
  if (parsed.ok) return null;
  return { what: parsed.message, why: "Kafka refuses it in these words", remedy: remedyFor(found.definition.type) };
}

function remedyFor(type: string): string {
  if (type === "boolean") return "write true or false";
  if (type === "int" || type === "long") return "write a whole number in the range";
  return "write one of the values that Kafka knows";
}

function notAsked(group: AnswerGroup, key: string, asks: Asks, kafka: KafkaVersion): Complaint {
  const home = answerGroups.find((candidate) => asks[candidate].includes(key));
  if (home !== undefined)
    return {
      what: `${key} is a ${home} setting`,
      why: `it stands below ${group}`,
      remedy: `move it below \`${home}:\``,
    };
  const found = lookUpConfig(key, groupsFor(group), kafka);
  const meant = nearest(key, asks[group]);
  if (meant !== null && found.kind === "unknown")
    return {
      what: `Kafka has no ${group} setting "${key}"`,
      why: "Kafka would ignore it",
      remedy: `did you mean "${meant}"?`,
    };
  const mayBeSet = asks[group].length === 0 ? `nothing below ${group}` : asks[group].join(", ");
  if (found.kind === "known" || found.kind === "other")
    return {
      what: `${key} may not be set here`,
      why: "the exercise fixes it, so that answers can be compared",
      remedy: `delete the line; what you may set: ${mayBeSet}`,
    };
  return { what: found.sentence, why: "Kafka would ignore it or refuse it", remedy: `what you may set: ${mayBeSet}` };
}

/** A broker's properties file holds the controller's keys too. */
export function groupsFor(group: AnswerGroup): readonly ConfigGroup[] {
  return group === "broker" ? ["broker", "controller"] : [group];
}
