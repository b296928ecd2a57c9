/**
 * What one cell says on its way out of the kernel process. The output socket takes about 500 messages between two
 * turns of the event loop and then refuses or drops the rest, and a loop that prints never lets the event loop turn.
 * So: the first messages go out at once, more are gathered over growing times, and past a bound the rest of the cell's
 * output is dropped and that is said.
 */

/** The two ways tslab offers to speak for a cell. */
export interface Wire {
  stream(name: string, text: string): void;
  display(content: DisplayContent, update: boolean): void;
}

export interface DisplayContent {
  readonly data: { readonly [mimeType: string]: unknown };
  readonly metadata: object;
  readonly transient: { readonly display_id?: string | undefined };
}

/** Private notes to the other end travel as displays of these types; the other end turns them into what they mean. */
export const errorType = "application/vnd.highwater.error+json";
export const droppedType = "application/vnd.highwater.dropped+json";

export interface ErrorReport {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

export interface OutboxLimits {
  /** Characters of one cell, displays included. */
  readonly keptLength: number;
  readonly keptDisplays: number;
  /** A timer can throw for ever. */
  readonly keptErrors: number;
}

export const outboxLimits: OutboxLimits = { keptLength: 24 * 1024 * 1024, keptDisplays: 400, keptErrors: 40 };

/** What the socket takes in one turn of the event loop, with room for replies and status. All outboxes share it. */
export interface Turn {
  sent: number;
}
const turnLimit = 400;

/** How long to gather before the next message, by how many have gone out in this turn. */
function gatherMs(sent: number): number {
  if (sent < 60) return 0;
  if (sent < 200) return 15;
  if (sent < 300) return 100;
  return sent < turnLimit ? 1_000 : Number.POSITIVE_INFINITY;
}

export interface Clock {
  /** Only goes forward. */
  nowMs(): number;
  /** Calls back when the event loop has turned. */
  nextTurn(callback: () => void): void;
}

type Waiting =
  | { readonly type: "stream"; readonly name: string; text: string }
  | { readonly type: "display"; content: DisplayContent; readonly update: boolean };

export interface Outbox extends Wire {
  error(report: ErrorReport): void;
  /** The first error of the cell: it goes with the reply too, in case what is published is lost. */
  firstError(): ErrorReport | undefined;
  /** Sends all that waits, over as many turns as it takes. */
  drain(): Promise<void>;
  /** Sends what one turn takes: the last words of a process. */
  flush(): void;
}

export function createOutbox(wire: Wire, turn: Turn, clock: Clock, limits: OutboxLimits = outboxLimits): Outbox {
  let waiting: Waiting[] = [];
  let lastSentMs = Number.NEGATIVE_INFINITY;
  let turnAwaited = false;
  let keptLength = 0;
  let keptDisplays = 0;
  let keptErrors = 0;
  let dropping = false;
  let first: ErrorReport | undefined;

  function flush(): void {
    let count = 0;
    for (const item of waiting) {
      if (turn.sent >= turnLimit) break;
      if (item.type === "stream") wire.stream(item.name, item.text);
      else wire.display(item.content, item.update);
      turn.sent += 1;
      count += 1;
    }
    waiting = waiting.slice(count);
    if (count > 0) lastSentMs = clock.nowMs();
    awaitTurn();
  }

  /** In the next turn the socket takes messages again, and what has been gathered goes out. */
  function awaitTurn(): void {
    if (turnAwaited) return;
    turnAwaited = true;
    clock.nextTurn(() => {
      turnAwaited = false;
      turn.sent = 0;
      if (waiting.length > 0) flush();
    });
  }

  function put(item: Waiting): void {
    const last = waiting.at(-1);
    if (item.type === "stream" && last?.type === "stream" && last.name === item.name) last.text += item.text;
    else waiting.push(item);
    if (clock.nowMs() - lastSentMs >= gatherMs(turn.sent)) flush();
    else awaitTurn();
  }

  function drop(): void {
    if (dropping) return;
    dropping = true;
    put({ type: "display", content: { data: { [droppedType]: {} }, metadata: {}, transient: {} }, update: false });
  }

  return {
    stream(name, text) {
      if (dropping || text === "") return;
      const room = limits.keptLength - keptLength;
      keptLength += text.length;
      put({ type: "stream", name, text: text.slice(0, Math.max(room, 0)) });
      if (text.length > room) drop();
    },
    display(content, update) {
      if (update) {
        // Of many updates to one display that nobody has seen yet, only the last matters.
        const id = content.transient.display_id;
        const unseen = waiting.find((item) => item.type === "display" && item.content.transient.display_id === id);
        if (unseen?.type === "display") unseen.content = content;
        else put({ type: "display", content, update });
        return;
      }
      keptDisplays += 1;
      for (const value of Object.values(content.data)) keptLength += lengthOf(value);
      if (keptLength > limits.keptLength || keptDisplays > limits.keptDisplays) drop();
      if (!dropping) put({ type: "display", content, update });
    },
    error(report) {
      first ??= report;
      keptErrors += 1;
      if (keptErrors > limits.keptErrors) drop();
      else
        put({
          type: "display",
          content: { data: { [errorType]: report }, metadata: {}, transient: {} },
          update: false,
        });
    },
    firstError: () => first,
    async drain() {
      for (;;) {
        flush();
        if (waiting.length === 0) return;
        await new Promise<void>((resolve) => clock.nextTurn(resolve));
      }
    },
    flush,
  };
}

function lengthOf(value: unknown): number {
  return typeof value === "string" ? value.length : (JSON.stringify(value)?.length ?? 0);
}
