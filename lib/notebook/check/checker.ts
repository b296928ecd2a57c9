import ts from "typescript";
import { type CellFile, type CellText, cellFiles, cellOfFile, type Outlines, withoutModules } from "./cell-files.js";
import { gloss } from "./gloss.js";

/** Reading access to the disk, for libraries and their types; `ts.sys` is one. */
export type FileAccess = Pick<
  ts.System,
  "readFile" | "fileExists" | "directoryExists" | "getDirectories" | "readDirectory" | "useCaseSensitiveFileNames"
> &
  Partial<Pick<ts.System, "realpath">>;

/** A stretch of a cell's text, in UTF-16 units from its beginning. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface CellDiagnostic extends Span {
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  /** TypeScript's number for this kind of message. */
  readonly code: number;
  readonly severity: "error" | "warning";
  readonly message: string;
  /** The same in plain words, for common messages. */
  readonly gloss?: string;
  /** Other places the message speaks of. */
  readonly related: readonly (Span & { readonly cell: string; readonly message: string })[];
}

export interface Hover extends Span {
  /** The declaration, as TypeScript code. */
  readonly signature: string;
  /** Markdown. */
  readonly documentation: string;
}

export interface Completions extends Span {
  readonly entries: readonly CompletionEntry[];
}

export interface CompletionEntry {
  readonly name: string;
  /** TypeScript's word: `function`, `const`, `property`, `keyword` … */
  readonly kind: string;
  /** Entries sort by this, then by name. */
  readonly sortText: string;
  /** What to insert when it is not the name. */
  readonly insertText?: string;
}

export interface SignatureHelp extends Span {
  readonly signatures: readonly {
    readonly label: string;
    /** Where each parameter stands in `label`. */
    readonly parameters: readonly (Span & { readonly documentation: string })[];
    readonly documentation: string;
  }[];
  readonly activeSignature: number;
  readonly activeParameter: number;
}

export type Definition =
  | (Span & { readonly cell: string })
  | { readonly file: string; readonly line: number; readonly column: number };

/** TypeScript's view of one notebook, kept up to date as cells are edited. Positions are as in {@link Span}. */
export interface NotebookChecker {
  /** All code cells, in order. Cells that did not change cost nothing. */
  update(cells: readonly CellText[]): void;
  /** Of one cell, as of the last update; kept until something it depends on changes. */
  diagnostics(cell: string): readonly CellDiagnostic[];
  hover(cell: string, offset: number): Hover | undefined;
  completions(cell: string, offset: number): Completions | undefined;
  /** More on one entry of `completions` at the same offset. */
  completionDetail(cell: string, offset: number, name: string): Omit<Hover, keyof Span> | undefined;
  signatureHelp(cell: string, offset: number): SignatureHelp | undefined;
  definition(cell: string, offset: number): readonly Definition[];
  dispose(): void;
}

/**
 * Strict, and otherwise what the kernel has: ES2022 and Node, no DOM, so that what passes here runs there.
 */
const compilerOptions: ts.CompilerOptions = {
  strict: true,
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  types: ["node"],
  experimentalDecorators: true,
  resolveJsonModule: true,
  skipLibCheck: true,
  noEmit: true,
};

/**
 * A factory of checkers for notebooks; all share what they have read of the disk.
 *
 * @param files how to read libraries; they are taken not to change
 */
export function notebookCheckers(files: FileAccess): (directory: string) => NotebookChecker {
  const registry = ts.createDocumentRegistry(files.useCaseSensitiveFileNames);
  let notebooks = 0;
  return (directory) => createChecker(directory.replaceAll("\\", "/"), ++notebooks, files, registry);
}

