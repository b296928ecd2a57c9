import { type Claim, claim, claimsOfAnswers, claimsOfMetrics, claimsOfPartition, list } from "./claims.js";
import type { RecordedSend, RecordedStep, Recording } from "./recording.js";
import type { Observation, Told, Translation } from "./translate.js";

/**
 * A look may be matched so long before it began and after it ended, but not beyond the actions around it: a broker that
 * dies may have sent its last heartbeat just now or two seconds ago, and is fenced as much earlier or later.
 */
const patienceMs = 2600;

/** A step that does something, as lines of a scenario know it. */
interface Line {
  readonly atMs: number;
  readonly text: string;
  readonly step: RecordedStep;
}

/**
 * A recording of a scenario as the scenario of what happened when: the same lines at the recorded times. A process is
 * started when it had registered, since a start takes no time in the model.
 */
export function translateScenario(recording: Recording, head: readonly string[]): Translation {
  const lines = linesOf(recording);
  const told = new Map<number, Told>();
  lines.forEach(({ step }, index) => {
    if (isOperators(step)) told.set(head.length + index + 1, { step: step.step, text: toldOf(step) });
  });
  const looks = recording.steps.filter(({ partitions }) => partitions !== undefined);
  const last = looks.at(-1);
  const observations = looks.map((look, index): Observation => {
    const before = lines.filter(({ step }) => step.step < look.step).at(-1)?.atMs ?? 0;
    const after = lines.find(({ step }) => step.step > look.step)?.atMs ?? Number.POSITIVE_INFINITY;
    return {
      step: look.step,
      fromMs: Math.max(before, look.atMs - patienceMs),
      toMs: Math.min(after - 1, look.observedAtMs + patienceMs),
      claims: claimsOfLook(recording, look, looks[index - 1], look === last),
    };
  });
  const endMs = Math.max(...observations.map(({ toMs }) => toMs), 0) + 1;
  const timed = lines.map(({ atMs, text }) => `at ${atMs} ${text}`);
  return { text: `${[...head, ...timed, `end ${endMs}`].join("\n")}\n`, observations, told };
}

function linesOf({ steps }: Recording): readonly Line[] {
  const lines = steps
    .filter(({ action }) => action !== "look")
    .map((step) => ({ atMs: happenedAtMs(step), text: step.action, step }));
  return lines.sort((a, b) => a.atMs - b.atMs);
}

/** A process is there when it has registered; what an operator asked for is done when that is answered. */
function happenedAtMs(step: RecordedStep): number {
  return isOperators(step) ? step.observedAtMs : (step.registeredAtMs ?? step.atMs);
}

function isOperators({ action }: RecordedStep): boolean {
  return /^(?:\$|elect|config|reassign|feature|unregister|create|delete) /.test(action);
}

function claimsOfLook(
  recording: Recording,
  look: RecordedStep,
  before: RecordedStep | undefined,
  isLast: boolean,
): Claim[] {
  const { partitions = {}, brokers = {}, consumers = {}, describe = {} } = look;
  const anyPartition = Object.keys(partitions)[0] ?? "";
  const sends = recording.steps.flatMap(({ produce = [] }) => produce);
  return [
    ...Object.entries(partitions).flatMap(([name, state]) => claimsOfPartition(name, state)),
    ...Object.entries(brokers).map(([id, standing]) => claim(anyPartition, "broker", id, standing)),
    ...Object.entries(consumers).flatMap(([name, { failure, partitions: read }]) =>
      Object.entries(read).flatMap(([partition, { read: values, position }]) => [
        claim(partition, "read", name, list(values)),
        ...(position === undefined || failure !== undefined
          ? []
          : [claim(partition, "position", name, String(position))]),
        ...(failure === undefined ? [] : [claim(partition, "reading", name, "failed")]),
      ]),
    ),
    ...Object.entries(describe).map(([topic, text]) => claim(`${topic}-0`, "describe", topic, plain(text))),
    ...claimsOfMetrics(recording, { metrics: withoutLeaving(recording, look) }),
    ...claimsOfAnswers(
      sends.filter((send) => isAnsweredAt(send, before?.atMs ?? -1, look.atMs, isLast)),
      anyPartition,
    ),
    ...(isLast ? finalLogsOf(recording) : []),
  ];
}

/** A process that was told to stop answers until it has gone; in the model it goes at once. */
function withoutLeaving({ steps }: Recording, { step: number, metrics = {} }: RecordedStep): typeof metrics {
  const isLeaving = (node: string): boolean => {
    const broker = node.replace("broker", "");
    const moves = steps.filter(({ step, action }) => step < number && /^(?:start|shutdown) /.test(action));
    return (
      moves
        .filter(({ action }) => action.endsWith(` ${broker}`))
        .at(-1)
        ?.action.startsWith("shutdown") === true
    );
  };
  return Object.fromEntries(Object.entries(metrics).filter(([node]) => !isLeaving(node)));
}

/** Each answer is looked at once: at the first look after it came. */
function isAnsweredAt({ answeredAtMs }: RecordedSend, sinceMs: number, untilMs: number, isLast: boolean): boolean {
  if (answeredAtMs === null || answeredAtMs === undefined) return isLast;
  return answeredAtMs > sinceMs && (isLast || answeredAtMs <= untilMs);
}

function finalLogsOf({ finalLogs = {} }: Recording): Claim[] {
  // By partition and broker in a recording that has a head.
  const byPartition = finalLogs as Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  return Object.entries(byPartition).flatMap(([partition, byBroker]) =>
    Object.entries(byBroker).map(([broker, records]) =>
      claim(partition, "log", broker, list(records.map((record) => record.replace(/^\d+:e\d+:/, "")))),
    ),
  );
}

/** What a tool printed, or what an operator's verb was refused with: `orders-0: ELECTION_NOT_NEEDED: …`. */
function toldOf({ output, notes = [] }: RecordedStep): string | null {
  if (output !== undefined) return plain(output.text);
  return notes.length === 0 ? null : plain(notes.join("\n").replace(/\b([A-Z_]{4,}) \w+: /g, "$1: "));
}

/** Without what Kafka draws by lot and without the frames of stack traces. */
export function plain(text: string): string {
  return text
    .replace(/\tTopicId: [\w-]{22}/g, "")
    .split("\n")
    .filter((line) => !/^\t*(?:at |\.\.\. \d+ more)/.test(line))
    .map((line) => line.trimEnd())
    .join("\n")
    .trimEnd();
}
