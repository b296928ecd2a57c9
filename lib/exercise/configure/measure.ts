import { itemsOf } from "../../core/append-list.js";
import { unreachable } from "../../core/assert.js";
import { brokerName } from "../../protocol/ids.js";
import type { SendNote } from "../../sim/history.js";
import { ledger } from "../../sim/ledger.js";
import { formatDuration } from "../../sim/scenario/line-reader.js";
import type { TraceEntry } from "../../sim/trace.js";
import { currentMetadata, type World } from "../../sim/world.js";
import type { MeasureId } from "../check-format.js";

/** A number taken from a run, and the record that it comes from where there is one. */
export interface Measured {
  readonly value: number;
  readonly send: SendNote | null;
}

/** How a measure is called in a sentence: "The slowest acknowledgement took 24ms". */
const words: Readonly<Record<MeasureId, (value: string) => string>> = {
  "slowest-ack-ms": (value) => `the slowest acknowledgement took ${value}`,
  "median-ack-ms": (value) => `half of the acknowledgements took ${value} or longer`,
  "longest-silence-ms": (value) => `for ${value} no write was acknowledged although some waited`,
  "not-acked": (value) => `${value} of the writes were not acknowledged`,
  refused: (value) => `${value} of the writes were refused`,
  lost: (value) => `${value} acknowledged records are gone`,
  duplicates: (value) => `${value} records are in the log more than once`,
  copies: (value) => `each record is kept ${value} times`,
  "produce-requests": (value) => `the producers sent ${value} requests`,
  "replica-fetches": (value) => `the followers sent ${value} fetch requests`,
};

export function inSentence(id: MeasureId, value: number): string {
  return words[id](inWords(id, value));
}

/** A value with its unit. */
export function inWords(id: MeasureId, value: number): string {
  return id.endsWith("-ms") ? formatDuration(value) : String(value);
}

/** Requests of a run, counted while it is made: a world does not remember them. */
export class RequestCount {
  produce = 0;
  replicaFetch = 0;
  readonly #brokers: ReadonlySet<string>;

  constructor({ brokers }: World) {
    this.#brokers = new Set(brokers.map(({ brokerId }) => brokerName(brokerId)));
  }

  add({ sent }: Pick<TraceEntry, "sent">): void {
    for (const { type, from } of sent) {
      if (type === "ProduceRequest") this.produce++;
      if (type === "FetchRequest" && this.#brokers.has(from)) this.replicaFetch++;
    }
  }
}

/** Takes a measure at the end of a run. Times are virtual milliseconds, everything else is counted. */
export function measure(id: MeasureId, world: World, requests: RequestCount): Measured {
  const sends = itemsOf(world.history.sends);
  switch (id) {
    case "slowest-ack-ms": {
      const slowest = ackTimes(world).at(-1);
      return slowest ?? { value: 0, send: null };
    }
    case "median-ack-ms": {
      const times = ackTimes(world);
      return times[Math.floor(times.length / 2)] ?? { value: 0, send: null };
    }
    case "longest-silence-ms":
      return { value: longestSilenceMs(sends, world.nowMs), send: null };
    case "not-acked":
      return counted(sends, ({ outcome }) => outcome?.result !== "acked");
    case "refused":
      return counted(sends, ({ outcome }) => outcome?.result === "failed" && outcome.written === "no");
    case "lost": {
      const lost = ledger(world).filter(({ fate }) => fate === "acked-lost");
      return { value: lost.length, send: lost.at(-1)?.send ?? null };
    }
    case "duplicates": {
      const twice = ledger(world).filter(({ copies }) => copies > 1);
      return { value: twice.length, send: twice.at(-1)?.send ?? null };
    }
    case "copies":
      return {
        value: Math.max(0, ...currentMetadata(world).partitions.map(({ replicas }) => replicas.length)),
        send: null,
      };
    case "produce-requests":
      return { value: requests.produce, send: null };
    case "replica-fetches":
      return { value: requests.replicaFetch, send: null };
    default:
      return unreachable(id);
  }
}

/** Of each send that has ended or still waits, the quickest first: a send without an answer has taken all the time there was. */
function ackTimes(world: World): readonly Measured[] {
  return itemsOf(world.history.sends)
    .map(
      (send): Measured => ({
        value: (send.outcome?.result === "acked" ? (send.endedAtMs ?? world.nowMs) : world.nowMs) - send.sentAtMs,
        send,
      }),
    )
    .sort((a, b) => a.value - b.value);
}

/** The longest time in which a write waited and none was acknowledged. */
function longestSilenceMs(sends: readonly SendNote[], nowMs: number): number {
  const acks = sends.flatMap(({ outcome, endedAtMs }) =>
    outcome?.result === "acked" && endedAtMs !== null ? [endedAtMs] : [],
  );
  return Math.max(
    0,
    ...sends.map(({ sentAtMs }) => {
      const next = acks.filter((atMs) => atMs >= sentAtMs).reduce((least, atMs) => Math.min(least, atMs), nowMs);
      return next - sentAtMs;
    }),
  );
}

function counted(sends: readonly SendNote[], is: (send: SendNote) => boolean): Measured {
  const found = sends.filter(is);
  return { value: found.length, send: found.at(-1) ?? null };
}