function createChecker(
  directory: string,
  notebook: number,
  files: FileAccess,
  registry: ts.DocumentRegistry,
): NotebookChecker {
  let cells: readonly CellFile[] = [];
  let byId = new Map<string, CellFile>();
  let version = 0;
  const versions = new Map<string, { readonly text: string; readonly version: string }>();
  const outlines: Outlines = new Map();
  let revisions: Revisions = new Map();
  const diagnosticsOf = new Map<string, { readonly revision: number; readonly found: readonly CellDiagnostic[] }>();
  const virtual = (fileName: string): CellFile | undefined => {
    const id = cellOfFile(fileName);
    return id === undefined ? undefined : byId.get(id);
  };

  const service = ts.createLanguageService(
    {
      getCompilationSettings: () => compilerOptions,
      getCurrentDirectory: () => directory,
      getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
      getProjectVersion: () => String(version),
      getScriptFileNames: () => cells.map((cell) => cell.fileName),
      getScriptVersion: (fileName) => versions.get(fileName)?.version ?? "1",
      getScriptSnapshot(fileName) {
        const text = virtual(fileName)?.text ?? files.readFile(fileName);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      fileExists: (fileName) => virtual(fileName) !== undefined || files.fileExists(fileName),
      readFile: (fileName) => virtual(fileName)?.text ?? files.readFile(fileName),
      directoryExists: (name) => name === directory || files.directoryExists(name),
      getDirectories: (name) => files.getDirectories(name),
      readDirectory: (...args) => files.readDirectory(...args),
      useCaseSensitiveFileNames: () => files.useCaseSensitiveFileNames,
      ...(files.realpath ? { realpath: files.realpath } : {}),
    },
    registry,
  );

  /** Runs `ask` at a place of a cell; undefined when there is no such cell. */
  function at<T>(cell: string, offset: number, ask: (file: CellFile, position: number) => T): T | undefined {
    const file = byId.get(cell);
    if (file === undefined) return undefined;
    const inside = Math.max(0, Math.min(offset, file.source.length));
    return ask(file, inside + file.headLength);
  }

  return {
    update(next) {
      cells = cellFiles(directory, notebook, next, outlines);
      byId = new Map(cells.map((cell) => [cell.id, cell]));
      version += 1;
      revisions = revise(cells, revisions, version);
      for (const { fileName, text } of cells) {
        if (versions.get(fileName)?.text !== text) versions.set(fileName, { text, version: String(version) });
      }
      for (const id of diagnosticsOf.keys()) if (!byId.has(id)) diagnosticsOf.delete(id);
    },
    diagnostics(cell) {
      const file = byId.get(cell);
      const revision = revisions.get(cell)?.revision;
      if (file === undefined || revision === undefined) return [];
      const known = diagnosticsOf.get(cell);
      if (known?.revision === revision) return known.found;
      const all = [...service.getSyntacticDiagnostics(file.fileName), ...service.getSemanticDiagnostics(file.fileName)];
      const found = all.flatMap((diagnostic) => readDiagnostic(diagnostic, file, cells));
      diagnosticsOf.set(cell, { revision, found });
      return found;
    },
    hover: (cell, offset) =>
      at(cell, offset, (file, position) => {
        const info = service.getQuickInfoAtPosition(file.fileName, position);
        if (info === undefined || info.textSpan.start < file.headLength) return undefined;
        return { ...spanIn(file, info.textSpan), ...explanation(info.displayParts, info.documentation, info.tags) };
      }),
    completions: (cell, offset) =>
      at(cell, offset, (file, position) => {
        const info = service.getCompletionsAtPosition(file.fileName, position, completionPreferences);
        if (info === undefined) return undefined;
        const span = info.optionalReplacementSpan;
        const entries = info.entries.filter((entry) => !entry.name.includes("__cell__")).map(readCompletion);
        return { ...(span ? spanIn(file, span) : { from: offset, to: offset }), entries };
      }),
    completionDetail: (cell, offset, name) =>
      at(cell, offset, (file, position) => {
        const detail = service.getCompletionEntryDetails(
          file.fileName,
          position,
          name,
          undefined,
          undefined,
          completionPreferences,
          undefined,
        );
        return detail && explanation(detail.displayParts, detail.documentation, detail.tags);
      }),
    signatureHelp: (cell, offset) =>
      at(cell, offset, (file, position) => {
        const help = service.getSignatureHelpItems(file.fileName, position, undefined);
        return help && readSignatureHelp(help, file);
      }),
    definition: (cell, offset) =>
      at(cell, offset, (file, position) => definitions(file.fileName, position, followLimit)) ?? [],
    dispose: () => service.dispose(),
  };

  function definitions(fileName: string, position: number, follow: number): readonly Definition[] {
    const found = service.getDefinitionAtPosition(fileName, position) ?? [];
    return found.flatMap((definition): readonly Definition[] => {
      const target = virtual(definition.fileName);
      if (target === undefined) return [placeInFile(definition)];
      if (definition.textSpan.start >= target.headLength) {
        return [{ cell: target.id, ...spanIn(target, definition.textSpan) }];
      }
      // In a head: `declare let x: typeof import("…").x`. The name's second place leads on to the cell it comes from.
      const { start, length } = definition.textSpan;
      const name = target.text.slice(start, start + length);
      const on = target.text.indexOf(`.${name};`, start);
      return follow === 0 || on < 0 ? [] : definitions(target.fileName, on + 1, follow - 1);
    });
  }

  function placeInFile(definition: ts.DefinitionInfo): Definition {
    const { start } = definition.textSpan;
    const file = service.getProgram()?.getSourceFile(definition.fileName);
    const place = file?.getLineAndCharacterOfPosition(start) ?? { line: 0, character: 0 };
    return { file: definition.fileName, line: place.line + 1, column: place.character + 1 };
  }
}

const followLimit = 3;
const completionPreferences: ts.GetCompletionsAtPositionOptions = {
  includeCompletionsWithInsertText: true,
  includeCompletionsForModuleExports: false,
};

/** A number for each cell that changes when anything its diagnostics depend on has changed. */
type Revisions = ReadonlyMap<string, { readonly dependsOn: string; readonly revision: number }>;

/**
 * A cell's diagnostics depend on its text and, for the names it reads, on who provides them and the revision of that
 * cell. Who declares a name further down counts too, because messages say so.
 */
function revise(cells: readonly CellFile[], known: Revisions, version: number): Revisions {
  const declarers = new Map<string, string>();
  for (const cell of cells) for (const { name } of cell.declared) declarers.set(name, cell.id);
  const revisions = new Map<string, { dependsOn: string; revision: number }>();
  for (const cell of cells) {
    const reads = cell.reads.map((name) => {
      const provider = cell.providers.get(name);
      if (provider === undefined) return [name, declarers.get(name) ?? null];
      return [name, provider, revisions.get(provider)?.revision ?? null];
    });
    const dependsOn = JSON.stringify([cell.source, reads]);
    const before = known.get(cell.id);
    const revision = before?.dependsOn === dependsOn ? before.revision : version;
    revisions.set(cell.id, { dependsOn, revision });
  }
  return revisions;
}

function spanIn(file: CellFile, span: ts.TextSpan): Span {
  const from = Math.max(0, Math.min(span.start - file.headLength, file.source.length));
  return { from, to: Math.max(from, Math.min(from + span.length, file.source.length)) };
}

function readDiagnostic(
  diagnostic: ts.Diagnostic,
  file: CellFile,
  cells: readonly CellFile[],
): readonly CellDiagnostic[] {
  if (diagnostic.start === undefined || diagnostic.start < file.headLength) return [];
  const span = spanIn(file, { start: diagnostic.start, length: diagnostic.length ?? 0 });
  const before = file.source.slice(0, span.from).split("\n");
  const message = withoutModules(ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"));
  const related = (diagnostic.relatedInformation ?? []).flatMap((information) => {
    const target = cells.find((cell) => cell.fileName === information.file?.fileName);
    if (target === undefined || information.start === undefined || information.start < target.headLength) return [];
    const text = withoutModules(ts.flattenDiagnosticMessageText(information.messageText, "\n"));
    const place = spanIn(target, { start: information.start, length: information.length ?? 0 });
    return [{ ...place, cell: target.id, message: text }];
  });
  const words = gloss(diagnostic.code, message, declaredLater(message, file, cells));
  return [
    {
      ...span,
      line: before.length,
      column: (before.at(-1) ?? "").length + 1,
      code: diagnostic.code,
      severity: diagnostic.category === ts.DiagnosticCategory.Error ? "error" : "warning",
      message,
      related,
      ...(words === undefined ? {} : { gloss: words }),
    },
  ];
}

/** Whether the name a message is about is declared by a cell further down. */
function declaredLater(message: string, file: CellFile, cells: readonly CellFile[]): boolean {
  const name = /'([^']+)'/.exec(message)?.[1];
  const later = cells.slice(cells.indexOf(file) + 1);
  return later.some((cell) => cell.declared.some((declared) => declared.name === name));
}

