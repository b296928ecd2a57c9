import { parentPort, workerData } from "node:worker_threads";
import ts from "typescript";
import { invariant } from "../../core/assert.js";
import { type NotebookChecker, notebookCheckers } from "../../notebook/check/checker.js";
import { cellNames } from "../../notebook/dependencies.js";
import type { TypeAnswers, TypeQuestion, TypeReply, TypeRequest } from "./type-messages.js";

/** The thread that holds the type checker: it may think for a second without anyone waiting for anything else. */
invariant(parentPort !== null, "this file is the start of a worker thread");
const port = parentPort;
const { directory } = workerData as { readonly directory: string }; // given by type-thread.ts

interface Checked {
  readonly checker: NotebookChecker;
  revision: number;
  cells: readonly string[];
}

const newChecker = notebookCheckers(ts.sys);
const notebooks = new Map<string, Checked>();
/** Cells whose diagnostics are still to be told, oldest update first. */
let pending: { readonly slug: string; readonly cell: string }[] = [];
let isScheduled = false;

port.on("message", (request: TypeRequest) => {
  switch (request.kind) {
    case "update":
      return update(request);
    case "close":
      notebooks.get(request.slug)?.checker.dispose();
      notebooks.delete(request.slug);
      return;
    case "names":
      return attempt(request.ask, () => ({
        kind: "names",
        ask: request.ask,
        names: request.sources.map(cellNames),
      }));
    case "question":
      return attempt(request.ask, () => ({
        kind: "answer",
        ask: request.ask,
        answer: answer(notebooks.get(request.slug)?.checker, request.question),
      }));
  }
});

function update({ slug, revision, cells }: TypeRequest & { readonly kind: "update" }): void {
  const known = notebooks.get(slug) ?? { checker: newChecker(directory), revision, cells: [] };
  known.checker.update(cells);
  known.revision = revision;
  known.cells = cells.map(({ id }) => id);
  notebooks.set(slug, known);
  pending = [...pending.filter((other) => other.slug !== slug), ...known.cells.map((cell) => ({ slug, cell }))];
  schedule();
}

/** One cell at a time, so that a question or a newer text does not wait for the whole notebook. */
function schedule(): void {
  if (isScheduled || pending.length === 0) return;
  isScheduled = true;
  setImmediate(() => {
    isScheduled = false;
    const next = pending.shift();
    const known = next === undefined ? undefined : notebooks.get(next.slug);
    if (next !== undefined && known !== undefined) {
      const { slug, cell } = next;
      try {
        const found = known.checker.diagnostics(cell);
        reply({ kind: "diagnostics", slug, revision: known.revision, cell, found });
      } catch {
        // The checker met a text it cannot digest; the next update asks again.
      }
    }
    schedule();
  });
}

function answer(checker: NotebookChecker | undefined, question: TypeQuestion): TypeAnswers[keyof TypeAnswers] {
  const { about, cell, offset } = question;
  if (checker === undefined) return about === "definition" ? [] : null;
  switch (about) {
    case "hover":
      return checker.hover(cell, offset) ?? null;
    case "completions":
      return checker.completions(cell, offset) ?? null;
    case "completionDetail":
      return checker.completionDetail(cell, offset, question.name ?? "") ?? null;
    case "signatureHelp":
      return checker.signatureHelp(cell, offset) ?? null;
    case "definition":
      return checker.definition(cell, offset);
  }
}

function attempt(ask: number, compute: () => TypeReply): void {
  try {
    reply(compute());
  } catch (error) {
    reply({ kind: "failed", ask, message: error instanceof Error ? error.message : String(error) });
  }
}

function reply(message: TypeReply): void {
  port.postMessage(message);
}
