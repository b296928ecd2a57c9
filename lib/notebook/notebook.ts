import { canonicalJson, isJsonObject, type JsonObject, type JsonValue } from "./json.js";
import { joinLines, readOutput, splitBundles, splitLines, writeOutput } from "./notebook-fields.js";
import type { Output } from "./output.js";

/**
 * A notebook document, nbformat 4.5. Field names are the file's own. Fields that these types do not name stay on the
 * objects and are written back, so that other programs' notes survive: change a cell by spreading it.
 */
export interface Notebook {
  readonly nbformat: 4;
  /** At least 5: older files are raised on reading (their cells get ids). */
  readonly nbformat_minor: number;
  readonly metadata: JsonObject;
  readonly cells: readonly Cell[];
}

export type Cell = CodeCell | MarkdownCell | RawCell;

interface CellBase {
  /** Unique in the notebook, 1–64 of `[A-Za-z0-9_-]`. */
  readonly id: string;
  readonly metadata: JsonObject;
  /** The whole text, lines joined by `\n`. */
  readonly source: string;
}

export interface CodeCell extends CellBase {
  readonly cell_type: "code";
  readonly execution_count: number | null;
  readonly outputs: readonly Output[];
}

export interface MarkdownCell extends CellBase {
  readonly cell_type: "markdown";
}

/** Text for another program; shown as it is. */
export interface RawCell extends CellBase {
  readonly cell_type: "raw";
}

/** Why a text is not a notebook: `message` says what and what to do. */
export interface NotebookError {
  readonly message: string;
  /** Where in the document, such as `cells[3].source`; empty for the whole. */
  readonly path: string;
  /** Where in the text, counted from 1, when the text is not JSON. */
  readonly line?: number;
  readonly column?: number;
}

export type ParsedNotebook =
  | { readonly ok: true; readonly notebook: Notebook }
  | { readonly ok: false; readonly error: NotebookError };

/**
 * Reads an nbformat 4 file. Missing cell ids (4.0–4.4) are made from the cell's text, so that reading the same file
 * twice gives the same ids; of two cells with one id the later gets another.
 */
export function parseNotebook(text: string): ParsedNotebook {
  let value: JsonValue;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, "")) as JsonValue; // JSON.parse yields nothing else
  } catch (error) {
    return { ok: false, error: notJson(text, error) };
  }
  try {
    return { ok: true, notebook: readNotebook(value) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: { message: error.message, path: error.path } };
    throw error;
  }
}

/** The bytes Jupyter would write. Parsing them gives the same notebook again. */
export function serialiseNotebook(notebook: Notebook): string {
  const cells = notebook.cells.map((cell): JsonValue => {
    const common = { ...fields(cell), source: splitLines(cell.source) };
    const attached = isJsonObject(fields(cell).attachments) ? { attachments: splitAttachments(cell) } : {};
    if (cell.cell_type !== "code") return { ...common, ...attached };
    return { ...common, ...attached, outputs: cell.outputs.map(writeOutput) };
  });
  return `${canonicalJson({ ...fields(notebook), cells })}\n`;
}

/** A notebook without cells, for the TypeScript kernel that Jupyter knows as `tslab`. */
export const emptyNotebook: Notebook = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    kernelspec: { display_name: "TypeScript", language: "typescript", name: "tslab" },
    language_info: {
      codemirror_mode: { mode: "typescript", name: "javascript", typescript: true },
      file_extension: ".ts",
      mimetype: "text/typescript",
      name: "typescript",
      version: "3.7.2",
    },
  },
  cells: [],
};

export function codeCell(id: string, source = ""): CodeCell {
  return { id, cell_type: "code", metadata: {}, source, execution_count: null, outputs: [] };
}

export function markdownCell(id: string, source = ""): MarkdownCell {
  return { id, cell_type: "markdown", metadata: {}, source };
}

/** The same text and notes as another kind of cell; outputs and attachments that the new kind cannot hold are dropped. */
export function convertCell(cell: Cell, to: Cell["cell_type"]): Cell {
  if (cell.cell_type === to) return cell;
  if (to === "code") {
    const { attachments: _, ...kept } = fields(cell);
    return { ...kept, ...codeCell(cell.id, cell.source), metadata: cell.metadata };
  }
  const { outputs: _, execution_count: __, ...kept } = fields(cell);
  return { ...kept, id: cell.id, metadata: cell.metadata, source: cell.source, cell_type: to };
}

/** `metadata.tags`, where notebooks keep words for programs, such as `hide-input`. */
export function cellTags(cell: Cell): readonly string[] {
  const tags = cell.metadata.tags;
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [];
}

/**
 * A fresh id that no cell of `notebook` has.
 *
 * @param random gives a number in [0, 1); chance is the caller's
 */
export function newCellId(notebook: Notebook, random: () => number): string {
  const taken = new Set(notebook.cells.map((cell) => cell.id));
  for (;;) {
    const id = Math.floor(random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, "0");
    if (!taken.has(id)) return id;
  }
}

