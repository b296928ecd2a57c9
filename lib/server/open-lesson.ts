import { join } from "node:path";
import { invariant } from "../core/assert.js";
import type { InterruptOutcome, RunResult } from "../notebook/kernel.js";
import type { Notebook } from "../notebook/notebook.js";
import { applyOutput, type Output, type OutputEvent } from "../notebook/output.js";
import type { CellHistory, PastSource } from "./cell-history.js";
import { EventLog } from "./event-log.js";
import { type CellFacts, type LastRun, markRuns } from "./freshness.js";
import type { KernelPool } from "./kernel-pool.js";
import type { LearnerCopy } from "./learner-copy.js";
import type { Render } from "./lesson-markdown.js";
import type { LessonStart } from "./lesson-start.js";
import { applyOps, find, type LiveCells, liveCell, toNotebook, toWire, withCell } from "./live-cells.js";
import { type RunListener, RunQueue } from "./run-queue.js";
import { LessonTypes } from "./types/lesson-types.js";
import type { TypeService } from "./types/type-thread.js";
import type { DocumentEvent, OpBatch, OpReply, WireDocument, WireKernel, WireRun } from "./wire.js";

export interface OpenLessonOptions {
  readonly slug: string;
  readonly title: string;
  readonly start: LessonStart;
  readonly copy: LearnerCopy;
  readonly history: CellHistory;
  readonly pool: KernelPool;
  /** For outputs too long for the page. */
  readonly overflowFolder: string;
  readonly render: Render;
  readonly types: TypeService;
  readonly nowMs: () => number;
  /** Names this life of the server in event ids. */
  readonly epoch: string;
  /** How long a change may wait for the disk; the journal has it at once. */
  readonly saveAfterMs: number;
  /** A cell that runs for longer is interrupted. */
  readonly runMsMax: number;
}

/** One lesson as the server holds it: the document, its runs, and everything that has been told about them. */
export class OpenLesson {
  readonly log: EventLog<DocumentEvent>;
  private live: LiveCells;
  private around: Notebook;
  private notices: readonly string[];
  private kernel: WireKernel = { status: "none" };
  private savedAtMs: number | undefined;
  private saveTimer: NodeJS.Timeout | undefined;
  private saving: Promise<void> = Promise.resolve();
  private readonly lastSequence = new Map<string, number>();
  private readonly lastRuns = new Map<string, LastRun>();
  private runCount = 0;
  private readonly queue: RunQueue;
  /** Types and names across the cells. */
  readonly types: LessonTypes;

  constructor(private readonly options: OpenLessonOptions) {
    this.log = new EventLog(options.epoch);
    this.live = options.start.live;
    this.around = options.start.around;
    this.notices = options.start.notices;
    if (options.start.isUnsaved) this.saveSoon();
    this.types = new LessonTypes({
      slug: options.slug,
      service: options.types,
      cells: () => this.codeCells(),
      onDiagnostics: (cell, found) => {
        const version = find(this.live, cell)?.version ?? 0;
        this.log.append({ type: "diagnostics", cell, version, found });
      },
      onNames: () => this.remark(),
    });
    const take = () => options.pool.take(options.slug, () => this.queue.culled());
    const listener: RunListener = {
      queued: (cell) => this.setRun(cell, (run) => ({ ...run, mark: "queued" })),
      started: (cell, source) => this.started(cell, source),
      output: (cell, event) => this.output(cell, event),
      ended: (cell, result) => this.ended(cell, result),
      dropped: (cell) => {
        this.setRun(cell, (run) => ({ ...run, mark: "never", ending: "aborted" }));
        this.remark();
      },
      kernel: (kernel) => this.tellKernel(kernel),
      forgotten: () => this.forget(),
      overran: () => {
        const text = `A cell was stopped: it had run for ${Math.round(options.runMsMax / 60_000)} minutes.`;
        this.log.append({ type: "notice", text });
      },
      overflowFile: (cell) => this.overflowFile(cell),
    };
    this.queue = new RunQueue(take, listener, options.runMsMax);
  }

  get isBusy(): boolean {
    return this.queue.isBusy;
  }

