import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type OutputPlace, OutputView } from "../output/output-view.js";
import type { LiveCell } from "./live-cell.js";
import { useNotebook } from "./notebook-context.js";

/**
 * What a cell shows. While it runs again its last height is kept, so that the text below does not jump up and down.
 */
export function CellOutput({ cell, number }: { cell: LiveCell; number: number }) {
  const { session, predictions } = useNotebook();
  const element = useRef<HTMLDivElement>(null);
  const [isHidden, setHidden] = useState(false);
  const [reserved, setReserved] = useState(0);
  const { outputs } = cell.outputs.value;
  const { mark } = cell.run.value;
  const isWorking = mark === "running" || mark === "queued";
  useLayoutEffect(() => {
    if (isWorking) setReserved(element.current?.offsetHeight ?? 0);
    else setReserved(0);
  }, [isWorking]);
  if (outputs.length === 0 && reserved === 0) return <div class="cell-output cell-output-none" ref={element} />;
  // What came out when the lesson was written would give the answer away.
  if (outputs.length > 0 && predictions.isHeld(cell.id, session.order.value)) {
    return <p class="output-note">The output is shown when you have made your prediction, or skipped it.</p>;
  }
  const slug = encodeURIComponent(session.slug);
  const place = (index: number): OutputPlace => ({
    frameAddress: `/frames/${slug}/${cell.id}/${index}`,
    wholeAddress: `${session.path}/cells/${cell.id}/whole-output`,
  });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls; this is what a cell showed
    <div
      class="cell-output"
      ref={element}
      role="group"
      aria-label={`Output of cell ${number}`}
      aria-busy={isWorking}
      style={reserved > 0 ? { minHeight: `${reserved}px` } : undefined}
    >
      <button
        type="button"
        class="output-fold"
        aria-expanded={!isHidden}
        aria-label={`Output of cell ${number}`}
        title={isHidden ? "Show the output" : "Fold the output"}
        onClick={() => setHidden(!isHidden)}
      />
      {isHidden ? (
        <p class="output-note">The output is folded.</p>
      ) : (
        outputs.map((output, index) => (
          // Outputs are told apart by their place alone
          <OutputView key={index} output={output} place={place(index)} />
        ))
      )}
    </div>
  );
}
