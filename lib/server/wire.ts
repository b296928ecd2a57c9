/**
 * What travels between the server and the page. Types only: this file is all that the page may know of the server.
 */
import type { CellDiagnostic } from "../notebook/check/checker.js";
import type { KernelStatus } from "../notebook/kernel.js";
import type { Output, OutputEvent } from "../notebook/output.js";
import type { TextChange } from "../notebook/text-change.js";

export type CellType = "code" | "markdown" | "raw";

/**
 * How a cell stands to the running kernel.
 * - `never`: not run in this kernel's life (its outputs, if any, come from the file).
 * - `fresh`: what is shown is what running it now would start from.
 * - `stale`: its text, or something it reads, has changed since.
 */
export type RunMark = "never" | "fresh" | "stale" | "queued" | "running";

/** How the last run ended; `none` before the first. */
export type RunEnding = "none" | "ok" | "error" | "aborted" | "died";

export interface WireRun {
  readonly mark: RunMark;
  readonly ending: RunEnding;
  /** Server clock, milliseconds since 1970; set while running. */
  readonly startedAtMs?: number;
  /** Of the last run. */
  readonly durationMs?: number;
  /** Why the cell is stale, in words. */
  readonly because?: string;
}

export interface WireCell {
  readonly id: string;
  readonly type: CellType;
  readonly source: string;
  /** Counts the edits of `source`; an edit names the version it was made against. */
  readonly version: number;
  /** `metadata.tags`, such as `hide-input`. */
  readonly tags: readonly string[];
  readonly outputs: readonly Output[];
  readonly displayIds: readonly (string | undefined)[];
  readonly run: WireRun;
  /** What the type checker last found, for the text of `version`. */
  readonly diagnostics: readonly CellDiagnostic[];
  /** Rendered and sanitised source of a markdown cell. */
  readonly html?: string;
  /** The course changed this cell too: its text now, beside the learner's. */
  readonly conflict?: CellConflict;
}

export interface CellConflict {
  readonly theirs: string;
  readonly what: string;
}

export interface WireDocument {
  readonly slug: string;
  readonly title: string;
  readonly cells: readonly WireCell[];
  readonly kernel: WireKernel;
  /** When the learner's copy last reached the disk; absent while it equals the course's file. */
  readonly savedAtMs?: number;
  /** Things to say once, such as "The course changed; your edits were kept". */
  readonly notices: readonly string[];
}

export interface WireKernel {
  /** `none`: not started yet; it starts with the first run. `culled`: put to sleep to save memory. */
  readonly status: KernelStatus | "none" | "culled";
  /** A sentence when something went wrong. */
  readonly message?: string;
}

/** One change a tab asks for. Texts are edited by change sets, so that two tabs typing in one cell both keep their work. */
export type DocumentOp =
  | { readonly type: "edit"; readonly cell: string; readonly version: number; readonly changes: TextChange }
  | { readonly type: "insert"; readonly cell: NewCell; readonly after: string | null }
  | { readonly type: "delete"; readonly cell: string }
  /** Brings back a deleted cell with its outputs. */
  | { readonly type: "restore"; readonly cell: string; readonly after: string | null }
  | { readonly type: "move"; readonly cell: string; readonly after: string | null }
  | { readonly type: "convert"; readonly cell: string; readonly to: CellType }
  | { readonly type: "clear"; readonly cell: string }
  | { readonly type: "resolve"; readonly cell: string };

export interface NewCell {
  readonly id: string;
  readonly type: CellType;
  readonly source: string;
}

/** What one tab sends at once; `sequence` counts a tab's batches so that one sent twice is applied once. */
export interface OpBatch {
  readonly client: string;
  /** The part of the last event id before "-": versions mean nothing to another life of the server. */
  readonly epoch: string;
  readonly sequence: number;
  readonly ops: readonly DocumentOp[];
  /** A new kernel, before anything of `run`. It travels with the ops so that a press after it cannot overtake it. */
  readonly restart?: boolean;
  /** Code cells to run once the ops are in, in this order. */
  readonly run?: readonly string[];
}

export type OpReply =
  | { readonly status: "applied" }
  /** An edit was made against an older version: wait for the events, rebase, send again. Nothing was applied. */
  | { readonly status: "stale" }
  | { readonly status: "refused"; readonly message: string };

/** What the server tells every tab that has the document open. */
export type DocumentEvent =
  | { readonly type: "snapshot"; readonly document: WireDocument }
  | { readonly type: "ops"; readonly client: string; readonly sequence: number; readonly ops: readonly AppliedOp[] }
  | { readonly type: "run"; readonly cell: string; readonly run: WireRun }
  | { readonly type: "marks"; readonly runs: Readonly<Record<string, WireRun>> }
  | { readonly type: "outputs"; readonly cell: string; readonly event: OutputEvent }
  | { readonly type: "cleared"; readonly cell: string }
  /** For the text of `version`, and no other. */
  | {
      readonly type: "diagnostics";
      readonly cell: string;
      readonly version: number;
      readonly found: readonly CellDiagnostic[];
    }
  | { readonly type: "kernel"; readonly kernel: WireKernel }
  | { readonly type: "saved"; readonly atMs: number }
  | { readonly type: "saveFailed"; readonly message: string }
  | { readonly type: "notice"; readonly text: string };

/** An op as it was applied: a restored cell is spelled out, an edited one carries its new version. */
export type AppliedOp =
  | { readonly type: "edit"; readonly cell: string; readonly version: number; readonly changes: TextChange }
  | { readonly type: "insert"; readonly cell: WireCell; readonly after: string | null }
  | { readonly type: "delete"; readonly cell: string }
  | { readonly type: "move"; readonly cell: string; readonly after: string | null }
  | { readonly type: "convert"; readonly cell: string; readonly to: CellType; readonly html?: string }
  | { readonly type: "clear"; readonly cell: string }
  | { readonly type: "resolve"; readonly cell: string }
  | { readonly type: "rendered"; readonly cell: string; readonly html: string };
