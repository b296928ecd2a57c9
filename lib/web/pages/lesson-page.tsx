import { useEffect, useMemo } from "preact/hooks";
import { CellView } from "../lesson/cell-view.js";
import { CommandPalette } from "../lesson/command-palette.js";
import { FindBar } from "../lesson/find-bar.js";
import { HistoryDialog } from "../lesson/history-dialog.js";
import { createKeyHandler } from "../lesson/keymap.js";
import { KeysDialog } from "../lesson/keys-dialog.js";
import { LessonEnd } from "../lesson/lesson-end.js";
import { LessonSession } from "../lesson/lesson-session.js";
import { LessonToolbar } from "../lesson/lesson-toolbar.js";
import { createNotebookContext, NotebookProvider, useNotebook } from "../lesson/notebook-context.js";
import { Notices } from "../lesson/notices.js";
import { Predictions } from "../lesson/predictions.js";
import { followReading, resumeReading } from "../lesson/reading-place.js";
import { StartOverDialog } from "../lesson/start-over-dialog.js";
import type { BootOf } from "../parts/boot.js";

/** A lesson: read it, run it, change it. */
export function LessonPage({ boot }: { boot: BootOf<"lesson"> }) {
  const context = useMemo(() => {
    const session = new LessonSession(boot.lesson);
    const predictions = new Predictions(session.path, boot.lesson.progress, (message) => session.say(message));
    predictions.isCode = (cell) => session.cell(cell)?.type.value === "code";
    return createNotebookContext(session, predictions);
  }, [boot]);
  useEffect(() => {
    resumeReading(boot.lesson.progress);
    return followReading(context.session.path);
  }, [boot, context]);
  return (
    <NotebookProvider value={context}>
      <article class="lesson" aria-label={boot.lesson.document.title}>
        <LessonToolbar />
        <Notices />
        <FindBar />
        <Cells />
        <LessonEnd course={boot.course} slug={context.session.slug} />
      </article>
      <CommandPalette />
      <KeysDialog />
      <HistoryDialog />
      <StartOverDialog />
      <p class="spoken" role="status">
        {context.spoken}
      </p>
    </NotebookProvider>
  );
}

function Cells() {
  const context = useNotebook();
  const onKey = useMemo(() => createKeyHandler(context), [context]);
  const order = context.session.order.value;
  return (
    // The cells inside take the focus; their keys arrive here
    <div
      class="cells"
      onKeyDownCapture={onKey}
      onFocusOut={(event) => {
        const { relatedTarget, currentTarget } = event;
        // To nowhere the focus goes when its cell is moved on the page; that is not leaving.
        if (relatedTarget instanceof Node && !currentTarget.contains(relatedTarget)) context.selection.leave();
      }}
    >
      {order.map((id, index) => (
        <CellView key={id} id={id} number={index + 1} isFirst={index === 0} />
      ))}
    </div>
  );
}
