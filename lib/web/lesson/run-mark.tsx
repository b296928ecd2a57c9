import { signal } from "@preact/signals";
import type { WireRun } from "../../server/wire.js";
import { CrossIcon, FreshIcon, PauseIcon, PlayIcon, StaleIcon } from "../parts/icons.js";
import type { LiveCell } from "./live-cell.js";
import { useNotebook } from "./notebook-context.js";
import { runCells } from "./run-commands.js";

/** Moves on while something runs, for the elapsed time; the clock of this machine, which is the server's too. */
const nowMs = signal(Date.now());
window.setInterval(() => {
  if (document.querySelector(".run-mark-running") !== null) nowMs.value = Date.now();
}, 200);

/** How a cell stands, in the margin; pressing it runs the cell, or stops it while it runs. */
export function RunMark({ cell, number }: { cell: LiveCell; number: number }) {
  const context = useNotebook();
  const run = cell.run.value;
  const isActive = run.mark === "running";
  const press = () => {
    context.selection.command(cell.id);
    if (isActive) void context.session.interrupt();
    else runCells(context, [cell.id]);
  };
  return (
    <div class={`run-mark run-mark-${run.mark} run-ending-${run.ending}`}>
      <button type="button" class="run-button" onClick={press} aria-label={describe(run, number)} title={hint(run)}>
        <span class="run-icon-rest">{iconOf(run)}</span>
        <span class="run-icon-act">{isActive ? <PauseIcon /> : <PlayIcon />}</span>
      </button>
      <span class="run-time">{timeOf(run)}</span>
    </div>
  );
}

function iconOf(run: WireRun) {
  if (run.mark === "queued") return <PauseIcon />;
  if (run.mark === "running") return <PauseIcon />;
  if (run.mark === "stale") return <StaleIcon />;
  if (run.mark === "never") return <PlayIcon />;
  return run.ending === "ok" ? <FreshIcon /> : <CrossIcon />;
}

function timeOf(run: WireRun): string {
  if (run.mark === "running" && run.startedAtMs !== undefined) {
    const elapsedMs = Math.max(0, nowMs.value - run.startedAtMs);
    return elapsedMs < 600 ? "" : duration(elapsedMs);
  }
  if (run.mark === "queued") return "waits";
  return run.durationMs !== undefined && run.durationMs >= 1000 && run.mark !== "never" ? duration(run.durationMs) : "";
}

export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** What the mark means, in words. */
export function stateInWords(run: WireRun): string {
  switch (run.mark) {
    case "never":
      return "not run yet";
    case "queued":
      return "waits for its turn";
    case "running":
      return "running";
    case "stale":
      return `stale: ${run.because ?? "something has changed since it ran"}`;
    case "fresh":
      return run.ending === "ok" ? "fresh" : run.ending === "error" ? "ended with an error" : "stopped before its end";
  }
}

function describe(run: WireRun, number: number): string {
  const act = run.mark === "running" ? "Stop" : "Run";
  return `${act} cell ${number} (${stateInWords(run)})`;
}

function hint(run: WireRun): string {
  const act = run.mark === "running" ? "Stop" : "Run (Shift + Enter)";
  return `${act} · ${stateInWords(run)}`;
}
