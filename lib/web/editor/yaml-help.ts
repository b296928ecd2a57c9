import { autocompletion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import { hoverTooltip } from "@codemirror/view";
import type { AnswerField, AnswerSection } from "../../server/services.js";
import { explain, keyInfo } from "./hover.js";

/** What stands under a key of an answer, and what may be written: the same the form knows. */
export function answerHelp(form: readonly AnswerSection[]): Extension {
  const fields = form.flatMap((section) => section.fields);
  const complete = (context: CompletionContext): CompletionResult | null => {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const value = /^\s*([\w.]+):\s*([\w.]*)$/.exec(before);
    if (value !== null) {
      const field = fields.find(({ path }) => path.at(-1) === value[1]);
      const values = field === undefined ? [] : valuesOf(field);
      return { from: context.pos - (value[2] ?? "").length, options: values.map((label) => ({ label })) };
    }
    const key = /^\s*([\w.]*)$/.exec(before)?.[1];
    if (key === undefined || (key === "" && !context.explicit)) return null;
    const group = groupAbove(context, line.number);
    const offered = fields.filter(({ path }) => group === undefined || path[0] === group);
    return {
      from: context.pos - key.length,
      options: offered.map(({ path, help }) => ({
        label: path.at(-1) ?? "",
        apply: `${path.at(-1)}: `,
        ...(help === undefined ? {} : { info: help }),
      })),
      validFor: /^[\w.]*$/,
    };
  };
  const hover = hoverTooltip(async (view, position) => {
    const word = view.state.doc.lineAt(position);
    for (const match of word.text.matchAll(/[a-z][\w.]*(?=\s*:)/g)) {
      const from = word.from + match.index;
      const end = from + match[0].length;
      if (position < from || position > end) continue;
      const explained = await explain(match[0]);
      return explained === undefined ? null : { pos: from, end, create: () => ({ dom: keyInfo(explained) }) };
    }
    return null;
  });
  return [autocompletion({ override: [complete], icons: false }), hover];
}

function valuesOf({ input }: AnswerField): readonly string[] {
  if (input.type === "boolean") return ["true", "false"];
  return input.type === "one-of" ? input.options.map(({ value }) => String(value)) : [];
}

/** The group an indented line belongs to: the nearest line above that is not indented. */
function groupAbove(context: CompletionContext, lineNumber: number): string | undefined {
  const { doc } = context.state;
  if (!/^\s/.test(doc.line(lineNumber).text)) return undefined;
  for (let number = lineNumber - 1; number >= 1; number--) {
    const group = /^([a-z]\w*):/.exec(doc.line(number).text)?.[1];
    if (group !== undefined) return group;
  }
  return undefined;
}
