import { batch, computed, signal } from "@preact/signals";
import { noOutputs } from "../../notebook/output.js";
import type { LessonState } from "../../server/boot.js";
import type { AppliedOp, DocumentEvent, DocumentOp, OpBatch, WireDocument, WireKernel } from "../../server/wire.js";
import { messageOf, postJson } from "../parts/api.js";
import { applyOrderOp, type OrderOp } from "./cell-order.js";
import { EventStream } from "./event-stream.js";
import { createLiveCell, type LiveCell, resumeLiveCell, takeOutput } from "./live-cell.js";
import { Outbox } from "./outbox.js";

/** One lesson in one tab: what the server says, plus what this tab has done and the server has not confirmed yet. */
export class LessonSession {
  readonly path: string;
  readonly slug: string;
  readonly kernel = signal<WireKernel>({ status: "none" });
  readonly savedAtMs = signal<number | undefined>(undefined);
  /** Why saving failed, until it works again. */
  readonly saveProblem = signal<string | undefined>(undefined);
  /** Sentences to show once. */
  readonly notices = signal<readonly string[]>([]);
  readonly outbox: Outbox;
  readonly stream: EventStream;
  private readonly client = crypto.randomUUID();
  private readonly cells = new Map<string, LiveCell>();
  private readonly confirmedOrder = signal<readonly string[]>([]);
  private readonly ownOps = signal<readonly OrderOp[]>([]);

  /** The cells as the reader sees them. */
  readonly order = computed(() => this.ownOps.value.reduce(applyOrderOp, this.confirmedOrder.value));

  constructor(state: LessonState) {
    this.slug = state.document.slug;
    this.path = `/api/lessons/${encodeURIComponent(this.slug)}`;
    this.outbox = new Outbox({
      path: `${this.path}/ops`,
      client: this.client,
      epoch: () => this.stream.epoch,
      takeTyped: (id) => this.takeTyped(id),
      applied: (sent) => this.onAccepted(sent),
      putBack: (sent) => this.eachEdit(sent, ({ cell }) => this.cells.get(cell)?.text.putBack()),
      refused: (sent, message) => this.onRefused(sent, message),
      lost: (message) => this.say(message),
    });
    this.take(state.document);
    this.stream = new EventStream(
      `${this.path}/events`,
      state.lastEventId,
      (event) => batch(() => this.onEvent(event)),
      () => this.outbox.retry(),
    );
  }

  cell(id: string): LiveCell | undefined {
    return this.cells.get(id);
  }

  codeCells(): readonly string[] {
    return this.order.value.filter((id) => this.cells.get(id)?.type.value === "code");
  }

  /** Sends ops and shows their effect at once; a cell that is to be inserted exists from here on. */
  change(ops: readonly DocumentOp[]): void {
    batch(() => {
      for (const op of ops) this.showOwn(op);
    });
    this.outbox.send(ops);
  }

  run(ids: readonly string[]): void {
    for (const id of ids) {
      const cell = this.cells.get(id);
      // Said at once, so that a press is seen before the server has answered.
      if (cell && cell.run.value.mark !== "running") cell.run.value = { ...cell.run.value, mark: "queued" };
    }
    this.outbox.send([], ids);
  }

  async interrupt(): Promise<void> {
    const outcome = await this.ask<{ outcome: string }>("interrupt");
    if (outcome?.outcome === "no-answer") this.say("The cell does not stop. Restart the kernel to end it.");
  }

  /** A new kernel; cells that are run from here on run in it. */
  restart(): void {
    this.outbox.restart();
  }

  /** Forgets everything this tab has, unsent typing too, for the course's own text. */
  async startOver(): Promise<void> {
    await this.ask("start-over");
  }

  say(text: string): void {
    if (!this.notices.value.includes(text)) this.notices.value = [...this.notices.value, text];
  }

  dismiss(text: string): void {
    this.notices.value = this.notices.value.filter((notice) => notice !== text);
  }

  private async ask<T>(what: string): Promise<T | undefined> {
    try {
      return await postJson<T>(`${this.path}/${what}`, {});
    } catch (error) {
      this.say(messageOf(error));
      return undefined;
    }
  }

  private takeTyped(id: string): DocumentOp | undefined {
    const unsent = this.cells.get(id)?.text.takeUnsent();
    return unsent === undefined ? undefined : { type: "edit", cell: id, ...unsent };
  }

  private showOwn(op: DocumentOp): void {
    switch (op.type) {
      case "insert":
        this.addCell({ ...op.cell, version: 0 });
        this.ownOps.value = [...this.ownOps.value, { type: "insert", cell: op.cell.id, after: op.after }];
        break;
      case "delete":
      case "move":
      case "restore":
        this.ownOps.value = [...this.ownOps.value, op];
        break;
      case "convert":
      case "clear":
      case "resolve":
        this.showOnCell(op);
        break;
      case "edit":
        break; // Typed through the cell's text, which already shows it.
    }
  }

  private addCell(cell: { id: string; type: "code" | "markdown" | "raw"; source: string; version: number }): void {
    const wire = {
      ...cell,
      tags: [],
      outputs: [],
      displayIds: [],
      diagnostics: [],
      run: { mark: "never", ending: "none" },
    } as const;
    this.cells.set(
      cell.id,
      createLiveCell(wire, (id) => this.outbox.typed(id)),
    );
  }

