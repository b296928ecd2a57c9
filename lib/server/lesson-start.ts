import { type MergedNotebook, mergeNotebooks } from "../notebook/merge.js";
import { type Notebook, serialiseNotebook } from "../notebook/notebook.js";
import type { LearnerCopy } from "./learner-copy.js";
import { type LiveCells, liveCell, replayOps, toNotebook } from "./live-cells.js";

/** The document a lesson is opened with. */
export interface LessonStart {
  readonly live: LiveCells;
  /** Whatever of the file is not cells. */
  readonly around: Notebook;
  readonly notices: readonly string[];
  /** The document differs from the learner's copy on disk. */
  readonly isUnsaved: boolean;
}

/**
 * Puts a lesson together: the learner's copy (or the course's file), the edits of the last moments before a kill, and
 * what the course has changed since.
 */
export function startOfLesson(copy: LearnerCopy, course: Notebook): LessonStart {
  const { mine, base, unsaved, notices } = copy.load();
  const said = [...notices];
  const around = mine ?? course;
  let live: LiveCells = { cells: around.cells.map(liveCell), deleted: new Map() };
  let lost = 0;
  for (const ops of unsaved) {
    const replayed = replayOps(live, ops);
    live = replayed.live;
    lost += replayed.lost;
  }
  if (lost > 0) said.push(`${lost} of your last edits could not be brought back after the server was stopped.`);
  const start = { live, around, notices: said, isUnsaved: unsaved.length > 0 };
  if (mine === undefined || base === undefined || serialiseNotebook(base) === serialiseNotebook(course)) return start;
  return withCourseChanges(start, mergeNotebooks(base, toNotebook(live, around), course), copy);
}

function withCourseChanges(start: LessonStart, merged: MergedNotebook, copy: LearnerCopy): LessonStart {
  copy.merged();
  const cells = merged.notebook.cells.map(liveCell).map((live) => {
    const conflict = merged.conflicts.get(live.cell.id);
    return conflict === undefined ? live : { ...live, conflict };
  });
  const both = merged.conflicts.size;
  const kept = "The course has changed since you were last here. Your text was kept";
  const notice =
    both === 0 ? `${kept}.` : `${kept}; ${both === 1 ? "one cell was" : `${both} cells were`} changed by both.`;
  return {
    live: { cells, deleted: new Map() },
    around: merged.notebook,
    notices: [...start.notices, notice],
    isUnsaved: true,
  };
}