  /** The state a page starts from; events after `log.lastId` go on from it. */
  document(): WireDocument {
    const anchors = new Set<string>();
    return {
      slug: this.options.slug,
      title: this.options.title,
      cells: this.live.cells.map((cell) => ({
        ...toWire(cell, (text, context) => this.options.render(text, { ...context, anchors })),
        diagnostics: this.types.diagnosticsOf(cell.cell.id),
      })),
      kernel: this.kernel,
      notices: this.notices,
      ...(this.savedAtMs === undefined ? {} : { savedAtMs: this.savedAtMs }),
    };
  }

  notebook(): Notebook {
    return toNotebook(this.live, this.around);
  }

  /** Applies one tab's edits and starts the runs it asks for; an edit is durable before this returns. */
  submit(batch: OpBatch): OpReply {
    const seen = this.lastSequence.get(batch.client) ?? 0;
    if (batch.epoch !== this.options.epoch) return { status: "stale" };
    if (batch.sequence <= seen) return { status: "applied" };
    if (batch.ops.length > 0) {
      const outcome = applyOps(this.live, batch.ops, this.options.render);
      if (outcome.status !== "applied") return outcome;
      try {
        this.options.copy.accept(batch.ops);
      } catch (error) {
        const message = `Your edit could not be written down: ${sentence(error)}`;
        this.log.append({ type: "saveFailed", message });
        return { status: "refused", message };
      }
      this.keepHistory(batch, outcome.live);
      this.live = outcome.live;
      const { client, sequence } = batch;
      this.log.append({ type: "ops", client, sequence, ops: outcome.applied });
      this.remark();
      this.types.changed();
      this.saveSoon();
    }
    this.lastSequence.set(batch.client, batch.sequence);
    if (batch.restart === true) void this.queue.restart();
    if (batch.run !== undefined) this.run(batch.run);
    return { status: "applied" };
  }

  interrupt(): Promise<InterruptOutcome> {
    return this.queue.interrupt();
  }

  historyOf(cell: string): readonly PastSource[] {
    return this.options.history.of(cell);
  }

  outputsOf(cell: string): readonly Output[] {
    return find(this.live, cell)?.outputs.outputs ?? [];
  }

  /** Where the whole text of a cell goes when it is more than the page shows. */
  overflowFile(cell: string): string {
    invariant(/^[A-Za-z0-9_-]+$/.test(cell), "a cell's id is checked before it becomes part of a file's name");
    return join(this.options.overflowFolder, `${this.options.slug}.${cell}.txt`);
  }

  private output(id: string, event: OutputEvent): void {
    for (const { cell } of event.type === "update" ? this.live.cells : [{ cell: { id } }]) {
      this.live = withCell(this.live, cell.id, (old) => ({ ...old, outputs: applyOutput(old.outputs, event) }));
    }
    this.log.append({ type: "outputs", cell: id, event });
    this.saveSoon();
  }

  /** Everything on disk, as far as the disk allows. */
  async flush(): Promise<void> {
    clearTimeout(this.saveTimer);
    const pending = this.saveTimer !== undefined;
    this.saveTimer = undefined;
    if (pending) await this.save();
    await this.saving;
  }

  /** Puts another document in place of this one, in every tab. What was typed is in the cells' history. */
  replaceWith(notebook: Notebook): void {
    for (const { cell } of this.live.cells) {
      this.options.history.keep(cell.id, cell.source, this.options.nowMs(), false);
    }
    this.live = { cells: notebook.cells.map(liveCell), deleted: new Map() };
    this.around = notebook;
    this.notices = [];
    this.savedAtMs = undefined;
    this.forget();
    this.types.changed();
    this.log.append({ type: "snapshot", document: this.document() });
  }

  async forgetKernel(): Promise<void> {
    this.queue.detach();
    await this.options.pool.release(this.options.slug);
    this.tellKernel({ status: "none" });
  }

  async close(): Promise<void> {
    this.types.close();
    this.queue.detach();
    await this.flush();
  }

