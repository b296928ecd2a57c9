import { unreachable } from "../../core/assert.js";
import { formatAction, formatValue } from "./action-text.js";
import type { Claim, Line, Scenario, SendValue, Setting, Statement, Step } from "./ast.js";
import { quoteWord } from "./lexer.js";
import { formatDuration } from "./line-reader.js";
import { formatSetting } from "./settings.js";

/**
 * The scenario's text in its one layout: times and steps in columns, trailing comments of a paragraph below each other.
 * Reading it gives the same scenario, formatting it again the same text.
 */
export function formatScenario({ lines }: Scenario): string {
  const timeWidth = Math.max(0, ...lines.map((line) => timeOf(line).length));
  const bare = lines.map((line) => formatBare(line, timeWidth));
  return lines.map((line, index) => `${withComment(lines, bare, line, index)}\n`).join("");
}

/** One statement without its comment. */
export function formatStatement(statement: Statement, timeWidth = 0): string {
  switch (statement.type) {
    case "cluster":
      return words("cluster", ...formatSettings(statement.settings));
    case "topic":
    case "producer":
    case "consumer":
      return words(statement.type, statement.name, ...formatSettings(statement.settings));
    case "stepwise":
      return "stepwise";
    case "step":
      if (statement.atMs === null) return formatStep(statement.step);
      return `at ${formatDuration(statement.atMs).padEnd(timeWidth)}  ${formatStep(statement.step)}`;
    case "end":
      return `end ${formatDuration(statement.atMs)}`;
    default:
      return unreachable(statement);
  }
}

export function formatStep(step: Step): string {
  switch (step.type) {
    case "action":
      return formatAction(step.action);
    case "send": {
      const to = step.partition === null ? [] : ["to", step.partition];
      const every = step.everyMs === null ? [] : ["every", formatDuration(step.everyMs)];
      return words(step.producer, "send", ...step.values.map(formatSendValue), ...to, ...every);
    }
    case "isolate":
    case "heal": {
      const from = step.from.length === 0 ? [] : ["from", ...step.from];
      return words(step.type, ...step.nodes, ...from);
    }
    case "command":
      return `$ ${step.text}`;
    case "expect": {
      if (step.claims.some((claim) => claim.subject === "ledger"))
        return words("expect", "ledger", ...step.claims.map((claim) => quoteWord(`${claim.argument}=${claim.value}`)));
      const partition = step.partition === null ? [] : [step.partition];
      return words("expect", ...partition, ...step.claims.map((claim) => quoteWord(formatClaim(claim))));
    }
    default:
      return unreachable(step);
  }
}

/** `leo(2)>=3`. */
export function formatClaim({ subject, argument, operator, value }: Claim): string {
  return `${subject}${argument === null ? "" : `(${argument})`}${operator}${value}`;
}

function formatSendValue(value: SendValue): string {
  return typeof value === "string" ? formatValue(value) : `${value.prefix}${value.from}..${value.prefix}${value.to}`;
}

function formatSettings(settings: readonly Setting[]): string[] {
  return settings.map(formatSetting);
}

function words(...parts: readonly string[]): string {
  return parts.join(" ");
}

function timeOf(line: Line): string {
  const timed = line.type === "statement" && line.statement.type === "step" && line.statement.atMs !== null;
  return timed && line.statement.type === "step" ? formatDuration(line.statement.atMs ?? 0) : "";
}

function formatBare(line: Line, timeWidth: number): string {
  switch (line.type) {
    case "blank":
      return "";
    case "comment":
      return `# ${line.text}`.trimEnd();
    case "output":
      return `    | ${line.text}`.trimEnd();
    case "statement":
      return formatStatement(line.statement, timeWidth);
    default:
      return unreachable(line);
  }
}

/** Statements longer than this do not push the comments of their paragraph further right. */
const commentColumnMax = 64;

function withComment(lines: readonly Line[], bare: readonly string[], line: Line, index: number): string {
  const text = bare[index] ?? "";
  if (line.type !== "statement" || line.comment === null) return text;
  let first = index;
  while (lines[first - 1]?.type === "statement") first--;
  let width = 0;
  for (let at = first; lines[at]?.type === "statement"; at++) {
    const length = bare[at]?.length ?? 0;
    if (length <= commentColumnMax) width = Math.max(width, length);
  }
  return `${text.padEnd(width)}  # ${line.comment}`.trimEnd();
}
