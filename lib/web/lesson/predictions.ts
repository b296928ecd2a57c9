import { type Signal, signal } from "@preact/signals";
import type { LessonProgress } from "../../server/progress.js";
import { messageOf, postJson } from "../parts/api.js";

export interface PredictionState {
  readonly isSkipped: boolean;
  readonly answers: Readonly<Record<string, string>>;
}

/**
 * The questions a lesson asks before it shows. An open one holds back the code cells below it until it is answered or
 * skipped; both are remembered.
 */
export class Predictions {
  /** By key; absent while open. */
  readonly given: Signal<Readonly<Record<string, PredictionState>>>;
  /** The question the reader is led to because a run waits for it. */
  readonly wanted = signal<string | undefined>(undefined);
  private readonly keysByCell = signal<ReadonlyMap<string, readonly string[]>>(new Map());
  private resume: (() => void) | undefined;

  constructor(
    private readonly path: string,
    progress: LessonProgress,
    private readonly onProblem: (message: string) => void,
  ) {
    this.given = signal(
      Object.fromEntries(
        Object.entries(progress.predictions).map(([key, { skipped, answers }]) => [
          key,
          { isSkipped: skipped, answers },
        ]),
      ),
    );
  }

  /** Says which questions a text cell asks. */
  declare(cell: string, keys: readonly string[]): void {
    if ((this.keysByCell.value.get(cell) ?? []).join(" ") === keys.join(" ")) return;
    this.keysByCell.value = new Map(this.keysByCell.value).set(cell, keys);
  }

  isOpen(key: string): boolean {
    return this.given.value[key] === undefined;
  }

  /** The first open question between one of `code` and the code cell above it. */
  firstOpenBefore(code: readonly string[], order: readonly string[]): string | undefined {
    for (const id of code) {
      const index = order.indexOf(id);
      for (let above = index - 1; above >= 0; above--) {
        const cell = order[above] ?? "";
        const open = this.keysByCell.value.get(cell)?.find((key) => this.isOpen(key));
        if (open !== undefined) return open;
        if (this.isCode(cell)) break;
      }
    }
    return undefined;
  }

  /** Whether a question right above this cell is still open. */
  isHeld(cell: string, order: readonly string[]): boolean {
    return this.firstOpenBefore([cell], order) !== undefined;
  }

  /** Leads the reader to an open question; `resume` is called when it is answered or skipped. */
  hold(key: string, resume: () => void): void {
    this.resume = resume;
    this.wanted.value = key;
  }

  answer(key: string, answers: Readonly<Record<string, string>>): void {
    this.give(key, { isSkipped: false, answers });
  }

  skip(key: string): void {
    this.give(key, { isSkipped: true, answers: {} });
  }

  private give(key: string, state: PredictionState): void {
    this.given.value = { ...this.given.value, [key]: state };
    const { isSkipped: skipped, answers } = state;
    postJson(`${this.path}/predictions/${encodeURIComponent(key)}`, { skipped, answers }).catch((error: unknown) =>
      this.onProblem(messageOf(error)),
    );
    if (this.wanted.value !== key) return;
    this.wanted.value = undefined;
    const { resume } = this;
    this.resume = undefined;
    resume?.();
  }

  /** Tells code cells from text; set once the session is there. */
  isCode: (cell: string) => boolean = () => false;
}
