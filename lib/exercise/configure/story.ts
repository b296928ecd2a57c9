import { logEndOffset, recordsBetween } from "../../protocol/log/log.js";
import { rules } from "../../protocol/rules/index.js";
import { ledger } from "../../sim/ledger.js";
import { type Step, statementsOf, valuesOf } from "../../sim/scenario/ast.js";
import { formatStep } from "../../sim/scenario/format.js";
import type { Run } from "../../sim/scenario/run-scenario.js";
import type { TracedChange, TraceEntry } from "../../sim/trace.js";
import { factParts, formatFactValue } from "../../sim/trace-fact.js";
import { currentMetadata, type World } from "../../sim/world.js";
import type { Violation } from "./require.js";

export interface Sentence {
  readonly sentence: string;
  readonly because: string | null;
}

/**
 * The steps of a failing run that matter, as sentences: what was done, what the cluster made of it, until it went wrong.
 * A stepwise run names everything that happens and has no times: there only sends, faults and repairs are told.
 */
export function storyOf(run: Run, violation: Violation | null, failsAtStep: number): readonly Sentence[] {
  const isStepwise = statementsOf(run.scenario).some(({ statement }) => statement.type === "stepwise");
  const clock = (atMs: number): string => (isStepwise ? "" : `${clockTime(atMs)}: `);
  const steps = new Map(
    statementsOf(run.scenario).flatMap(({ line, statement }) =>
      statement.type === "step" ? [[line, statement.step] as const] : [],
    ),
  );
  const told = new Set<number>();
  const sentences: Sentence[] = [];
  for (const entry of run.entries) {
    if (entry.step > failsAtStep && violation?.kind !== "not-acked") break;
    const step = entry.line === null ? undefined : steps.get(entry.line);
    if (entry.line !== null && step !== undefined && !told.has(entry.line)) {
      told.add(entry.line);
      if (!isStepwise || isToldStepwise(step))
        sentences.push({ sentence: `${clock(entry.atMs)}${deed(step)}`, because: null });
    }
    for (const change of entry.changes) {
      const came = consequence(entry, change, violation);
      if (came !== null) sentences.push({ ...came, sentence: `${clock(entry.atMs)}${came.sentence}` });
    }
  }
  return sentences;
}

/** To the tenth of a second, which is what a reader of a story needs; the scenario has the exact times. */
function clockTime(atMs: number): string {
  if (atMs < 1000) return `${atMs}ms`;
  const tenths = Math.round(atMs / 100);
  return tenths % 10 === 0 ? `${tenths / 10}s` : `${Math.floor(tenths / 10)}.${tenths % 10}s`;
}

function isToldStepwise(step: Step): boolean {
  if (step.type === "send") return true;
  return step.type === "action" && choices.has(step.action.type);
}

/** What somebody does to a cluster; the rest is what it does by itself. */
const choices: ReadonlySet<string> = new Set([
  "crash",
  "crashLosingTail",
  "wipeDisk",
  "start",
  "shutdown",
  "cut",
  "heal",
  "lapse",
]);

/** What a line of a scenario does, in plain words. */
function deed(step: Step): string {
  switch (step.type) {
    case "send":
      return `${step.producer} sends ${valuesOf(step.values).join(", ")}`;
    case "isolate":
      return step.from.length === 0
        ? `${brokers(step.nodes)} cannot be reached any more`
        : `nothing passes between ${brokers(step.nodes)} and ${brokers(step.from)}`;
    case "heal":
      return "the connections work again";
    case "action":
      switch (step.action.type) {
        case "crash":
          return `broker ${step.action.brokerId} dies`;
        case "wipeDisk":
          return `broker ${step.action.brokerId} dies, and its disk with it`;
        case "crashLosingTail":
          return `broker ${step.action.brokerId} loses power, and with it what was not flushed`;
        case "start":
          return `broker ${step.action.brokerId} starts`;
        case "shutdown":
          return `broker ${step.action.brokerId} is shut down for maintenance`;
        case "lapse":
          return `broker ${step.action.replicaId} falls behind for longer than replica.lag.time.max.ms`;
        case "cut":
          return `nothing gets from ${brokers([step.action.from])} to ${brokers([step.action.to])}`;
        case "pause":
          return `${brokers([step.action.node])} stops for a while`;
        default:
          return formatStep(step);
      }
    default:
      return formatStep(step);
  }
}

function brokers(names: readonly string[]): string {
  if (names.every((name) => /^\d+$/.test(name))) return `${names.length === 1 ? "broker" : "brokers"} ${list(names)}`;
  return list(names);
}

export function list(names: readonly (string | number)[]): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** What the cluster did that a reader of this failure has to know. */
function consequence(entry: TraceEntry, change: TracedChange, violation: Violation | null): Sentence | null {
  const { kind } = factParts(change.fact);
  const rule = rules[change.rule].sentence;
  switch (kind) {
    case "isr":
      return {
        sentence: `the ISR goes from {${formatFactValue(change.from)}} to {${formatFactValue(change.to)}}`,
        because: rule,
      };
    case "leader": {
      const to = formatFactValue(change.to);
      return { sentence: /^\d+$/.test(to) ? `broker ${to} is elected` : "nobody leads", because: rule };
    }
    case "outcome":
      if (
        violation === null ||
        !change.fact.endsWith(`/${violation.value}`) ||
        !formatFactValue(change.to).startsWith("acked")
      )
        return null;
      return {
        sentence: `${violation.value} is acknowledged; it is on ${holdersText(entry.world, violation)}`,
        because: ackReason(entry.world, violation),
      };
    default:
      return null;
  }
}

/** Why the leader answered when it did. */
export function ackReason(world: World, { send }: Violation): string {
  if (send.acks === 0) return "acks=0 waits for nobody, not even the leader.";
  if (send.acks === 1) return "acks=1 waits for the leader alone.";
  return `acks=all waits for the ISR, and the ISR is {${isrOf(world, send.partition).join(",")}}.`;
}

export function isrOf(world: World, partition: string): readonly number[] {
  return currentMetadata(world).partitions.find((candidate) => candidate.partition === partition)?.isr ?? [];
}

/** Which brokers have the record in their log. */
export function holdersOf(world: World, { send, value }: Pick<Violation, "send" | "value">): readonly number[] {
  return world.brokers.flatMap(({ brokerId, replicas }) => {
    const log = replicas.find(({ partition }) => partition === send.partition)?.log;
    if (log === undefined) return [];
    const has = recordsBetween(log, log.logStartOffset, logEndOffset(log)).some((record) => record.value === value);
    return has ? [brokerId] : [];
  });
}

function holdersText(world: World, violation: Violation): string {
  const holders = holdersOf(world, violation);
  if (holders.length === 0) return "no broker yet";
  return holders.length === 1 ? `broker ${holders[0]} alone` : `brokers ${list(holders)}`;
}

/** The step after which the requirement is broken and stays broken. */
export function failingStep(run: Run, violation: Violation | null): number {
  if (violation === null) return Math.max(0, run.entries.length - 1);
  if (violation.kind !== "acked-lost" && violation.kind !== "read-then-gone")
    return Math.max(0, run.entries.length - 1);
  const lostIn = (world: World): boolean =>
    ledger(world).some((entry) => entry.send.value === violation.value && entry.fate === "acked-lost");
  let step = run.entries.length - 1;
  while (step > 0 && lostIn(run.entries[step - 1]?.world ?? run.start)) step--;
  // A record that no broker has yet is lost for good only once the last line has done its part.
  return Math.max(
    step,
    run.entries.findLastIndex(({ line }) => line !== null),
  );
}
