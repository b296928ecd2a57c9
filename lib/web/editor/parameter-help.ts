import { type Extension, StateEffect, StateField } from "@codemirror/state";
import { type EditorView, showTooltip, type Tooltip, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import type { SignatureHelp } from "../../notebook/check/checker.js";
import type { Ask } from "./type-questions.js";

const setHelp = StateEffect.define<Tooltip | null>();

const helpField = StateField.define<Tooltip | null>({
  create: () => null,
  update(tooltip, transaction) {
    for (const effect of transaction.effects) if (effect.is(setHelp)) return effect.value;
    return tooltip && transaction.docChanged ? { ...tooltip, pos: transaction.changes.mapPos(tooltip.pos) } : tooltip;
  },
  provide: (field) => showTooltip.from(field),
});

const settleMs = 120;

/** Which parameter one is writing, shown while the cursor stands between the brackets of a call. */
export function parameterHelp(ask: Ask): Extension {
  const follow = ViewPlugin.define((view) => {
    let timer: number | undefined;
    let turn = 0;
    const look = async () => {
      const mine = ++turn;
      const { head } = view.state.selection.main;
      const inCall = view.hasFocus && isInCall(view, head);
      const help = inCall ? await ask("signatureHelp", head) : undefined;
      if (mine !== turn || !view.dom.isConnected) return;
      if (help === undefined && view.state.field(helpField) === null) return;
      view.dispatch({ effects: setHelp.of(help === undefined ? null : tooltipOf(help)) });
    };
    return {
      update(update: ViewUpdate) {
        if (!update.docChanged && !update.selectionSet && !update.focusChanged) return;
        window.clearTimeout(timer);
        timer = window.setTimeout(() => void look(), settleMs);
      },
      destroy: () => window.clearTimeout(timer),
    };
  });
  return [helpField, follow];
}

/** A cheap look back for an open bracket, so that most cursor moves ask nothing. */
function isInCall(view: EditorView, head: number): boolean {
  const text = view.state.sliceDoc(Math.max(0, head - 400), head);
  let depth = 0;
  for (let index = text.length - 1; index >= 0; index--) {
    if (text[index] === ")") depth++;
    else if (text[index] === "(" && depth-- === 0) return true;
  }
  return false;
}

function tooltipOf(help: SignatureHelp): Tooltip {
  return {
    pos: help.from,
    above: true,
    create: () => ({ dom: helpElement(help) }),
  };
}

function helpElement({ signatures, activeSignature, activeParameter }: SignatureHelp): HTMLElement {
  const element = document.createElement("div");
  element.className = "type-info";
  const signature = signatures[activeSignature];
  if (signature === undefined) return element;
  const code = element.appendChild(document.createElement("pre"));
  const parameter = signature.parameters[activeParameter];
  if (parameter === undefined) code.append(signature.label);
  else {
    code.append(signature.label.slice(0, parameter.from));
    code.appendChild(document.createElement("strong")).textContent = signature.label.slice(
      parameter.from,
      parameter.to,
    );
    code.append(signature.label.slice(parameter.to));
  }
  const words = parameter?.documentation || signature.documentation;
  if (words !== "") element.appendChild(document.createElement("p")).textContent = words.split("\n\n")[0] ?? "";
  return element;
}
