import { rules } from "../protocol/rules/index.js";
import { ledger } from "../sim/ledger.js";
import { metricsAt } from "../sim/operator/metrics.js";
import { runCommand } from "../sim/operator/run-command.js";
import { formatAction } from "../sim/scenario/action-text.js";
import { formatScenario } from "../sim/scenario/format.js";
import { type Run, worldBefore } from "../sim/scenario/run-scenario.js";
import type { TracedChange, TraceEntry } from "../sim/trace.js";
import { factParts, formatFactValue, isDetail } from "../sim/trace-fact.js";
import { deliveredMessage, describeMessage } from "../sim/trace-message.js";
import { formatChange } from "../sim/trace-text.js";
import type { World } from "../sim/world.js";
import { fateWords } from "./ledger-table.js";
import { partitionViews } from "./partition-view.js";
import type {
  OperatorView,
  ReplayChange,
  ReplayDocument,
  ReplayFrame,
  ReplayLedgerRow,
  ReplayMark,
} from "./replay-document.js";

/** Stores each distinct value once and hands out its number. */
class Pool<Value> {
  readonly values: Value[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(value: Value): number {
    const key = JSON.stringify(value);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.values.push(value) - 1;
    this.#numbers.set(key, number);
    return number;
  }
}

/** Everything `<highwater-replay>` needs to play a run that was made with its trace kept. */
export function replayDocument(run: Run, title: string): ReplayDocument {
  const partitions = run.world.controller.image.partitions.map(({ partition }) => partition);
  const states = new Pool<ReplayDocument["states"][number]>();
  const ledgers = new Pool<readonly ReplayLedgerRow[]>();
  const operatorViews = new Pool<OperatorView>();
  const named = new Map<string, { sentence: string; source: string }>();
  // Time passes in every step; a state that differs in nothing else is the same picture.
  const statesOf = (world: World): number[] =>
    partitionViews(world).map((view) => states.numberOf({ ...view, atMs: 0 }));
  const frames: ReplayFrame[] = [firstFrame(run, statesOf, ledgers, operatorViews)];
  for (const [index, entry] of run.entries.entries()) {
    const before = worldBefore(run, index);
    const last = frames.at(-1);
    // A record's fate hangs on what was sent, on the logs, and on who leads.
    const isSameFate =
      before.history === entry.world.history &&
      before.brokers === entry.world.brokers &&
      before.controller === entry.world.controller;
    for (const { rule } of entry.changes) {
      const { sentence, source } = rules[rule];
      named.set(rule, { sentence, source });
    }
    const changes = entry.changes.filter((change) => !isDetail(change));
    const quiet = changes.length === 0 && entry.line === null;
    frames.push({
      ...frameOf(before, entry, changes, quiet),
      states: statesOf(entry.world),
      ledger: isSameFate && last !== undefined ? last.ledger : ledgers.numberOf(ledgerRows(entry.world)),
      operatorView: quiet && last !== undefined ? last.operatorView : operatorViews.numberOf(operatorView(entry.world)),
    });
  }
  return {
    format: "highwater-replay",
    version: 1,
    title,
    scenario: formatScenario(run.scenario),
    kafka: run.world.rules.version,
    hash: run.hash ?? "",
    brokers: run.world.brokers.map(({ brokerId }) => brokerId),
    partitions,
    states: states.values,
    ledgers: ledgers.values,
    operatorViews: operatorViews.values,
    frames: withLosses(frames, ledgers.values),
    rules: Object.fromEntries([...named].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function firstFrame(
  { start }: Run,
  statesOf: (world: World) => number[],
  ledgers: Pool<readonly ReplayLedgerRow[]>,
  operatorViews: Pool<OperatorView>,
): ReplayFrame {
  return {
    step: -1,
    atMs: 0,
    text: "the cluster is ready",
    line: null,
    quiet: false,
    marks: [],
    states: statesOf(start),
    ledger: ledgers.numberOf(ledgerRows(start)),
    operatorView: operatorViews.numberOf(operatorView(start)),
    message: null,
    sent: [],
    changes: [],
    metadataRecords: [],
  };
}

function frameOf(
  before: World,
  entry: TraceEntry,
  changes: readonly TracedChange[],
  quiet: boolean,
): Omit<ReplayFrame, "states" | "ledger" | "operatorView"> {
  const { action } = entry;
  const delivered = deliveredMessage(before, action);
  const count = entry.world.controller.image.partitions.length;
  return {
    step: entry.step,
    atMs: entry.atMs,
    text: delivered === null ? formatAction(action) : `${formatAction(action)} (${describeMessage(delivered)})`,
    line: entry.line,
    quiet,
    marks: [...new Set(changes.flatMap(marksOf))],
    message:
      delivered === null || (action.type !== "deliverRequest" && action.type !== "deliverResponse")
        ? null
        : action.type === "deliverRequest"
          ? { from: action.client, to: action.server, name: delivered.type }
          : { from: action.server, to: action.client, name: delivered.type },
    sent: entry.sent.map(({ from, to, type }) => ({ from, to, name: type })),
    changes: changes.map((change) => changeOf(change, count)),
    metadataRecords: entry.world.controller.log
      .slice(before.controller.log.length)
      .flatMap(({ records }) => records.map((record) => JSON.stringify(record))),
  };
}

function changeOf(change: TracedChange, partitions: number): ReplayChange {
  const looked = Object.entries(change.numbers).map(([name, value]) => `${name} ${formatFactValue(value)}`);
  const { sentence } = rules[change.rule];
  return {
    fact: change.fact,
    text: formatChange(change, partitions),
    because: looked.length === 0 ? sentence : `${sentence} It looked at ${looked.join(", ")}.`,
    rule: change.rule,
    causes: change.causes.filter((cause) => cause >= 0),
  };
}

function marksOf({ fact, from, to }: TracedChange): readonly ReplayMark[] {
  switch (factParts(fact).kind) {
    case "leader":
      return ["leader"];
    case "isr":
      return ["isr"];
    case "hw":
      return ["high-watermark"];
    case "outcome":
      return [formatFactValue(to).startsWith("acked") ? "ack" : "failure"];
    case "process":
      return [to === "down" ? "fault" : "repair"];
    case "link":
      return [to === "cut" ? "fault" : "repair"];
    case "leo":
      return typeof from === "number" && typeof to === "number" && to < from ? ["truncation"] : [];
    default:
      return [];
  }
}

/** Marks the frames in which an acknowledged record was lost. */
function withLosses(frames: readonly ReplayFrame[], ledgers: readonly (readonly ReplayLedgerRow[])[]): ReplayFrame[] {
  const lostIn = (index: number): number =>
    (ledgers[index] ?? []).filter(({ fate }) => fate === fateWords["acked-lost"]).length;
  return frames.map((frame, index) => {
    const before = frames[index - 1];
    return before !== undefined && lostIn(frame.ledger) > lostIn(before.ledger)
      ? { ...frame, marks: [...frame.marks, "loss"] }
      : frame;
  });
}

function ledgerRows(world: World): readonly ReplayLedgerRow[] {
  return ledger(world).map(({ send, fate, copies, readThenGone }) => ({
    producer: send.producer,
    partition: send.partition,
    value: send.value,
    acks: String(send.acks),
    outcome:
      send.outcome === null
        ? "not answered yet"
        : send.outcome.result === "acked"
          ? "acknowledged"
          : `${send.outcome.error}: ${send.outcome.message}`,
    fate: fateWords[fate],
    copies,
    readThenGone,
  }));
}

function operatorView(world: World): OperatorView {
  const { text: describe } = runCommand({ world, ask: () => null }, "kafka-topics --describe");
  return {
    describe,
    metrics: metricsAt(world).map(({ node, objectName, value }) => ({ node, name: objectName, value })),
  };
}
