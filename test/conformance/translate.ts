import { type Claim, claimsOfFinalLogs, claimsOfMetrics, claimsOfStep } from "./claims.js";
import { byTopic, type RecordedStep, type Recording } from "./recording.js";
import { stepLines } from "./step-lines.js";
import { translateScenario } from "./translate-scenario.js";

/** A recording as a scenario, and what must be seen in it when. */
export interface Translation {
  readonly text: string;
  readonly observations: readonly Observation[];
  /** What operators were told, by the line of the text that asked. */
  readonly told?: ReadonlyMap<number, Told>;
}

/** What a command line printed or a verb was refused with; null where nothing was said. */
export interface Told {
  readonly step: number;
  readonly text: string | null;
}

export interface Observation {
  readonly step: number;
  /** The first and the last moment at which the step may look as recorded; the same for a step that does not wait. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly claims: readonly Claim[];
}

/** One line of the scenario before it is put into order. */
export interface TimedLine {
  readonly atMs: number;
  readonly text: string;
}

/**
 * Writes a recording as a scenario. Times are the recorded ones, put off by what steps that wait are given in addition:
 * the real cluster waited until something was so, a scenario waits for a time that is long enough.
 *
 * @param only the topic that is looked at; without it, all
 */
export function translate(recording: Recording, only?: string): Translation {
  if (recording.head !== undefined) return translateScenario(recording, recording.head);
  const head = new Head(recording);
  const lines: TimedLine[] = [];
  const observations: Observation[] = [];
  const held: Held = { pairs: [], lastKilled: null };
  let shiftMs = 0;
  recording.steps.forEach((step, index) => {
    const extraMs = patienceMs(step);
    const nextAtMs = recording.steps[index + 1]?.atMs ?? step.observedAtMs + 1000;
    const later = shiftMs + extraMs;
    const observedAtMs = step.observedAtMs + later;
    const context = { recording, step, nextAtMs, shiftMs, observedAtMs, held, head, only };
    lines.push(...stepLines(context));
    for (const [topic, values] of byTopic(recording, step.consumerRead, Array.isArray)) {
      // An error instead of values: there was nobody to read from.
      if (values[0]?.startsWith("<") === true) continue;
      const consumer = head.consumer(step.step, topic);
      const healAtMs = Math.max(step.atMs + shiftMs, observedAtMs - 1200);
      lines.push({ atMs: healAtMs, text: `heal ${consumer} from brokers` });
    }
    const fromMs = extraMs === 0 ? observedAtMs : Math.max(step.atMs, step.observedAtMs - extraMs / 2) + shiftMs;
    const moment = { step: step.step, fromMs, toMs: observedAtMs };
    observations.push({ ...moment, claims: claimsOfStep(recording, step, only) });
    // JMX was read after the rest, one process after the other: it has a moment of its own. It counts all topics.
    const metrics = only === undefined ? claimsOfMetrics(recording, step) : [];
    if (metrics.length > 0) observations.push({ ...moment, claims: metrics });
    shiftMs = later;
  });
  const last = observations.at(-1);
  if (last !== undefined) {
    const endMs = last.toMs + 2000;
    observations.push({ step: last.step, fromMs: endMs, toMs: endMs, claims: claimsOfFinalLogs(recording, only) });
    const ordered = [...lines].sort((a, b) => a.atMs - b.atMs);
    const body = ordered.map(({ atMs, text }) => (text.startsWith("#") ? text : `at ${Math.max(0, atMs)} ${text}`));
    return { text: `${[...head.lines(), ...body, `end ${endMs}`].join("\n")}\n`, observations };
  }
  return { text: head.lines().join("\n"), observations };
}

/** How much longer than the recorded cluster a step may take, in milliseconds. */
function patienceMs({ action }: RecordedStep): number {
  if (/periodic|wait for a leader$/.test(action)) return 20_000;
  if (/wait|settled|return|restart|leaves|SIGTERM|later/.test(action)) return 4_000;
  return /acks=/.test(action) ? 1_000 : 0;
}

/** Which follower's fetch connection to which leader is held, and who was killed last. */
export interface Held {
  pairs: readonly (readonly [string, string])[];
  lastKilled: string | null;
}

/** The head of the scenario: grows while the steps are written, one producer for each way of producing. */
export class Head {
  readonly #recording: Recording;
  readonly #producers = new Map<string, { readonly name: string; readonly settings: string }>();
  readonly #consumers: { readonly name: string; readonly topic: string }[] = [];

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  /** One for each partition and way of producing: sends of the recorded clients did not wait for each other's. */
  producer(partition: string, acks: string, config: string): string {
    const settings = `acks=${acks} ${config}`.trim();
    const key = `${partition} ${settings}`;
    const known = this.#producers.get(key);
    if (known !== undefined) return known.name;
    const name = `p${this.#producers.size + 1}`;
    this.#producers.set(key, { name, settings });
    return name;
  }

  consumer(step: number, topic: string): string {
    const name = `c${step}-${topic}`;
    this.#consumers.push({ name, topic });
    return name;
  }

  lines(): string[] {
    const { topics, finalizedFeatures, serverConfigOverrides, scenario, title } = this.#recording;
    const elr = (finalizedFeatures["eligible.leader.replicas.version"] ?? 0) > 0 ? "on" : "off";
    const settings = Object.entries(serverConfigOverrides).map(([key, value]) => ` ${key}=${value}`);
    return [
      `# ${scenario}: ${title}`,
      `cluster brokers=3 kafka=4.3 elr=${elr}${settings.join("")}`,
      ...Object.entries(topics).map(([name, described]) => topicLine(name, described)),
      ...[...this.#producers.values()].map(({ name, settings }) => `producer ${name} linger.ms=0 ${settings}`),
      ...this.#consumers.map(({ name, topic }) => `consumer ${name} topic=${topic} auto.offset.reset=earliest`),
      // A reader that reads everything at one moment: it exists from the start and hears from nobody until then.
      ...this.#consumers.map(({ name }) => `at 0 isolate ${name} from brokers`),
    ];
  }
}

function topicLine(name: string, described: string): string {
  const match = /^replicas=\[([^\]]*)\]\s*(?:\{(.*)\})?$/.exec(described);
  const replicas = (match?.[1] ?? "1,2,3").replaceAll(" ", "");
  const configs = (match?.[2] ?? "").split(", ").filter((config) => config !== "");
  return ["topic", name, `replicas=${replicas}`, ...configs].join(" ");
}
