import { signal } from "@preact/signals";

/** `command`: keys act on cells. `edit`: keys go into the cell's text. `none`: the reader is reading. */
export type Mode = "none" | "command" | "edit";

/** Which cell the keyboard is at, and what its keys do there. */
export class Selection {
  readonly cell = signal<string | undefined>(undefined);
  readonly mode = signal<Mode>("none");

  command(cell: string): void {
    this.cell.value = cell;
    this.mode.value = "command";
  }

  edit(cell: string): void {
    this.cell.value = cell;
    this.mode.value = "edit";
  }

  /** The focus has left the notebook; the cell stays marked as the place to go on. */
  leave(): void {
    this.mode.value = "none";
  }
}