  private onEvent(event: DocumentEvent): void {
    switch (event.type) {
      case "snapshot":
        this.take(event.document);
        break;
      case "ops":
        this.onOps(event.client, event.ops);
        break;
      case "run":
        this.withCell(event.cell, (cell) => {
          cell.run.value = event.run;
        });
        break;
      case "marks":
        for (const [id, run] of Object.entries(event.runs)) {
          this.withCell(id, (cell) => {
            cell.run.value = run;
          });
        }
        break;
      case "outputs":
        if (event.event.type === "update") for (const cell of this.cells.values()) takeOutput(cell, event.event);
        else this.withCell(event.cell, (cell) => takeOutput(cell, event.event));
        break;
      case "diagnostics":
        this.withCell(event.cell, (cell) => {
          cell.diagnostics.value = { version: event.version, found: event.found };
        });
        break;
      case "kernel":
        this.kernel.value = event.kernel;
        break;
      case "notice":
        this.say(event.text);
        break;
      case "saved":
        this.savedAtMs.value = event.atMs;
        this.saveProblem.value = undefined;
        break;
      case "saveFailed":
        this.saveProblem.value = event.message;
        break;
    }
  }

  private onOps(client: string, ops: readonly AppliedOp[]): void {
    const isOwn = client === this.client;
    for (const op of ops) {
      if (op.type === "edit") {
        if (isOwn) this.cells.get(op.cell)?.text.accepted(op.version);
        else this.cells.get(op.cell)?.text.applied(op.changes, op.version);
      } else if (op.type === "insert") {
        const known = this.cells.get(op.cell.id);
        if (known === undefined)
          this.cells.set(
            op.cell.id,
            createLiveCell(op.cell, (id) => this.outbox.typed(id)),
          );
        this.confirm({ type: "insert", cell: op.cell.id, after: op.after });
      } else if (op.type === "delete" || op.type === "move") {
        this.confirm(op);
      } else {
        this.showOnCell(op);
      }
    }
  }

  /** An order op is in the server's order now; if it was our own, it is no longer on top. */
  private confirm(op: OrderOp): void {
    this.confirmedOrder.value = applyOrderOp(this.confirmedOrder.value, op);
    const index = this.ownOps.value.findIndex((own) => own.cell === op.cell && sameKind(own.type, op.type));
    if (index !== -1) this.ownOps.value = this.ownOps.value.filter((_, position) => position !== index);
  }

  private showOnCell(op: AppliedOp | DocumentOp): void {
    if (op.type === "insert" || op.type === "restore") return;
    this.withCell(op.cell, (cell) => {
      switch (op.type) {
        case "convert":
          cell.type.value = op.to;
          cell.outputs.value = noOutputs;
          if ("html" in op && op.html !== undefined) cell.html.value = op.html;
          break;
        case "clear":
          cell.outputs.value = noOutputs;
          break;
        case "resolve":
          cell.conflict.value = undefined;
          break;
        case "rendered":
          cell.html.value = op.html;
          break;
        default:
          break;
      }
    });
  }

  private take(document: WireDocument): void {
    for (const wire of document.cells) {
      const known = this.cells.get(wire.id);
      if (known === undefined)
        this.cells.set(
          wire.id,
          createLiveCell(wire, (id) => this.outbox.typed(id)),
        );
      else resumeLiveCell(known, wire);
    }
    this.confirmedOrder.value = document.cells.map(({ id }) => id);
    this.kernel.value = document.kernel;
    this.savedAtMs.value = document.savedAtMs;
    for (const notice of document.notices) this.say(notice);
    // Own ops that the snapshot already holds change nothing when they are applied once more.
    const unconfirmed = new Set(this.outbox.unconfirmedOps().map((op) => ("cell" in op ? idOf(op) : "")));
    this.ownOps.value = this.ownOps.value.filter(({ cell }) => unconfirmed.has(cell));
  }

  private onAccepted(sent: OpBatch): void {
    this.eachEdit(sent, ({ cell, version }) => this.cells.get(cell)?.text.accepted(version + 1));
  }

  private onRefused(sent: OpBatch, message: string): void {
    const cells = new Set(sent.ops.map(idOf));
    this.ownOps.value = this.ownOps.value.filter(({ cell }) => !cells.has(cell));
    this.eachEdit(sent, ({ cell }) => this.cells.get(cell)?.text.putBack());
    this.say(`A change did not go through: ${message}.`);
  }

  private eachEdit(sent: OpBatch, then: (op: DocumentOp & { readonly type: "edit" }) => void): void {
    for (const op of sent.ops) if (op.type === "edit") then(op);
  }

  private withCell(id: string, then: (cell: LiveCell) => void): void {
    const cell = this.cells.get(id);
    if (cell !== undefined) then(cell);
  }
}

function idOf(op: DocumentOp): string {
  return op.type === "insert" ? op.cell.id : op.cell;
}

function sameKind(own: OrderOp["type"], applied: OrderOp["type"]): boolean {
  return own === applied || (own === "restore" && applied === "insert");
}
