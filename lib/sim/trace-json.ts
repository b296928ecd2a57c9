import type { FactValue } from "../protocol/fact.js";
import { formatAction } from "./scenario/action-text.js";
import type { TraceEntry } from "./trace.js";
import { type DeliveredMessage, deliveredMessage } from "./trace-message.js";
import type { World } from "./world.js";

/** Version of the JSON form; `lib/schema/trace.schema.json` describes it. Grows when a field changes its meaning. */
export const traceFormatVersion = 1;

/** One step for programs. The keys stand in this order in every line. */
export interface TraceStepJson {
  readonly step: number;
  readonly atMs: number;
  /** The action as a scenario writes it. */
  readonly action: string;
  readonly line: number | null;
  readonly causedBy: number | null;
  /** What was delivered; null for everything but deliveries. */
  readonly message: DeliveredMessage | null;
  readonly changes: readonly TraceChangeJson[];
  readonly sent: readonly { readonly from: string; readonly to: string; readonly type: string }[];
}

export interface TraceChangeJson {
  readonly fact: string;
  readonly from: FactValue;
  readonly to: FactValue;
  readonly rule: string;
  readonly numbers: Readonly<Record<string, FactValue>>;
  /** The facts it followed from, each with the step that set it last; -1 is the set-up. */
  readonly because: readonly { readonly fact: string; readonly step: number }[];
}

/** @param before the world in which the step was made */
export function traceStepJson(before: World, entry: TraceEntry): TraceStepJson {
  return {
    step: entry.step,
    atMs: entry.atMs,
    action: formatAction(entry.action),
    line: entry.line,
    causedBy: entry.causedBy,
    message: deliveredMessage(before, entry.action),
    changes: entry.changes.map(({ fact, from, to, rule, numbers, because, causes }) => ({
      fact,
      from,
      to,
      rule,
      numbers,
      because: because.map((cause, index) => ({ fact: cause, step: causes[index] ?? -1 })),
    })),
    sent: entry.sent.map(({ from, to, type }) => ({ from, to, type })),
  };
}

/**
 * One line of canonical JSON: the keys of a step in their fixed order, those of free-form objects (`message`,
 * `numbers`) sorted, nothing that depends on the machine. This is what the hash is taken of.
 */
export function traceStepLine(step: TraceStepJson): string {
  const { message, changes, ...rest } = step;
  return JSON.stringify({
    step: rest.step,
    atMs: rest.atMs,
    action: rest.action,
    line: rest.line,
    causedBy: rest.causedBy,
    message: canonical(message),
    changes: changes.map((change) => ({
      fact: change.fact,
      from: canonical(change.from),
      to: canonical(change.to),
      rule: change.rule,
      numbers: canonical(change.numbers),
      because: change.because,
    })),
    sent: rest.sent,
  });
}

/** Keys sorted by code unit; infinite times as words, since JSON has no number for them. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value === "number" && !Number.isFinite(value)) return value > 0 ? "never" : "long ago";
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, part]) => [key, canonical(part)]));
}
