import type { Progress } from "../exercise/store-classroom/grade-class.js";
import type { Cli } from "./cli.js";

/** A redraw costs a terminal more than a verdict costs us. */
const redrawEveryMs = 100;

/** One line that says how far a long run is and how long it will still take; silent where there is no terminal. */
export class ProgressLine {
  private stage: Progress["stage"] | null = null;
  private startMs = 0;
  private shownMs = 0;
  private isShown = false;

  constructor(private readonly cli: Pick<Cli, "isTerminal" | "err">) {}

  show({ stage, done, of }: Progress): void {
    if (!this.cli.isTerminal) return;
    const nowMs = Date.now();
    if (stage !== this.stage) {
      this.stage = stage;
      this.startMs = nowMs;
    }
    if (nowMs - this.shownMs < redrawEveryMs && done < of) return;
    this.shownMs = nowMs;
    this.isShown = true;
    const leftMs = ((nowMs - this.startMs) / Math.max(1, done)) * (of - done);
    const verb = stage === "reading" ? "read" : "graded";
    // Back to the beginning of the line, and clear it.
    this.cli.err(`\r\u001b[2K${verb} ${done} of ${of}${done === of ? "" : ` · ${timeLeft(leftMs)} left`}`);
  }

  clear(): void {
    if (this.isShown) this.cli.err("\r\u001b[2K");
    this.isShown = false;
  }
}

/** Rounded to what is worth knowing. */
export function timeLeft(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
