import { firstTopic, type RecordedStep, type Recording } from "./recording.js";
import type { Head, Held, TimedLine } from "./translate.js";

/** One step of a recording that is to be written as lines of a scenario. */
export interface StepContext {
  readonly recording: Recording;
  readonly step: RecordedStep;
  /** When the recorded cluster went on to the next step. */
  readonly nextAtMs: number;
  /** What is added to a recorded time. */
  readonly shiftMs: number;
  /** When the step is looked at in the scenario. */
  readonly observedAtMs: number;
  readonly held: Held;
  readonly head: Head;
  readonly only: string | undefined;
}

/** What the words of an action mean. Several may be found in one action; they happen in the order of the text. */
const phrases: readonly {
  readonly pattern: RegExp;
  readonly lines: (match: RegExpExecArray, context: StepContext) => readonly string[];
}[] = [
  {
    // The log of a killed broker that is cut afterwards is a crash that loses what was not flushed.
    pattern: /SIGKILL (\d(?: and \d)*)(?:, cut its log to (\d+) records)?/g,
    lines: ([, killed = "", kept], context) =>
      brokersIn(killed).flatMap((broker) => {
        context.held.lastKilled = broker;
        const keeping = kept === undefined ? "" : ` keeping ${firstTopic(context.recording)}-0=${kept}`;
        return [`crash ${broker}${keeping}`, ...endHoldsTo(broker, context)];
      }),
  },
  { pattern: /SIGTERM (\d)/g, lines: ([, broker]) => [`shutdown ${broker}`] },
  { pattern: /wipe its disk/g, lines: (_, { held }) => [`wipe ${held.lastKilled}`] },
  { pattern: /hold [^;:]*?(\d->\S+.*?)(?=;|:|$)/g, lines: ([, pairs = ""], context) => hold(pairs, context) },
  {
    pattern: /\((\d) held back\)/g,
    lines: ([, broker], { held }) => {
      held.pairs = [...held.pairs, [`${broker}`, "1"]];
      return holdOf(`${broker}`, "1");
    },
  },
  {
    pattern: /heal (\d)->controller/g,
    lines: ([, broker]) => [`heal ${broker} from controller`],
  },
  { pattern: /(?:^|, |; )release/g, lines: (_, context) => release(context) },
  {
    pattern: /reassign to (\d(?:,\d)*)/g,
    lines: ([, replicas], { recording }) => [`reassign ${firstTopic(recording)}-0 to ${replicas}`],
  },
  {
    pattern: /kafka-leader-election (preferred|unclean)(?: for topic (\w+))?/g,
    lines: ([, election, topic], { recording }) => [`elect ${election} ${topic ?? firstTopic(recording)}-0`],
  },
  { pattern: /unclean election for all partitions/g, lines: () => ["elect unclean all"] },
  { pattern: /unclean election by tool/g, lines: (_, context) => electWhereLeaderless(context) },
  {
    pattern: /^second call/g,
    lines: (_, { recording }) => [
      `elect preferred ${firstTopic(recording)}-0`,
      `elect unclean ${firstTopic(recording)}-0`,
    ],
  },
  { pattern: /^throttle: /g, lines: () => ["throttle 3 to 1B/s"] },
  { pattern: /^remove the throttle rates/g, lines: () => ["throttle 3 off"] },
  { pattern: /^delete the cluster default/g, lines: () => ["config cluster -min.insync.replicas"] },
  {
    pattern: /^set (\S+=\S+) on broker (\d)/g,
    lines: ([, setting, broker]) => [`config broker ${broker} ${setting}`],
  },
];

/** An action behind these words happened when they had come true. */
const behindAWait = /wait for leader \d; (preferred election)/;

export function stepLines(context: StepContext): TimedLine[] {
  const { step, shiftMs } = context;
  const startMs = step.atMs + shiftMs;
  const found = phrases.flatMap(({ pattern, lines }) =>
    [...step.action.matchAll(pattern)].map((match) => ({ match, lines, index: match.index })),
  );
  found.sort((a, b) => a.index - b.index);
  const said = found.flatMap(({ match, lines }) => lines(match, context).map((text) => ({ atMs: startMs, text })));
  const afterWait = behindAWait.test(step.action)
    ? [{ atMs: context.observedAtMs - 500, text: `elect preferred ${firstTopic(context.recording)}-0` }]
    : [];
  const silenced = silences(context);
  const title = { atMs: startMs, text: `# ${step.step}. ${step.action}` };
  return [...silenced, title, ...said, ...starts(context), ...configs(context), ...sends(context), ...afterWait];
}

