import { appendFileSync, writeFileSync } from "node:fs";
import { isJsonObject, type JsonObject, type JsonValue } from "./json.js";
import { droppedType, errorType } from "./kernel-child-outbox.js";
import type { Message } from "./kernel-wire.js";
import { type ErrorOutput, noticeOutput, type OutputEvent } from "./output.js";

/** Turns what a kernel publishes for one cell into output events, cutting floods. */
export interface OutputReader {
  read(message: Message): void;
  /** The cell has been answered: what comes from now on is late, and totals can be told. */
  answered(): void;
  notice(event: OutputEvent): void;
  /** The reply says that the cell failed: its error is passed on unless what was published has it. */
  failed(reply: JsonObject): void;
  /** Whether any error, as data or as text on the error stream, has been passed on. */
  hasError(): boolean;
}

export interface OutputReaderOptions {
  readonly id: string;
  readonly onOutput: (event: OutputEvent) => void;
  /** Characters of text passed on; what comes after goes to `overflowFile` only. */
  readonly maxTextLength: number;
  /** Gets the whole text of a cell that passes the bound. Without it the rest is dropped. */
  readonly overflowFile: string | undefined;
  /** Lets the kernel put another error in the place of one. */
  readonly mapError: (error: ErrorOutput) => ErrorOutput;
}

export function createOutputReader(options: OutputReaderOptions): OutputReader {
  const { onOutput, maxTextLength, overflowFile } = options;
  const cutId = `cut-${options.id}`;
  let late = false;
  let error = false;
  let dropped = false;
  let told = "";
  let textLength = 0;
  let shown = "";

  function output(event: OutputEvent & { type: "output" }): void {
    onOutput(late ? { ...event, late: true } : event);
  }

  function stream(name: "stdout" | "stderr", text: string): void {
    if (name === "stderr") error = true;
    const room = maxTextLength - textLength;
    textLength += text.length;
    if (room >= text.length) {
      shown += text;
      output({ type: "output", output: { output_type: "stream", name, text } });
    } else if (room >= 0) {
      const kept = text.slice(0, room);
      if (kept !== "") output({ type: "output", output: { output_type: "stream", name, text: kept } });
      if (overflowFile !== undefined) writeFileSync(overflowFile, shown + text);
      shown = "";
      output({ type: "output", displayId: cutId, output: noticeOutput({ kind: "cut" }, cutText()) });
    } else if (overflowFile !== undefined) {
      appendFileSync(overflowFile, text);
    }
  }

  function cutText(): string {
    const amount = dropped ? "more than the kernel keeps" : `${describeLength(textLength)} by now`;
    const where =
      overflowFile === undefined
        ? "The rest was dropped."
        : dropped
          ? "The first part of the rest can be downloaded; what came later was dropped."
          : "The whole can be downloaded.";
    return `Output cut here after ${describeLength(maxTextLength)}; the cell has written ${amount}. ${where}`;
  }

  function updateCut(): void {
    if (textLength <= maxTextLength) return;
    const { data, metadata } = noticeOutput({ kind: "cut" }, cutText());
    onOutput({ type: "update", displayId: cutId, data, metadata });
  }

  function display(content: JsonObject, update: boolean): void {
    const data = isJsonObject(content.data) ? content.data : {};
    const report = data[errorType];
    if (isJsonObject(report)) {
      reportError(report);
      return;
    }
    if (data[droppedType] !== undefined) {
      dropped = true;
      if (textLength > maxTextLength) updateCut();
      else output({ type: "output", displayId: cutId, output: noticeOutput({ kind: "cut" }, tooMuchText) });
      return;
    }
    const metadata = isJsonObject(content.metadata) ? content.metadata : {};
    const id = isJsonObject(content.transient) ? content.transient.display_id : undefined;
    const displayId = typeof id === "string" ? id : undefined;
    if (update) {
      if (displayId !== undefined) onOutput({ type: "update", displayId, data, metadata });
      return;
    }
    const named = displayId === undefined ? {} : { displayId };
    output({ type: "output", output: { output_type: "display_data", data, metadata }, ...named });
  }

  function reportError(content: JsonObject): void {
    // What the reply has told already may still arrive.
    if (told !== "" && told === textOf(content.evalue)) return;
    if (late) output({ type: "output", output: noticeOutput({ kind: "late-error" }) });
    error = true;
    output({ type: "output", output: options.mapError(errorOutput(content)) });
  }

  return {
    read(message) {
      const { content } = message;
      switch (message.type) {
        case "stream":
          return stream(content.name === "stderr" ? "stderr" : "stdout", textOf(content.text));
        case "display_data":
          return display(content, false);
        case "update_display_data":
          return display(content, true);
        case "execute_result": {
          const data = isJsonObject(content.data) ? content.data : {};
          const metadata = isJsonObject(content.metadata) ? content.metadata : {};
          const count = typeof content.execution_count === "number" ? content.execution_count : null;
          return output({
            type: "output",
            output: { output_type: "execute_result", data, metadata, execution_count: count },
          });
        }
        case "error":
          return reportError(content);
        case "clear_output":
          return onOutput({ type: "clear", wait: content.wait === true });
        default: // status and whatever else is not output
      }
    },
    answered() {
      updateCut();
      late = true;
    },
    notice: onOutput,
    failed(reply) {
      if (error || typeof reply.ename !== "string") return;
      reportError(reply);
      told = textOf(reply.evalue);
    },
    hasError: () => error,
  };
}

const tooMuchText = "Output cut here: the cell has shown more than can be kept. What came later was dropped.";

function errorOutput(content: JsonObject): ErrorOutput {
  const traceback = Array.isArray(content.traceback) ? content.traceback : [];
  return {
    output_type: "error",
    ename: textOf(content.ename) || "Error",
    evalue: textOf(content.evalue),
    traceback: traceback.map((line: JsonValue) => textOf(line)),
  };
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}

function describeLength(length: number): string {
  return length < 1_000_000 ? `${Math.round(length / 1000)} kB` : `${(length / 1_000_000).toFixed(1)} MB`;
}
