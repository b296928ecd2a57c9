import type { ReplayDocument, ReplayFrame, ReplayMark } from "../../view/replay-document.js";

/** One place on the slider: what each lane shows there. With one run it is a frame of that run. */
export interface Moment {
  readonly atMs: number;
  /** For each lane the frame it shows. */
  readonly frames: readonly number[];
  /** For each lane whether something happened in it here. */
  readonly moved: readonly boolean[];
}

/** What a reader may want to see alone: steps that change this, or that concern this node. */
export type Filter =
  | { readonly type: "all" }
  | { readonly type: "mark"; readonly mark: ReplayMark }
  | { readonly type: "node"; readonly node: string };

/**
 * The moments of one run, or of two side by side: step by step while they are the same, from then on by virtual time.
 *
 * @param sameSteps how many steps two runs share; null when they are the same to the end
 */
export function momentsOf(runs: readonly ReplayDocument[], sameSteps: number | null): readonly Moment[] {
  const [left, right] = runs;
  if (left === undefined) return [];
  if (right === undefined) return left.frames.map(({ atMs }, index) => ({ atMs, frames: [index], moved: [true] }));
  // Frame 0 is the set-up, so that many steps are one frame more.
  const shared = Math.min(left.frames.length, right.frames.length, (sameSteps ?? Number.POSITIVE_INFINITY) + 1);
  const moments: Moment[] = left.frames
    .slice(0, shared)
    .map(({ atMs }, index) => ({ atMs, frames: [index, index], moved: [true, true] }));
  let [l, r] = [shared - 1, shared - 1];
  for (;;) {
    const [nextLeft, nextRight] = [left.frames[l + 1]?.atMs, right.frames[r + 1]?.atMs];
    if (nextLeft === undefined && nextRight === undefined) return moments;
    const atMs = Math.min(nextLeft ?? Number.POSITIVE_INFINITY, nextRight ?? Number.POSITIVE_INFINITY);
    const moved = [nextLeft === atMs, nextRight === atMs];
    if (moved[0]) l++;
    if (moved[1]) r++;
    moments.push({ atMs, frames: [l, r], moved });
  }
}

/** The frames in which something happened at this moment. */
export function happeningAt(runs: readonly ReplayDocument[], { frames, moved }: Moment): readonly ReplayFrame[] {
  return runs.flatMap((run, lane) => (moved[lane] === true ? (run.frames[frames[lane] ?? 0] ?? []) : []));
}

/** Whether a reader who steps through wants to stop here. */
export function isWorthAStop(frames: readonly ReplayFrame[], filter: Filter): boolean {
  return frames.some((frame) => passes(frame, filter));
}

export function passes(frame: ReplayFrame, filter: Filter): boolean {
  switch (filter.type) {
    case "all":
      return !frame.quiet;
    case "mark":
      return frame.marks.includes(filter.mark);
    case "node":
      return !frame.quiet && concerns(frame, filter.node);
  }
}

function concerns({ message, changes, text }: ReplayFrame, node: string): boolean {
  if (message !== null && (message.from === node || message.to === node)) return true;
  if (changes.some(({ fact }) => fact.endsWith(`@${node}`) || fact.endsWith(`/${node}`))) return true;
  return message === null && text.split(/[\s><]+/).includes(node);
}

/** The latest change of a fact at or before a frame, with its frame. */
export function lastChange(
  run: ReplayDocument,
  fact: string,
  frame: number,
): readonly [frame: number, change: number] | null {
  for (let index = frame; index >= 0; index--) {
    const change = run.frames[index]?.changes.findIndex((candidate) => candidate.fact === fact) ?? -1;
    if (change >= 0) return [index, change];
  }
  return null;
}

/** The frame that a lane shows at the moment at hand. */
export function frameOf(
  { moments, at }: { readonly moments: readonly Moment[]; readonly at: number },
  lane: number,
): number {
  return moments[at]?.frames[lane] ?? 0;
}

/** The first moment that shows this frame of the first lane, or the last there is. */
export function momentOfStep(runs: readonly ReplayDocument[], moments: readonly Moment[], step: number): number {
  const index = moments.findIndex(({ frames }) => (runs[0]?.frames[frames[0] ?? 0]?.step ?? 0) >= step);
  return index < 0 ? Math.max(0, moments.length - 1) : index;
}
