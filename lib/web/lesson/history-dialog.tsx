import { useEffect, useState } from "preact/hooks";
import type { PastSource } from "../../server/cell-history.js";
import { StaticCode } from "../editor/static-code.js";
import { getJson, messageOf } from "../parts/api.js";
import { Modal } from "../parts/modal.js";
import { useNotebook } from "./notebook-context.js";

/** What a cell's text once was, and a way back to it. */
export function HistoryDialog() {
  const { dialog, selection } = useNotebook();
  const cell = selection.cell.value;
  if (dialog.value !== "history" || cell === undefined) return null;
  return (
    <Modal
      label="Earlier texts of this cell"
      onClose={() => {
        dialog.value = undefined;
      }}
    >
      <h2>Earlier texts of this cell</h2>
      <HistoryList cell={cell} />
    </Modal>
  );
}

function HistoryList({ cell }: { cell: string }) {
  const { dialog, session, spoken } = useNotebook();
  const [entries, setEntries] = useState<readonly PastSource[]>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    getJson<{ entries: readonly PastSource[] }>(`${session.path}/cells/${cell}/history`).then(
      (answer) => setEntries(answer.entries),
      (error: unknown) => setProblem(messageOf(error)),
    );
  }, [cell, session]);
  if (problem !== undefined) return <p role="alert">{problem}</p>;
  if (entries === undefined) return <p>One moment.</p>;
  if (entries.length === 0) return <p>Nothing yet: a text is kept when it is run, deleted or typed over.</p>;
  return (
    <ol class="history">
      {entries.map((entry) => (
        <li key={entry.atMs}>
          <p class="history-head">
            <time dateTime={new Date(entry.atMs).toISOString()}>{new Date(entry.atMs).toLocaleString()}</time>
            <button
              type="button"
              onClick={() => {
                session.cell(cell)?.text.replaceAll(entry.source);
                dialog.value = undefined;
                spoken.value = "The earlier text is back.";
              }}
            >
              Bring back
            </button>
          </p>
          <StaticCode text={entry.source} />
        </li>
      ))}
    </ol>
  );
}
