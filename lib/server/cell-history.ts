import { statSync } from "node:fs";
import { appendJsonLine, readJsonLines, recoverJsonLines, rewriteJsonLines } from "./json-lines.js";

/** A text a cell once had. */
export interface PastSource {
  readonly cell: string;
  readonly atMs: number;
  readonly source: string;
}

/** Past this size the older half goes. */
const historyBytesMax = 4 * 1024 * 1024;
/** Between two entries of one cell while it is only being typed in; a run or a deletion is always kept. */
const quietMs = 60_000;

/** The local history of one lesson's cells: what a text was before it was run over, deleted or typed away. */
export class CellHistory {
  private readonly latest = new Map<string, PastSource>();

  constructor(private readonly path: string) {
    for (const entry of recoverJsonLines(path).entries as readonly PastSource[]) this.latest.set(entry.cell, entry);
  }

  /** Keeps `source` unless it is what was kept last, or (with `spaced`) that was less than a minute ago. */
  keep(cell: string, source: string, atMs: number, spaced: boolean): void {
    const last = this.latest.get(cell);
    if (source.trim() === "" || last?.source === source) return;
    if (spaced && last !== undefined && atMs - last.atMs < quietMs) return;
    const entry: PastSource = { cell, atMs, source };
    appendJsonLine(this.path, entry);
    this.latest.set(cell, entry);
    this.trim();
  }

  /** Newest first. */
  of(cell: string): readonly PastSource[] {
    const entries = readJsonLines(this.path).entries as readonly PastSource[]; // written by `keep` alone
    return entries.filter((entry) => entry.cell === cell).reverse();
  }

  private trim(): void {
    if (statSync(this.path).size <= historyBytesMax) return;
    const dropped = Math.ceil(readJsonLines(this.path).entries.length / 2);
    let index = 0;
    rewriteJsonLines(this.path, () => index++ >= dropped);
  }
}