function explanation(
  display: readonly ts.SymbolDisplayPart[] | undefined,
  documentation: readonly ts.SymbolDisplayPart[] | undefined,
  tags: readonly ts.JSDocTagInfo[] | undefined,
): Omit<Hover, keyof Span> {
  // A name from an earlier cell is an import to TypeScript; to people it is the thing itself.
  const signature = withoutModules(ts.displayPartsToString([...(display ?? [])]))
    .replace(/^\(alias\) /, "")
    .replace(/\nimport \S+$/, "");
  const tagLines = (tags ?? []).map((tag) => `*@${tag.name}* ${ts.displayPartsToString(tag.text)}`.trimEnd());
  const text = ts.displayPartsToString([...(documentation ?? [])]);
  return { signature, documentation: [text, ...tagLines].filter((part) => part !== "").join("\n\n") };
}

function readCompletion(entry: ts.CompletionEntry): CompletionEntry {
  const { name, kind, sortText, insertText } = entry;
  return { name, kind, sortText, ...(insertText === undefined ? {} : { insertText }) };
}

function readSignatureHelp(help: ts.SignatureHelpItems, file: CellFile): SignatureHelp {
  const text = (parts: readonly ts.SymbolDisplayPart[]): string => withoutModules(ts.displayPartsToString([...parts]));
  const signatures = help.items.map((item) => {
    let label = text(item.prefixDisplayParts);
    const parameters = item.parameters.map((parameter, index) => {
      if (index > 0) label += text(item.separatorDisplayParts);
      const from = label.length;
      label += text(parameter.displayParts);
      return { from, to: label.length, documentation: text(parameter.documentation) };
    });
    label += text(item.suffixDisplayParts);
    return { label, parameters, documentation: text(item.documentation) };
  });
  return {
    ...spanIn(file, help.applicableSpan),
    signatures,
    activeSignature: help.selectedItemIndex,
    activeParameter: help.argumentIndex,
  };
}
