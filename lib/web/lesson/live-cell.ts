import { type Signal, signal } from "@preact/signals";
import type { CellDiagnostic } from "../../notebook/check/checker.js";
import { applyOutput, type CellOutputs, type OutputEvent } from "../../notebook/output.js";
import type { CellConflict, CellType, WireCell, WireRun } from "../../server/wire.js";
import { CellText } from "./cell-text.js";

/** One cell in this tab: each part that changes on its own is a signal of its own, so only what changed is drawn. */
export interface LiveCell {
  readonly id: string;
  readonly type: Signal<CellType>;
  readonly text: CellText;
  readonly tags: readonly string[];
  readonly outputs: Signal<CellOutputs>;
  readonly run: Signal<WireRun>;
  /** Found by the type checker in the text of `version`. */
  readonly diagnostics: Signal<{ readonly version: number; readonly found: readonly CellDiagnostic[] }>;
  /** Rendered markdown. */
  readonly html: Signal<string>;
  readonly conflict: Signal<CellConflict | undefined>;
}

export function createLiveCell(wire: WireCell, onUnsent: (id: string) => void): LiveCell {
  return {
    id: wire.id,
    type: signal(wire.type),
    text: new CellText(wire.source, wire.version, () => onUnsent(wire.id)),
    tags: wire.tags,
    outputs: signal(outputsOf(wire)),
    run: signal(wire.run),
    diagnostics: signal({ version: wire.version, found: wire.diagnostics }),
    html: signal(wire.html ?? ""),
    conflict: signal(wire.conflict),
  };
}

/** Takes over what the server says of a cell this tab already has; unsent typing stays on top. */
export function resumeLiveCell(cell: LiveCell, wire: WireCell): void {
  cell.text.resume(wire.source, wire.version);
  cell.type.value = wire.type;
  cell.outputs.value = outputsOf(wire);
  cell.run.value = wire.run;
  cell.diagnostics.value = { version: wire.version, found: wire.diagnostics };
  cell.html.value = wire.html ?? "";
  cell.conflict.value = wire.conflict;
}

export function takeOutput(cell: LiveCell, event: OutputEvent): void {
  cell.outputs.value = applyOutput(cell.outputs.value, event);
}

function outputsOf(wire: WireCell): CellOutputs {
  return { outputs: wire.outputs, displayIds: wire.displayIds, clearPending: false };
}
