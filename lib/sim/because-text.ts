import type { Fact, FactValue } from "../protocol/fact.js";
import { rules } from "../protocol/rules/index.js";
import type { Because, Cause, SettingOwner } from "./because.js";
import { settingOrigin } from "./because-settings.js";
import { formatAction } from "./scenario/action-text.js";
import { type Scenario, statementsOf } from "./scenario/ast.js";
import { formatStatement } from "./scenario/format.js";
import { formatDuration } from "./scenario/line-reader.js";
import type { TraceEntry } from "./trace.js";
import { factLabel, factParts, formatFactValue } from "./trace-fact.js";
import { currentMetadata, type World } from "./world.js";

/**
 * A chain of causes as sentences, what caused a thing indented below it: what changed and when, the rule with its
 * source, the numbers it looked at, and at the ends lines of the scenario, configuration keys and Kafka's defaults.
 *
 * @param depthMax how far back it goes; deeper changes are named and not told
 */
export function formatBecause(
  scenario: Scenario,
  start: World,
  because: Because,
  depthMax = Number.POSITIVE_INFINITY,
): string {
  return `${new Teller(scenario, start, depthMax).lines(because, 0).join("\n")}\n`;
}

class Teller {
  readonly #statements: ReadonlyMap<number, string>;

  constructor(
    readonly scenario: Scenario,
    readonly start: World,
    readonly depthMax: number,
  ) {
    this.#statements = new Map(
      statementsOf(scenario).map(({ line, statement }) => [line, formatStatement(statement).replace(/\s+/g, " ")]),
    );
  }

  lines({ entry, change, causes }: Because, depth: number): string[] {
    const indent = "  ".repeat(depth);
    const rule = rules[change.rule];
    const numbers = Object.entries(change.numbers).map(([name, value]) => `${name} ${formatFactValue(value)}`);
    const ofSetup = causes.flatMap((cause) => (cause.type === "setup" ? [this.#setup(cause.fact)] : []));
    return [
      `${indent}${this.#label(change.fact, entry.world)} ${went(change.from, change.to)} at ${whenOf(entry)}`,
      `${indent}  ${rule.sentence} [${change.rule}; ${rule.source}]`,
      ...(numbers.length > 0 ? [`${indent}  It looked at ${numbers.join(", ")}.`] : []),
      ...causes.flatMap((cause) => this.#cause(cause, entry, depth + 1)),
      ...(ofSetup.length > 0 ? [`${indent}  as it was set up: ${ofSetup.join(", ")}`] : []),
    ];
  }

  #cause(cause: Cause, of: TraceEntry, depth: number): string[] {
    const indent = "  ".repeat(depth);
    switch (cause.type) {
      case "change": {
        const { entry, change } = cause.because;
        if (depth <= this.depthMax) return this.lines(cause.because, depth);
        return [
          `${indent}${this.#label(change.fact, entry.world)} ${went(change.from, change.to)} at ${whenOf(entry)} …`,
        ];
      }
      case "told":
        return [`${indent}${this.#label(cause.fact, of.world)}: told above, step #${cause.step}`];
      case "setting":
        return this.#setting(cause.key, cause.of).map((text) => indent + text);
      case "step": {
        const { entry } = cause;
        return [indent + (entry.line === null ? `after ${whenOf(entry)}` : this.#line(entry.line))];
      }
      case "setup":
        return [];
    }
  }

  #label(name: Fact, world: World): string {
    return factLabel(name, currentMetadata(world).partitions.length);
  }

  #line(line: number): string {
    return `line ${line}: ${this.#statements.get(line) ?? ""}`;
  }

  #setting(key: string, of: SettingOwner): string[] {
    const origin = settingOrigin(this.scenario, this.start.rules, key, of);
    if (origin === null) return [];
    const where = origin.type === "line" ? this.#line(origin.line) : `the default of Kafka ${this.start.rules.version}`;
    return [`${key}=${origin.value}, ${where}`];
  }

  #setup(name: Fact): string {
    const { kind, rest } = factParts(name);
    const [scope, owner = "", ...more] = rest.split("/");
    if (kind !== "config") return this.#label(name, this.start);
    const key = more.at(-1) ?? owner;
    return this.#setting(key, { topic: scope === "topic" ? owner : null, client: null })[0] ?? key;
  }
}

function went(from: FactValue, to: FactValue): string {
  return `went from ${formatFactValue(from)} to ${formatFactValue(to)}`;
}

function whenOf(entry: TraceEntry): string {
  return `${formatDuration(entry.atMs)}, step #${entry.step} (${formatAction(entry.action)})`;
}
