import { signal } from "@preact/signals";
import type { DocumentOp, OpBatch, OpReply } from "../../server/wire.js";
import { ApiError, messageOf, postJson } from "../parts/api.js";

/** One step on the way to the server: an op, or the place where a cell's unsent typing goes. */
type Waiting = DocumentOp | { readonly type: "typed"; readonly cell: string };

export interface OutboxOptions {
  readonly path: string;
  readonly client: string;
  /** Of the server life this tab last heard from. */
  readonly epoch: () => string;
  /** Takes what was typed in a cell and is not sent yet. */
  readonly takeTyped: (cell: string) => DocumentOp | undefined;
  /** The batch is in. */
  readonly applied: (batch: OpBatch) => void;
  /** The batch did not get through; what was taken from the cells waits again. */
  readonly putBack: (batch: OpBatch) => void;
  /** The server refuses it for good. */
  readonly refused: (batch: OpBatch, message: string) => void;
  /** Signed out, or the lesson is gone: nothing will get through any more. */
  readonly lost: (message: string) => void;
}

const typingPauseMs = 30;
const staleRetryMs = 60;
const offlineRetryMs = 1_000;

/**
 * What this tab has to tell the server, in order, one batch at a time. Nothing is dropped: a batch that does not arrive
 * is sent again under its own number, and the server applies a number once.
 */
export class Outbox {
  /** True while something has not been acknowledged. */
  readonly isPending = signal(false);
  /** True while the server cannot be reached. */
  readonly isStuck = signal(false);
  private waiting: Waiting[] = [];
  private runs: string[] = [];
  private restarts = false;
  private sequence = 0;
  private sending: OpBatch | undefined;
  private timer: number | undefined;

  constructor(private readonly options: OutboxOptions) {}

  /** Notes that a cell has been typed in; it goes out when the typing pauses. */
  typed(cell: string): void {
    if (!this.waiting.some((op) => op.type === "typed" && op.cell === cell)) this.waiting.push({ type: "typed", cell });
    this.isPending.value = true;
    this.flushIn(typingPauseMs);
  }

  /** Ops and runs go at once, and what was typed before goes with them. */
  send(ops: readonly DocumentOp[], run: readonly string[] = []): void {
    this.waiting.push(...ops);
    this.runs.push(...run);
    this.isPending.value = true;
    this.flush();
  }

  /** A new kernel; what was pressed before and has not been sent would only be stopped by it. */
  restart(): void {
    this.restarts = true;
    this.runs = [];
    this.isPending.value = true;
    this.flush();
  }

  /** Tries again now, as when the connection has come back. */
  retry(): void {
    if (this.isPending.value) this.flush();
  }

  /** Resolves when everything typed so far is with the server, or it is clear that it cannot be reached now. */
  async settled(): Promise<void> {
    this.retry();
    for (let turn = 0; turn < 40 && this.isPending.value && !this.isStuck.value; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  }

  /** Ops that are not confirmed yet, in order: those on their way, then those waiting. */
  unconfirmedOps(): readonly DocumentOp[] {
    return [...(this.sending?.ops ?? []), ...this.waiting.filter((op) => op.type !== "typed")];
  }

  private flushIn(ms: number): void {
    if (this.timer !== undefined) return;
    this.timer = window.setTimeout(() => this.flush(), ms);
  }

  private flush(): void {
    window.clearTimeout(this.timer);
    this.timer = undefined;
    if (this.sending !== undefined) return;
    const ops = this.waiting.flatMap((op) => {
      const ready = op.type === "typed" ? this.options.takeTyped(op.cell) : op;
      return ready === undefined ? [] : [ready];
    });
    const { runs: run, restarts: restart } = this;
    this.waiting = [];
    this.runs = [];
    this.restarts = false;
    if (ops.length === 0 && run.length === 0 && !restart) {
      this.isPending.value = false;
      return;
    }
    this.sequence += 1;
    this.sending = {
      client: this.options.client,
      epoch: this.options.epoch(),
      sequence: this.sequence,
      ops,
      run,
      restart,
    };
    void this.post(this.sending);
  }

  private async post(batch: OpBatch): Promise<void> {
    let reply: OpReply;
    try {
      reply = await postJson<OpReply>(this.options.path, batch);
    } catch (error) {
      this.failed(batch, error);
      return;
    }
    this.isStuck.value = false;
    this.sending = undefined;
    // Answers come before their events or after; either may confirm.
    switch (reply.status) {
      case "applied":
        this.options.applied(batch);
        break;
      case "stale":
        this.takeBack(batch);
        this.flushIn(staleRetryMs);
        return;
      case "refused":
        this.options.refused(batch, reply.message);
        break;
    }
    this.flush();
  }

  private failed(batch: OpBatch, error: unknown): void {
    const status = error instanceof ApiError ? error.status : 0;
    if (status === 0 || status >= 500) {
      // It may have arrived all the same; under its own number it can be sent again safely.
      this.isStuck.value = true;
      window.setTimeout(() => void this.post(batch), offlineRetryMs);
      return;
    }
    this.sending = undefined;
    if (status === 403 || status === 404) {
      this.takeBack(batch);
      this.isStuck.value = true;
      this.options.lost(messageOf(error));
      return;
    }
    this.options.refused(batch, messageOf(error));
    this.flush();
  }

  /** Puts a batch that was not applied in front again, its typing as a placeholder. */
  private takeBack(batch: OpBatch): void {
    this.options.putBack(batch);
    const typed = new Set<string>();
    const again = batch.ops.flatMap((op): Waiting[] => {
      if (op.type !== "edit") return [op];
      typed.add(op.cell);
      return [{ type: "typed", cell: op.cell }];
    });
    this.waiting = [...again, ...this.waiting.filter((op) => op.type !== "typed" || !typed.has(op.cell))];
    this.runs = this.restarts ? this.runs : [...(batch.run ?? []), ...this.runs];
    this.restarts ||= batch.restart === true;
    this.isPending.value = true;
  }
}