class Refusal extends Error {
  constructor(
    message: string,
    readonly path: string,
  ) {
    super(message);
  }
}

function readNotebook(value: JsonValue): Notebook {
  if (!isJsonObject(value)) throw new Refusal("A notebook file holds one JSON object, and this is another value.", "");
  if (value.nbformat !== 4) {
    const found = value.nbformat === undefined ? "no `nbformat` field" : `nbformat ${String(value.nbformat)}`;
    throw new Refusal(
      `This file has ${found}; only nbformat 4 can be read. \`jupyter nbconvert --to notebook\` raises older files.`,
      "nbformat",
    );
  }
  const minor = value.nbformat_minor;
  const cells = value.cells;
  if (!Array.isArray(cells)) throw new Refusal("A notebook has a list of cells, and this file has none.", "cells");
  const taken = new Set<string>();
  return {
    ...value,
    nbformat: 4,
    nbformat_minor: typeof minor === "number" && minor > 5 ? minor : 5,
    metadata: objectOrEmpty(value.metadata, "metadata"),
    cells: cells.map((cell: JsonValue, index) => readCell(cell, `cells[${index}]`, taken)),
  };
}

function readCell(value: JsonValue, path: string, taken: Set<string>): Cell {
  if (!isJsonObject(value)) throw new Refusal("A cell is a JSON object.", path);
  const source = joinLines(value.source);
  if (source === undefined) throw new Refusal("A cell's source is text or a list of lines.", `${path}.source`);
  const base = {
    ...(isJsonObject(value.attachments) ? { attachments: joinAttachments(value.attachments) } : {}),
    metadata: objectOrEmpty(value.metadata, `${path}.metadata`),
    source,
  };
  const rest = { ...value, ...base };
  const id = uniqueId(value.id, source, taken);
  switch (value.cell_type) {
    case "markdown":
      return { ...rest, ...base, id, cell_type: "markdown" };
    case "raw":
      return { ...rest, ...base, id, cell_type: "raw" };
    case "code": {
      const count = value.execution_count;
      const outputs = value.outputs ?? [];
      if (!Array.isArray(outputs)) throw new Refusal("A code cell's outputs are a list.", `${path}.outputs`);
      return {
        ...rest,
        ...base,
        id,
        cell_type: "code",
        execution_count: typeof count === "number" ? count : null,
        outputs: outputs.map((output: JsonValue) => readOutput(output)),
      };
    }
    default:
      throw new Refusal(
        `A cell is code, markdown or raw; this one is ${JSON.stringify(value.cell_type ?? null)}.`,
        `${path}.cell_type`,
      );
  }
}

function objectOrEmpty(value: JsonValue | undefined, path: string): JsonObject {
  if (value === undefined || value === null) return {};
  if (!isJsonObject(value)) throw new Refusal("Metadata is a JSON object.", path);
  return value;
}

function uniqueId(id: JsonValue | undefined, source: string, taken: Set<string>): string {
  const wanted = typeof id === "string" && /^[A-Za-z0-9_-]{1,64}$/.test(id) ? id : textId(source);
  let unique = wanted;
  for (let copy = 2; taken.has(unique); copy++) unique = `${wanted.slice(0, 58)}-${copy}`;
  taken.add(unique);
  return unique;
}

/** FNV-1a over UTF-16 units: not for security, only so that the same text gets the same id. */
function textId(source: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < source.length; index++) {
    hash = Math.imul(hash ^ source.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, "0");
}

function notJson(text: string, error: unknown): NotebookError {
  const detail = error instanceof Error ? error.message : String(error);
  if (/^(<{7}|={7}|>{7})/m.test(text)) {
    const line = text.split("\n").findIndex((content) => /^(<{7}|={7}|>{7})/.test(content)) + 1;
    const message = "The file has conflict marks from a merge. Settle them in a text editor, or take one side's file.";
    return { message, path: "", line, column: 1 };
  }
  const message = `The file is not JSON, so it is not a notebook (${detail}). Restore it from a copy or from version control.`;
  const position = /position (\d+)/.exec(detail)?.[1];
  if (position === undefined) return { message, path: "" };
  const before = text.slice(0, Number(position)).split("\n");
  return { message, path: "", line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

/** All own fields of a document object, named in our types or not: it came from JSON and goes back to it. */
function fields(object: Notebook | Cell): JsonObject {
  return object as unknown as JsonObject;
}

function splitAttachments(cell: Cell): JsonObject {
  return mapAttachments(fields(cell).attachments, splitBundles);
}

function joinAttachments(attachments: JsonValue): JsonObject {
  return mapAttachments(attachments, (bundle) => bundle);
}

function mapAttachments(attachments: JsonValue | undefined, change: (bundle: JsonObject) => JsonObject): JsonObject {
  if (!isJsonObject(attachments)) return {};
  return Object.fromEntries(
    Object.entries(attachments).map(([name, bundle]) => [name, isJsonObject(bundle) ? change(bundle) : bundle]),
  );
}
