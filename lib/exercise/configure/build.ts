import { invariant } from "../../core/assert.js";
import { type ConfigGroup, defaultText, findConfig } from "../../kafka/config.js";
import type { Rules, VariantId } from "../../kafka/versions.js";
import { type Line, type Scenario, type Setting, type Statement, statementsOf } from "../../sim/scenario/ast.js";
import { planConsumer, planProducer } from "../../sim/scenario/client-plan.js";
import { type ClusterPlan, planCluster } from "../../sim/scenario/cluster-plan.js";
import { parseScenario } from "../../sim/scenario/parse.js";
import { SettingFailure } from "../../sim/scenario/settings.js";
import { planTopic } from "../../sim/scenario/topic-plan.js";
import { type AnswerGroup, answerGroups, type ConfigureAnswer, groupsFor } from "./answer.js";

/** What is put into the head beyond the learner's keys. */
export interface HeadOptions {
  readonly variant?: VariantId;
  readonly seed?: number;
}

/** The group whose keys a statement of the head takes. */
const groupOf: Readonly<Partial<Record<Statement["type"], AnswerGroup>>> = {
  cluster: "broker",
  topic: "topic",
  producer: "producer",
  consumer: "consumer",
};

/** What an answer is that sets nothing: of kinds that are no configuration. */
export const noSettings: ConfigureAnswer = { settings: [], rule: null };

/** A scenario with the learner's keys in its head. The text has been read before, when the exercise was loaded. */
export function scenarioFor(text: string, answer: ConfigureAnswer, options: HeadOptions = {}): Scenario {
  const parsed = parseScenario(text);
  invariant(
    parsed.ok,
    () => `an exercise's scenario was not checked: ${parsed.ok ? "" : parsed.diagnostics[0].message}`,
  );
  return withSettings(parsed.scenario, answer, options);
}

/** The same scenario under other settings. */
export function withSettings(scenario: Scenario, answer: ConfigureAnswer, options: HeadOptions = {}): Scenario {
  return {
    lines: scenario.lines.map((line): Line => (line.type === "statement" ? setUp(line, answer, options) : line)),
  };
}

function setUp(line: Extract<Line, { type: "statement" }>, answer: ConfigureAnswer, options: HeadOptions): Line {
  const { statement } = line;
  const group = groupOf[statement.type];
  if (group === undefined || !("settings" in statement)) return line;
  const own: Setting[] = answer.settings
    .filter((setting) => setting.group === group)
    .map(({ key, value }) => ({ key, value }));
  if (statement.type === "cluster") {
    const variant = options.variant ?? answer.rule?.variant ?? null;
    if (variant !== null) own.push({ key: "variant", value: variant });
    if (options.seed !== undefined) own.push({ key: "seed", value: String(options.seed) });
  }
  // A rule that was chosen takes the place of what is there, also where it is Kafka's own.
  const isReplaced = (key: string): boolean =>
    own.some((setting) => setting.key === key) || (key === "variant" && answer.rule !== null);
  const kept = statement.settings.filter(({ key }) => !isReplaced(key));
  return { ...line, statement: { ...statement, settings: [...kept, ...own] } };
}

/** Kafka's refusal of settings that are each possible but not together, or not in this cluster. */
export interface Refusal {
  readonly key: string;
  readonly message: string;
  readonly hint: string | null;
}

export function refusalOf(scenario: Scenario): Refusal | null {
  try {
    const heads = statementsOf(scenario).map(({ statement }) => statement);
    const cluster = clusterOf(heads);
    const topics = heads.flatMap((statement) => (statement.type === "topic" ? [statement.name] : []));
    for (const statement of heads) {
      if (statement.type === "topic") planTopic(statement.name, statement.settings, cluster);
      if (statement.type === "producer") planProducer(statement.name, statement.settings, cluster.rules);
      if (statement.type === "consumer") planConsumer(statement.name, statement.settings, cluster.rules, topics);
    }
    return null;
  } catch (failure) {
    if (!(failure instanceof SettingFailure)) throw failure;
    return { key: failure.key, message: failure.message, hint: failure.hint };
  }
}

function clusterOf(statements: readonly Statement[]): ClusterPlan {
  const cluster = statements.find((statement) => statement.type === "cluster");
  return planCluster(cluster?.type === "cluster" ? cluster.settings : []);
}

/** What is in force in a scenario's head: the value written, or Kafka's default; null where there is neither. */
export function valueInForce(scenario: Scenario, group: AnswerGroup, key: string): string | null {
  const statements = statementsOf(scenario).map(({ statement }) => statement);
  const of = statements.find((statement) => groupOf[statement.type] === group);
  const written = of !== undefined && "settings" in of ? of.settings.find((setting) => setting.key === key) : undefined;
  if (written !== undefined) return written.value;
  const { rules, staticConfigs, brokers } = clusterOf(statements);
  if (group === "topic" && key === "replication.factor")
    return staticConfigs["default.replication.factor"] ?? String(Math.min(3, brokers));
  if (group === "topic" && staticConfigs[key] !== undefined) return staticConfigs[key] ?? null;
  return defaultOf(groupsFor(group), key, rules);
}

export function defaultOf(groups: readonly ConfigGroup[], key: string, rules: Rules): string | null {
  for (const group of groups) {
    const definition = findConfig(group, key);
    if (definition !== undefined) return defaultText(definition, rules);
  }
  return null;
}

/** An answer with one key set to another value. */
export function answerWith(answer: ConfigureAnswer, group: AnswerGroup, key: string, value: string): ConfigureAnswer {
  const others = answer.settings.filter((setting) => setting.group !== group || setting.key !== key);
  return { ...answer, settings: [...others, { group, key, value, line: 1, column: 1 }] };
}

export { answerGroups };
