import type { CellType } from "../../server/wire.js";
import type { LessonSession } from "./lesson-session.js";
import type { Selection } from "./selection.js";
import { UndoStack } from "./undo.js";

/** What was cut or copied, for pasting into this lesson. */
interface Clipped {
  readonly type: CellType;
  readonly source: string;
}

/** Everything that changes which cells there are; each can be taken back. */
export class CellActions {
  readonly undoStack = new UndoStack();
  private clipped: Clipped | undefined;

  constructor(
    private readonly session: LessonSession,
    private readonly selection: Selection,
  ) {}

  /** The cell the keyboard is at, or the first one. */
  private get here(): string | undefined {
    return this.selection.cell.value ?? this.session.order.value[0];
  }

  /** Opens a new cell above or below the present one and selects it. @returns its id */
  insert(where: "above" | "below", type: CellType = "code", source = ""): string {
    const id = newId();
    const { here } = this;
    const after = where === "below" ? (here ?? null) : this.before(here);
    this.undoStack.perform({
      label: "new cell",
      redo: () => this.putIn({ id, type, source }, after),
      undo: () => this.takeOut(id),
    });
    this.selection.command(id);
    return id;
  }

  delete(): void {
    const { here } = this;
    if (here === undefined) return;
    const after = this.before(here);
    const neighbour = this.neighbour(here);
    this.undoStack.perform({
      label: "delete cell",
      redo: () => {
        this.session.change([{ type: "delete", cell: here }]);
        if (neighbour !== undefined) this.selection.command(neighbour);
      },
      undo: () => {
        this.session.change([{ type: "restore", cell: here, after }]);
        this.selection.command(here);
      },
    });
  }

  cut(): void {
    this.copy();
    this.delete();
  }

  copy(): void {
    const cell = this.here === undefined ? undefined : this.session.cell(this.here);
    if (cell === undefined) return;
    this.clipped = { type: cell.type.value, source: cell.text.source };
    void navigator.clipboard?.writeText(cell.text.source).catch(() => undefined);
  }

  paste(where: "above" | "below"): void {
    if (this.clipped !== undefined) this.insert(where, this.clipped.type, this.clipped.source);
  }

  move(direction: "up" | "down"): void {
    const { here } = this;
    if (here === undefined) return;
    const order = this.session.order.value;
    const index = order.indexOf(here);
    const to = direction === "up" ? index - 1 : index + 1;
    if (to < 0 || to >= order.length) return;
    const before = this.before(here);
    const others = order.filter((id) => id !== here);
    const after = others[to - 1] ?? null;
    this.undoStack.perform({
      label: "move cell",
      redo: () => this.session.change([{ type: "move", cell: here, after }]),
      undo: () => this.session.change([{ type: "move", cell: here, after: before }]),
    });
  }

  convert(to: CellType): void {
    const { here } = this;
    const cell = here === undefined ? undefined : this.session.cell(here);
    if (cell === undefined || cell.type.value === to) return;
    const from = cell.type.value;
    this.undoStack.perform({
      label: "change of cell type",
      redo: () => this.session.change([{ type: "convert", cell: cell.id, to }]),
      undo: () => this.session.change([{ type: "convert", cell: cell.id, to: from }]),
    });
  }

  /** Cuts the cell in two at `offset`; what follows becomes a cell of its own. */
  split(id: string, offset: number): void {
    const cell = this.session.cell(id);
    if (cell === undefined) return;
    const part = newId();
    const type = cell.type.value;
    this.undoStack.perform({
      label: "split of a cell",
      redo: () => {
        const { source } = cell.text;
        const head = source.slice(0, offset).replace(/\n+$/, "");
        cell.text.replaceRange(head.length, source.length, "");
        this.putIn({ id: part, type, source: source.slice(offset).replace(/^\n+/, "") }, id);
      },
      undo: () => this.join(id, part),
    });
    this.selection.edit(part);
  }

  /** Puts the text of the next cell at the end of this one. */
  mergeBelow(): void {
    const { here } = this;
    if (here === undefined) return;
    const order = this.session.order.value;
    const next = order[order.indexOf(here) + 1];
    const cell = this.session.cell(here);
    if (next === undefined || cell === undefined) return;
    const offset = cell.text.source.length;
    this.undoStack.perform({
      label: "merge of cells",
      redo: () => this.join(here, next),
      undo: () => {
        cell.text.replaceRange(offset, cell.text.source.length, "");
        this.session.change([{ type: "restore", cell: next, after: here }]);
      },
    });
  }

  clearOutputs(ids: readonly string[]): void {
    this.session.change(ids.map((cell) => ({ type: "clear", cell })));
  }

  /** Appends `second`'s text to `first`'s and takes `second` away. */
  private join(first: string, second: string): void {
    const target = this.session.cell(first);
    const source = this.session.cell(second)?.text.source;
    if (target === undefined || source === undefined) return;
    const end = target.text.source.length;
    target.text.replaceRange(end, end, end === 0 ? source : `\n${source}`);
    this.takeOut(second);
    this.selection.command(first);
  }

  private putIn(cell: { id: string; type: CellType; source: string }, after: string | null): void {
    // A cell that was taken out once is known to the server under its id; bringing it back keeps its outputs.
    if (this.session.cell(cell.id) === undefined) this.session.change([{ type: "insert", cell, after }]);
    else this.session.change([{ type: "restore", cell: cell.id, after }]);
  }

  private takeOut(id: string): void {
    const neighbour = this.neighbour(id);
    this.session.change([{ type: "delete", cell: id }]);
    if (this.selection.cell.value === id && neighbour !== undefined) this.selection.command(neighbour);
  }

  /** The cell above `id`, or `null` when it is the first. */
  private before(id: string | undefined): string | null {
    const order = this.session.order.value;
    return (id === undefined ? undefined : order[order.indexOf(id) - 1]) ?? null;
  }

  private neighbour(id: string): string | undefined {
    const order = this.session.order.value;
    const index = order.indexOf(id);
    return order[index + 1] ?? order[index - 1];
  }
}

function newId(): string {
  return crypto.randomUUID().slice(0, 8);
}
