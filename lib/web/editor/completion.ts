import {
  acceptCompletion,
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
} from "@codemirror/autocomplete";
import { type Extension, Prec } from "@codemirror/state";
import { keymap } from "@codemirror/view";
import type { CompletionEntry } from "../../notebook/check/checker.js";
import { plainHtml } from "./documentation.js";
import type { Ask } from "./type-questions.js";

/** The editor's icons, by TypeScript's words. */
const kinds: Readonly<Record<string, string>> = {
  function: "function",
  "local function": "function",
  method: "method",
  property: "property",
  getter: "property",
  setter: "property",
  const: "constant",
  let: "variable",
  var: "variable",
  parameter: "variable",
  class: "class",
  interface: "interface",
  type: "type",
  enum: "enum",
  keyword: "keyword",
  module: "namespace",
  alias: "variable",
};

/** What can stand here, from the types of all cells. */
export function typeCompletion(ask: Ask): Extension {
  const source = async (context: CompletionContext): Promise<CompletionResult | null> => {
    const word = context.matchBefore(/[\w$]+/);
    const afterDot = context.matchBefore(/\.[\w$]*/);
    const inString = context.matchBefore(/["'`][^"'`\s]*/);
    if (!context.explicit && word === null && afterDot === null && inString === null) return null;
    const found = await ask("completions", context.pos, { signal: abortOf(context) });
    if (found === undefined || context.aborted) return null;
    const from = word?.from ?? Math.min(found.from, context.pos);
    return {
      from,
      options: found.entries.map((entry) => completionOf(entry, context.pos, ask)),
      validFor: /^[\w$]*$/,
    };
  };
  return [
    autocompletion({ override: [source], activateOnTypingDelay: 60, icons: false, maxRenderedOptions: 60 }),
    Prec.highest(keymap.of([...completionKeymap, { key: "Tab", run: acceptCompletion }])),
  ];
}

function completionOf(entry: CompletionEntry, offset: number, ask: Ask): Completion {
  const type = kinds[entry.kind];
  return {
    label: entry.name,
    apply: entry.insertText ?? entry.name,
    detail: entry.kind === "keyword" ? "" : entry.kind,
    // TypeScript sorts by text ("11" before "16"); the editor by a number, the higher the better.
    boost: Math.max(-99, Math.min(99, 50 - (Number.parseInt(entry.sortText, 10) || 20))),
    ...(type === undefined ? {} : { type }),
    info: async () => {
      const detail = await ask("completionDetail", offset, { name: entry.name });
      return detail === undefined ? null : plainHtml(detail.signature, detail.documentation);
    },
  };
}

function abortOf(context: CompletionContext): AbortSignal {
  const controller = new AbortController();
  context.addEventListener("abort", () => controller.abort());
  return controller.signal;
}
