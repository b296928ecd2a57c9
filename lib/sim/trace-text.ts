import { formatAction } from "./scenario/action-text.js";
import { formatDuration } from "./scenario/line-reader.js";
import type { TracedChange, TraceEntry } from "./trace.js";
import { factLabel, formatFactValue, isDetail } from "./trace-fact.js";
import { deliveredMessage, describeMessage } from "./trace-message.js";
import { currentMetadata, type World } from "./world.js";

export interface TraceTextOptions {
  /** Also steps in which nothing happened that a reader of the short trace would miss, and bookkeeping changes. */
  readonly all: boolean;
}

/**
 * One line for one step, or null for a quiet one: a heartbeat, an empty fetch round, metadata read without consequence.
 *
 * `     1ms  #3   deliver p>1 produce (a b c acks=all)  leo(1) 0→3`
 *
 * @param before the world in which the step was made
 */
export function traceLine(before: World, entry: TraceEntry, options: TraceTextOptions): string | null {
  const changes = options.all ? entry.changes : entry.changes.filter((change) => !isDetail(change));
  if (!options.all && changes.length === 0 && entry.line === null) return null;
  const message = deliveredMessage(before, entry.action);
  const said = message === null ? "" : describeMessage(message);
  const action = said === "" ? formatAction(entry.action) : `${formatAction(entry.action)} (${said})`;
  const time = formatDuration(entry.atMs).padStart(timeWidth);
  const step = `#${entry.step}`.padEnd(stepWidth);
  const partitions = currentMetadata(entry.world).partitions.length;
  const told = changes.map((change) => formatChange(change, partitions)).join(" · ");
  return `${time}  ${step} ${told === "" ? action : `${action.padEnd(actionWidth)}  ${told}`}`;
}

/** `leo(1) 0→3`. */
export function formatChange(change: TracedChange, partitions: number): string {
  return `${factLabel(change.fact, partitions)} ${formatFactValue(change.from)}→${formatFactValue(change.to)}`;
}

const timeWidth = 8;
const stepWidth = 5;
const actionWidth = 44;
