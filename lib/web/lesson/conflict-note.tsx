import type { CellConflict } from "../../server/wire.js";
import { StaticCode } from "../editor/static-code.js";
import type { LiveCell } from "./live-cell.js";
import { useNotebook } from "./notebook-context.js";

/** Both the learner and the course have changed this cell: the learner's text stands, the course's is offered. */
export function ConflictNote({ cell, conflict }: { cell: LiveCell; conflict: CellConflict }) {
  const { session } = useNotebook();
  const resolve = () => session.change([{ type: "resolve", cell: cell.id }]);
  return (
    <aside class="conflict" aria-label="Changed by you and by the course">
      <p>{conflict.what}</p>
      <details>
        <summary>The course's text now</summary>
        <StaticCode text={conflict.theirs} />
      </details>
      <p class="button-row">
        <button type="button" onClick={resolve}>
          Keep mine
        </button>
        <button
          type="button"
          onClick={() => {
            cell.text.replaceAll(conflict.theirs);
            resolve();
          }}
        >
          Take the course's
        </button>
      </p>
    </aside>
  );
}