  private run(ids: readonly string[]): void {
    const cells = ids.flatMap((id) => {
      const found = find(this.live, id);
      return found?.cell.cell_type === "code" ? [{ cell: id, source: found.cell.source }] : [];
    });
    for (const { cell, source } of cells) this.options.history.keep(cell, source, this.options.nowMs(), false);
    if (cells.length === 0 || this.queue.run(cells)) return;
    // Not run: say again how things stand, since the tab that pressed shows them as waiting.
    for (const { cell } of cells) this.setRun(cell, (run) => run);
  }

  private started(id: string, source: string): void {
    this.runCount += 1;
    this.lastRuns.set(id, { source, order: this.runCount });
    this.options.pool.touch(this.options.slug);
    // What the last run showed stays until there is something to show instead: nothing jumps.
    this.output(id, { type: "clear", wait: true });
    this.setRun(id, (run) => ({ mark: "running", ending: run.ending, startedAtMs: this.options.nowMs() }));
  }

  private ended(id: string, result: RunResult): void {
    this.options.pool.touch(this.options.slug);
    if (result.executionCount === null) this.lastRuns.delete(id);
    if (find(this.live, id)?.outputs.clearPending) this.output(id, { type: "clear", wait: false });
    this.live = withCell(this.live, id, (old) => ({
      ...old,
      cell: old.cell.cell_type === "code" ? { ...old.cell, execution_count: result.executionCount } : old.cell,
    }));
    this.setRun(id, () => ({ mark: "fresh", ending: result.status, durationMs: Math.round(result.durationMs) }));
    this.remark();
    this.saveSoon();
  }

  private setRun(id: string, by: (run: WireRun) => WireRun): void {
    const before = find(this.live, id);
    if (before === undefined) return;
    const run = by(before.run);
    this.live = withCell(this.live, id, (old) => ({ ...old, run }));
    this.log.append({ type: "run", cell: id, run });
  }

  /** Marks all cells again and tells which marks changed. */
  private remark(): void {
    const facts = this.live.cells.flatMap(({ cell, run }): CellFacts[] => {
      const last = this.lastRuns.get(cell.id);
      return cell.cell_type === "code" ? [{ id: cell.id, source: cell.source, run, ...(last ? { last } : {}) }] : [];
    });
    const changed: Record<string, WireRun> = {};
    for (const [id, run] of markRuns(facts, (source) => this.types.namesOf(source))) {
      const old = find(this.live, id)?.run;
      if (old?.mark === run.mark && old.because === run.because) continue;
      changed[id] = run;
      this.live = withCell(this.live, id, (cell) => ({ ...cell, run }));
    }
    if (Object.keys(changed).length > 0) this.log.append({ type: "marks", runs: changed });
  }

  private forget(): void {
    this.lastRuns.clear();
    this.runCount = 0;
    this.remark();
  }

  private tellKernel(kernel: WireKernel): void {
    // The sentence about a death outlives the bare status that follows it.
    const message = kernel.message ?? (kernel.status === this.kernel.status ? this.kernel.message : undefined);
    this.kernel = { status: kernel.status, ...(message === undefined ? {} : { message }) };
    this.log.append({ type: "kernel", kernel: this.kernel });
  }

  private codeCells(): readonly { readonly id: string; readonly source: string }[] {
    return this.live.cells.flatMap(({ cell }) =>
      cell.cell_type === "code" ? [{ id: cell.id, source: cell.source }] : [],
    );
  }

  private keepHistory(batch: OpBatch, after: LiveCells): void {
    for (const op of batch.ops) {
      if (op.type !== "delete" && op.type !== "edit") continue;
      const old = find(this.live, op.cell);
      const gone = find(after, op.cell) === undefined;
      if (old) this.options.history.keep(op.cell, old.cell.source, this.options.nowMs(), !gone);
    }
  }

  private saveSoon(): void {
    this.saveTimer ??= setTimeout(() => {
      this.saveTimer = undefined;
      void this.save();
    }, this.options.saveAfterMs);
  }

  private save(): Promise<void> {
    this.saving = this.saving.then(async () => {
      try {
        await this.options.copy.save(this.notebook());
        this.savedAtMs = this.options.nowMs();
        this.log.append({ type: "saved", atMs: this.savedAtMs });
      } catch (error) {
        this.log.append({ type: "saveFailed", message: `Your copy could not be saved: ${sentence(error)}` });
      }
    });
    return this.saving;
  }
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
