import { defaultText, findConfig } from "../kafka/config.js";
import type { Fact, FactValue } from "../protocol/fact.js";
import { rules } from "../protocol/rules/index.js";
import type { Because, Cause } from "./because.js";
import { formatAction } from "./scenario/action-text.js";
import { type Scenario, statementsOf } from "./scenario/ast.js";
import { formatStatement } from "./scenario/format.js";
import { formatDuration } from "./scenario/line-reader.js";
import type { TraceEntry } from "./trace.js";
import { factLabel, factParts, formatFactValue } from "./trace-fact.js";
import { currentMetadata, type World } from "./world.js";

/** A chain of causes as indented sentences, each with its rule, its numbers and its step. */
export function formatBecause(scenario: Scenario, start: World, because: Because): string {
  return `${lines(new Teller(scenario, start), because, 0).join("\n")}\n`;
}

class Teller {
  readonly #statements: ReadonlyMap<number, string>;

  constructor(
    readonly scenario: Scenario,
    readonly start: World,
  ) {
    this.#statements = new Map(
      statementsOf(scenario).map(({ line, statement }) => [line, formatStatement(statement).replace(/\s+/g, " ")]),
    );
  }

  label(name: Fact, world: World): string {
    return factLabel(name, currentMetadata(world).partitions.length);
  }

  line(line: number): string {
    return `line ${line}: ${this.#statements.get(line) ?? ""}`;
  }

  /** Where a value of the set-up was written: a line of the head, or Kafka's default. */
  setup(name: Fact): string {
    const { kind, rest } = factParts(name);
    const label = this.label(name, this.start);
    if (kind !== "config") return `${label} as it was set up`;
    const parts = rest.split("/");
    const key = parts.at(-1) ?? "";
    const topic = parts[0] === "topic" ? (parts[1] ?? "") : null;
    for (const { line, statement } of statementsOf(this.scenario)) {
      const isTopic = statement.type === "topic" && statement.name === topic;
      if (!isTopic && statement.type !== "cluster") continue;
      const setting = statement.settings.find((candidate) => candidate.key === key);
      if (setting !== undefined && (isTopic || !this.#topicSets(topic, key)))
        return `${key}=${setting.value}, as ${this.line(line)}`;
    }
    const definition = findConfig(topic === null ? "broker" : "topic", key);
    const value = definition === undefined ? null : defaultText(definition, this.start.rules);
    return value === null
      ? `${label} as it was set up`
      : `${key}=${value}, the default of Kafka ${this.start.rules.version}`;
  }

  #topicSets(topic: string | null, key: string): boolean {
    return statementsOf(this.scenario).some(
      ({ statement }) =>
        statement.type === "topic" &&
        statement.name === topic &&
        statement.settings.some((setting) => setting.key === key),
    );
  }
}

function lines(teller: Teller, because: Because, depth: number): string[] {
  const { entry, change, causes } = because;
  const indent = "  ".repeat(depth);
  const rule = rules[change.rule];
  const told = [
    `${indent}${teller.label(change.fact, entry.world)} ${went(change.from, change.to)} at ${whenOf(entry)}`,
    `${indent}  ${rule.sentence} [${change.rule}; ${rule.source}]`,
  ];
  const numbers = Object.entries(change.numbers).map(([name, value]) => `${name} ${formatFactValue(value)}`);
  if (numbers.length > 0) told.push(`${indent}  It looked at ${numbers.join(", ")}.`);
  return [...told, ...causes.flatMap((cause) => causeLines(teller, cause, entry, depth + 1))];
}

function causeLines(teller: Teller, cause: Cause, of: TraceEntry, depth: number): string[] {
  const indent = "  ".repeat(depth);
  switch (cause.type) {
    case "change":
      return lines(teller, cause.because, depth);
    case "told":
      return [`${indent}${teller.label(cause.fact, of.world)}, told above (step #${cause.step})`];
    case "setup":
      return [`${indent}${teller.setup(cause.fact)}`];
    case "step": {
      const { entry } = cause;
      if (entry.line !== null) return [`${indent}${teller.line(entry.line)}`];
      return [`${indent}after ${formatAction(entry.action)} at ${whenOf(entry)}`];
    }
  }
}

function went(from: FactValue, to: FactValue): string {
  return `went from ${formatFactValue(from)} to ${formatFactValue(to)}`;
}

function whenOf(entry: TraceEntry): string {
  return `${formatDuration(entry.atMs)}, step #${entry.step} (${formatAction(entry.action)})`;
}