/**
 * Which of two brokers killed together is fenced first is a matter of when each had last sent a heartbeat. Where it was
 * not the one with the lower id, its heartbeats end earlier here too.
 */
function silences({ recording, step, nextAtMs, shiftMs }: StepContext): TimedLine[] {
  const [, first, second] = /SIGKILL (\d) and (\d)/.exec(step.action) ?? [];
  if (first === undefined || second === undefined) return [];
  const fenced = recording.metadataRecords.find(
    ({ type, data, atMs }) =>
      type === "BrokerRegistrationChangeRecord" && data.fenced === 1 && atMs > step.atMs && atMs < nextAtMs,
  );
  if (String(fenced?.data.brokerId) !== second) return [];
  const atMs = step.atMs + shiftMs;
  return [
    { atMs: atMs - 2100, text: `isolate ${second} from controller` },
    { atMs: atMs + 1, text: `heal ${second} from controller` },
  ];
}

function brokersIn(text: string): string[] {
  return text.split(" and ").map((word) => word.trim());
}

/** Every hold of the recorded cluster that there is. */
function hold(text: string, { held, only }: StepContext): string[] {
  // Where each topic has a hold of its own, only the one of the topic that is looked at.
  const own = only === undefined ? null : new RegExp(`(\\d)->(\\d) \\(${only}\\)`).exec(text);
  const pairs = [...(own?.[0] ?? text).matchAll(/(\d)->(\d|controller)/g)].map(
    ([, from = "", to = ""]) => [from, to] as const,
  );
  held.pairs = [...held.pairs, ...pairs];
  return pairs.flatMap(([from, to]) => holdOf(from, to));
}

/** Nobody waits any longer for a leader that was killed. */
function endHoldsTo(broker: string, { held }: StepContext): string[] {
  const ended = held.pairs.filter(([, to]) => to === broker);
  held.pairs = held.pairs.filter(([, to]) => to !== broker);
  return ended.map(([from, to]) => `heal ${from} from ${to}`);
}

function release({ held }: StepContext): string[] {
  const released = held.pairs.filter(([, to]) => to !== "controller");
  held.pairs = held.pairs.filter(([, to]) => to === "controller");
  return released.map(([from, to]) => `heal ${from} from ${to}`);
}

/**
 * Nothing passes any more. A fetch that is already waiting at the leader is given up: what it would still have been
 * answered was held, and thrown away with the leader or asked for again.
 */
function holdOf(from: string, to: string): string[] {
  const cut = `isolate ${from} from ${to}`;
  return to === "controller" ? [cut] : [cut, `drop connections ${from} ${to}`];
}

function electWhereLeaderless({ recording, step }: StepContext): string[] {
  const before = recording.steps[recording.steps.indexOf(step) - 1];
  const topics = { [firstTopic(recording)]: before?.observed, ...before?.observedOther };
  return Object.entries(topics)
    .filter(([, state]) => state?.leader === null)
    .map(([topic]) => `elect unclean ${topic}-0`);
}

/** How long a process took to come up depended on the machine; when it registered is recorded. */
function starts(context: StepContext): TimedLine[] {
  const { step, shiftMs } = context;
  const [, list] = /(?:restart|start|return) ((?:\d)(?: and \d)*)/.exec(step.action) ?? [];
  if (/start it again at once/.test(step.action)) {
    const [, broker] = /SIG\w+ (\d)/.exec(step.action) ?? [];
    const registeredAtMs = registeredAt(context, broker ?? "") ?? step.observedAtMs - 500;
    return [{ atMs: registeredAtMs + shiftMs, text: `start ${broker}` }];
  }
  if (list === undefined) return [];
  const registrations = brokersIn(list).map((broker) => registeredAt(context, broker) ?? step.atMs);
  return brokersIn(list).map((broker, index) => {
    // A start takes no time in the model. A broker that had to wait for its unfencing until others had registered
    // starts together with them.
    const ownAtMs = registrations[index] ?? step.atMs;
    const unfencedMs = unfencedAt(context, broker) ?? ownAtMs;
    const atMs = Math.max(ownAtMs, ...registrations.filter((other) => other < unfencedMs));
    return { atMs: atMs + shiftMs, text: `start ${broker}` };
  });
}

