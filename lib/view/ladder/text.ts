import type { NodeName } from "../../protocol/ids.js";
import type { TraceEntry } from "../../sim/trace.js";

/** One message of a ladder: sent at one time, received at another (null while it is on its way or lost). */
export interface LadderMessage {
  readonly from: NodeName;
  readonly to: NodeName;
  readonly name: string;
  readonly sentAtMs: number;
  readonly receivedAtMs: number | null;
}

/** The messages of a run in the order in which they arrived; with `types`, only those. */
export function ladderMessages(entries: readonly TraceEntry[], types?: readonly string[]): readonly LadderMessage[] {
  const messages: LadderMessage[] = [];
  for (const entry of entries) {
    const { action } = entry;
    if (action.type !== "deliverRequest" && action.type !== "deliverResponse") continue;
    const [from, to] =
      action.type === "deliverRequest" ? [action.client, action.server] : [action.server, action.client];
    const sender = entry.causedBy === null ? undefined : entries[entry.causedBy];
    const name = sender?.sent.find((sent) => sent.from === from && sent.to === to)?.type;
    if (name === undefined || (types !== undefined && !types.includes(name))) continue;
    messages.push({ from, to, name, sentAtMs: sender?.atMs ?? 0, receivedAtMs: entry.atMs });
  }
  return messages;
}

const laneWidth = 22;

/**
 * Messages between nodes as text, a lane a node, a line a message: time of arrival, an arrow from sender to receiver,
 * and the message's name on it.
 */
export function ladderText(messages: readonly LadderMessage[], nodes: readonly NodeName[]): string {
  const lanes = nodes.map((node) => centre(node, laneWidth)).join("");
  const lines = messages.flatMap((message) => {
    const from = nodes.indexOf(message.from);
    const to = nodes.indexOf(message.to);
    if (from < 0 || to < 0) return [];
    const time = message.receivedAtMs === null ? "lost" : `${message.receivedAtMs} ms`;
    return [`${time.padStart(9)}  ${arrow(from, to, message.name, nodes.length)}`];
  });
  return [`${" ".repeat(11)}${lanes}`.trimEnd(), ...lines].join("\n");
}

function arrow(from: number, to: number, name: string, count: number): string {
  const positions = Array.from({ length: count }, (_, lane) => lane * laneWidth + laneWidth / 2);
  const cells = Array.from({ length: count * laneWidth }, () => " ");
  for (const position of positions) cells[position] = "│";
  const left = positions[Math.min(from, to)] ?? 0;
  const right = positions[Math.max(from, to)] ?? 0;
  for (let index = left + 1; index < right; index++) cells[index] = "─";
  cells[to > from ? right - 1 : left + 1] = to > from ? "▶" : "◀";
  // One character of line and the arrow's head stay on each side.
  const label = ` ${shortName(name).slice(0, Math.max(0, right - left - 7))} `;
  const start = Math.max(left + 3, left + Math.floor((right - left - label.length + 1) / 2));
  for (const [index, character] of [...label].entries()) cells[start + index] = character;
  return cells.join("").trimEnd();
}

/** `ProduceRequest` is long for a lane: the arrow's direction already says whether it asks or answers. */
function shortName(name: string): string {
  return name.endsWith("Response") ? `${name.slice(0, -"Response".length)} answer` : name.replace(/Request$/, "");
}

function centre(text: string, width: number): string {
  const shown = text.slice(0, width - 1);
  const before = Math.floor((width - shown.length) / 2);
  return " ".repeat(before) + shown.padEnd(width - before);
}
