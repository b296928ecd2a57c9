import type { ErrorOutput as ErrorValue } from "../../notebook/output.js";
import { CrossIcon } from "../parts/icons.js";
import { AnsiText } from "./text-output.js";

/** An error: first the sentence, then where, the rest folded. */
export function ErrorOutput({ error }: { error: ErrorValue }) {
  const [sentence = "", ...more] = error.evalue.split("\n");
  const where = more.find((line) => line.trim() !== "");
  const details = error.traceback.join("\n");
  const isRefused = error.ename === "TypeScript";
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls
    <div class="output-error" role="group" aria-label="Error">
      <p class="output-error-sentence">
        <CrossIcon />
        <span>
          <strong>{isRefused ? "Not run" : error.ename}</strong>
          {sentence === "" ? "" : `: ${sentence}`}
        </span>
      </p>
      {where !== undefined && (
        <pre class="output-error-where">
          <AnsiText text={more.join("\n").trimEnd()} />
        </pre>
      )}
      {details.trim() !== "" && details.trim() !== error.evalue.trim() && (
        <details>
          <summary>Details</summary>
          <pre>
            <AnsiText text={details} />
          </pre>
        </details>
      )}
    </div>
  );
}
