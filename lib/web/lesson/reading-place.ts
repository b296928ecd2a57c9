import type { LessonProgress } from "../../server/progress.js";
import { postJson } from "../parts/api.js";

const settleMs = 1_500;

/** Brings the reader back to where they stopped, unless the address names a place. */
export function resumeReading(progress: LessonProgress): void {
  const asked = /^#cell-(.+)$/.exec(location.hash)?.[1];
  const cell = asked ?? (new URLSearchParams(location.search).has("resume") ? progress.cell : null);
  if (cell === null || cell === undefined) return;
  // Twice: once at once, once when what stands above has got its height.
  const show = () => document.getElementById(`cell-${cell}`)?.scrollIntoView({ block: "start" });
  requestAnimationFrame(() => {
    show();
    setTimeout(show, 250);
  });
}

/** Tells the server, now and then, which cell is being read and how far down that is. @returns how to stop */
export function followReading(path: string): () => void {
  let timer: number | undefined;
  let told = "";
  const tell = () => {
    const cells = [...document.querySelectorAll<HTMLElement>(".cells > .cell")];
    const line = innerHeight * 0.4;
    const index = cells.findLastIndex((cell) => cell.getBoundingClientRect().top <= line);
    const cell = cells[Math.max(0, index)]?.id.slice("cell-".length) ?? null;
    const atEnd = scrollY + innerHeight >= document.documentElement.scrollHeight - 80;
    const reached = atEnd ? 1 : Math.max(0, index) / Math.max(1, cells.length);
    const state = `${cell} ${reached}`;
    if (state === told) return;
    told = state;
    // Lost when the server is away; the next one says it again.
    postJson(`${path}/progress`, { cell, reached }).catch(() => {
      told = "";
    });
  };
  const onScroll = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(tell, settleMs);
  };
  document.addEventListener("scroll", onScroll, { passive: true });
  onScroll();
  return () => {
    window.clearTimeout(timer);
    document.removeEventListener("scroll", onScroll);
  };
}