function unfencedAt({ recording, step, nextAtMs }: StepContext, broker: string): number | undefined {
  return recording.metadataRecords.find(
    ({ type, data, atMs }) =>
      type === "BrokerRegistrationChangeRecord" &&
      data.fenced === -1 &&
      String(data.brokerId) === broker &&
      atMs >= step.atMs &&
      atMs < nextAtMs,
  )?.atMs;
}

function registeredAt({ recording, step, nextAtMs }: StepContext, broker: string): number | undefined {
  return recording.metadataRecords.find(
    ({ type, data, atMs }) =>
      type === "RegisterBrokerRecord" && String(data.brokerId) === broker && atMs >= step.atMs && atMs < nextAtMs,
  )?.atMs;
}

const scopes: Readonly<Record<number, (name: string) => string>> = {
  2: (name) => name,
  4: (name) => (name === "" ? "cluster" : `broker ${name}`),
};

/** What operators set is in the metadata log with its value. */
function configs({ recording, step, nextAtMs, shiftMs }: StepContext): TimedLine[] {
  if (step.step === 1) return [];
  return (
    recording.metadataRecords
      .filter(({ type, atMs }) => type === "ConfigRecord" && atMs >= step.atMs && atMs < nextAtMs)
      // A throttle has a verb of its own.
      .filter(({ data }) => !/throttled/.test(data.name ?? ""))
      .map(({ data, atMs }) => {
        const scope = scopes[data.resourceType ?? 2]?.(data.resourceName ?? "") ?? "cluster";
        const change = data.value === null || data.value === undefined ? `-${data.name}` : `${data.name}=${data.value}`;
        return { atMs: atMs + shiftMs, text: `config ${scope} ${change}` };
      })
  );
}

/** Clients that were told of one broker only: they gave up after 4 s, and knew of a new leader by then. */
const toOneBroker = "request.timeout.ms=4000 delivery.timeout.ms=4500 retries=0 enable.idempotence=false";

function sends(context: StepContext): TimedLine[] {
  const { recording, step, shiftMs, head } = context;
  if (/^start continuous producers/.test(step.action)) return continuousSends(context);
  if (/^\d+ x acks=all/.test(step.action)) return countedSends(context);
  return (step.produce ?? []).map(({ value, topic, acks, producerConfig, sentAtMs }) => {
    const given = (producerConfig ?? "").replace(/[{}]/g, "").replaceAll(", ", " ");
    const config = /via=|bootstrap\.servers=/.test(given) ? toOneBroker : given;
    const partition = `${topic ?? firstTopic(recording)}-0`;
    return {
      atMs: sentAtMs + shiftMs,
      text: `${head.producer(partition, acks, config)} send ${value} to ${partition}`,
    };
  });
}

/** One record every 20 ms to each topic, until the step that stops the producers. */
function continuousSends({ recording, step, shiftMs, head }: StepContext): TimedLine[] {
  const last = recording.steps.at(-1) ?? step;
  const count = Math.floor((last.atMs - step.atMs) / 20);
  return Object.keys(recording.topics).map((topic) => ({
    atMs: step.atMs + shiftMs,
    text: `${head.producer(`${topic}-0`, "all", "")} send ${topic}-1..${topic}-${count} to ${topic}-0 every 20ms`,
  }));
}

/** `20 x acks=all`: sends of which only the number is recorded. */
function countedSends({ recording, step, shiftMs, head }: StepContext): TimedLine[] {
  const count = Number.parseInt(step.action, 10);
  const partition = `${firstTopic(recording)}-0`;
  const producer = head.producer(partition, "all", "");
  const name = `v${step.step}-`;
  return [{ atMs: step.atMs + shiftMs, text: `${producer} send ${name}1..${name}${count} to ${partition} every 80ms` }];
}
