import type { JsonObject, JsonValue } from "./json.js";

/**
 * What a cell shows. The shapes are nbformat's own, so that one value serves the kernel, the page and the file;
 * multi-line text is one string here and a list of lines in the file.
 */
export type Output = StreamOutput | DisplayOutput | ResultOutput | ErrorOutput;

/** One thing in several forms, by MIME type: text as a string, `…+json` as JSON, pictures as base64. */
export type MimeBundle = JsonObject;

export interface StreamOutput {
  readonly output_type: "stream";
  readonly name: "stdout" | "stderr";
  readonly text: string;
}

export interface DisplayOutput {
  readonly output_type: "display_data";
  readonly data: MimeBundle;
  /** By MIME type; `metadata.highwater` is ours: see {@link Notice}. */
  readonly metadata: JsonObject;
}

/** The value of a cell's last expression. tslab prints it to stdout instead; other kernels' files have it. */
export interface ResultOutput {
  readonly output_type: "execute_result";
  readonly data: MimeBundle;
  readonly metadata: JsonObject;
  readonly execution_count: number | null;
}

export interface ErrorOutput {
  readonly output_type: "error";
  /** The error's class, or `TypeScript` when the cell was refused before it ran. */
  readonly ename: string;
  readonly evalue: string;
  /** Lines for the folded details, possibly with ANSI colours. */
  readonly traceback: readonly string[];
}

/** What a running cell says, in order. Fold with {@link applyOutput}. */
export type OutputEvent =
  | {
      readonly type: "output";
      readonly output: Output;
      /** Named displays can be replaced later. */
      readonly displayId?: string;
      /** True when it came after the cell had been answered: from a timer or promise the cell left behind. */
      readonly late?: boolean;
    }
  | { readonly type: "update"; readonly displayId: string; readonly data: MimeBundle; readonly metadata: JsonObject }
  | { readonly type: "clear"; readonly wait: boolean };

/** The outputs of one cell while it runs. A value: every change gives a new one. */
export interface CellOutputs {
  readonly outputs: readonly Output[];
  /** For each output, the display id it was given, if any. Same length as `outputs`. */
  readonly displayIds: readonly (string | undefined)[];
  /** `clear_output(wait)` was asked for: the next output replaces all. */
  readonly clearPending: boolean;
}

export const noOutputs: CellOutputs = { outputs: [], displayIds: [], clearPending: false };

/**
 * Outputs with one more event. Consecutive text on one stream becomes one output, as Jupyter stores it.
 * An update of a display that this cell does not hold changes nothing; offer it to every cell of the notebook.
 */
export function applyOutput(cell: CellOutputs, event: OutputEvent): CellOutputs {
  switch (event.type) {
    case "clear":
      return event.wait ? { ...cell, clearPending: true } : noOutputs;
    case "update":
      return updateDisplay(cell, event);
    case "output":
      return append(cell.clearPending ? noOutputs : cell, event.output, event.displayId);
  }
}

function append(cell: CellOutputs, output: Output, displayId: string | undefined): CellOutputs {
  const last = cell.outputs.at(-1);
  if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name) {
    const joined: Output = { ...last, text: last.text + output.text };
    return { ...cell, outputs: [...cell.outputs.slice(0, -1), joined] };
  }
  return {
    outputs: [...cell.outputs, output],
    displayIds: [...cell.displayIds, displayId],
    clearPending: false,
  };
}

function updateDisplay(cell: CellOutputs, update: OutputEvent & { type: "update" }): CellOutputs {
  if (!cell.displayIds.includes(update.displayId)) return cell;
  const outputs = cell.outputs.map((output, index): Output => {
    const named = cell.displayIds[index] === update.displayId;
    if (!named || (output.output_type !== "display_data" && output.output_type !== "execute_result")) return output;
    return { ...output, data: update.data, metadata: update.metadata };
  });
  return { ...cell, outputs };
}

/**
 * Something the runtime, not the cell, has to say. It travels as a display with a plain-text sentence, so that every
 * other front end shows it too; `metadata.highwater.notice` holds its kind for pages that know better.
 */
export type Notice =
  /** Output passed its bound and was cut; the text names sizes and whether the whole can be downloaded. */
  | { readonly kind: "cut" }
  /** The cell failed and no error text came: something in the notebook replaced the error stream. */
  | { readonly kind: "silent-failure" }
  /** The cell was interrupted, but timers or promises it started may still be at work in the kernel. */
  | { readonly kind: "work-goes-on" }
  /** An error that arrived after the cell had been answered follows. */
  | { readonly kind: "late-error" }
  /** The kernel process ended while or after the cell ran. */
  | { readonly kind: "died" };

const noticeText: Record<Notice["kind"], string> = {
  cut: "The rest of this output was cut here.",
  "silent-failure":
    "This cell failed, but its error message did not arrive: some cell has replaced process.stderr.write or console.error. Restart the kernel and run again.",
  "work-goes-on":
    "Interrupted. Timers and promises that the cell had already started may still be at work; restart the kernel to be sure that they are not.",
  "late-error": "This error came after the cell had finished, from a timer or promise it left behind:",
  died: "The kernel ended. Its variables are gone; your text is not.",
};

/** `text` replaces the usual sentence where more is known. */
export function noticeOutput(notice: Notice, text: string = noticeText[notice.kind]): DisplayOutput {
  return {
    output_type: "display_data",
    data: { "text/plain": text },
    metadata: { highwater: { notice: notice.kind } },
  };
}

/** The kind of notice `output` is, or undefined when it is a cell's own output. */
export function noticeKind(output: Output): Notice["kind"] | undefined {
  if (output.output_type !== "display_data") return undefined;
  const ours = output.metadata.highwater;
  if (typeof ours !== "object" || ours === null || Array.isArray(ours)) return undefined;
  const kind = (ours as JsonObject).notice; // Array.isArray does not narrow readonly arrays
  return typeof kind === "string" && Object.hasOwn(noticeText, kind) ? (kind as Notice["kind"]) : undefined; // a key of it
}

/** The plain text of an output: what a screen without pictures, a diff or a test sees. */
export function outputText(output: Output): string {
  switch (output.output_type) {
    case "stream":
      return output.text;
    case "error":
      return `${output.ename}: ${output.evalue}`;
    case "display_data":
    case "execute_result": {
      const text: JsonValue | undefined = output.data["text/plain"];
      return typeof text === "string" ? text : `[${Object.keys(output.data).join(", ")}]`;
    }
  }
}
