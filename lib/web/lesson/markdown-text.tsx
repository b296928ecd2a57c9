import { useLayoutEffect, useRef } from "preact/hooks";
import type { LiveCell } from "./live-cell.js";
import { useNotebook } from "./notebook-context.js";
import { predictionKeys, showPrediction } from "./prediction-form.js";

/** Rendered prose. The server's renderer lets no HTML of the text through, and the page's policy runs no script in it. */
export function MarkdownText({ cell }: { cell: LiveCell }) {
  const { predictions } = useNotebook();
  const element = useRef<HTMLDivElement>(null);
  const html = cell.html.value;
  const given = predictions.given.value;
  useLayoutEffect(() => {
    const root = element.current;
    if (root === null) return;
    root.innerHTML = html;
    predictions.declare(cell.id, predictionKeys(root));
    for (const section of root.querySelectorAll<HTMLElement>("[data-predict]")) {
      const key = section.dataset.predict ?? "";
      section.id = `predict-${key}`;
      showPrediction(section, given[key], {
        onAnswer: (answers) => predictions.answer(key, answers),
        onSkip: () => predictions.skip(key),
      });
    }
  }, [html, given, cell, predictions]);
  const { wanted } = predictions;
  useLayoutEffect(() => {
    if (wanted.value === undefined) return;
    const section = element.current?.querySelector(`#predict-${CSS.escape(wanted.value)}`);
    section?.scrollIntoView({ block: "center" });
    section?.querySelector<HTMLElement>(".predict-field, button")?.focus();
  }, [wanted.value]);
  return <div class="prose" ref={element} />;
}
