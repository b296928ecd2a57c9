import { computed, signal } from "@preact/signals";
import type { Verdict } from "../../exercise/verdict.js";
import type { ExerciseState } from "../../server/boot.js";
import type { Attempt, ExerciseProgress, Hint, Solution } from "../../server/services.js";
import { ApiError, getJson, messageOf, postJson } from "../parts/api.js";

export interface ShownHint extends Hint {
  readonly html: string;
}

export interface ShownSolution extends Solution {
  readonly html: string;
}

export interface Grade {
  readonly verdict: Verdict;
  readonly elapsedMs: number;
  /** The text that was graded; the verdict speaks of this one. */
  readonly answerText: string;
}

const draftPauseMs = 400;
const retryMs = 1_500;

/** One exercise in one tab: the answer as text, which the form and the YAML view both show, and what came of it. */
export class ExerciseSession {
  readonly text;
  readonly attempts;
  readonly progress;
  readonly grade = signal<Grade | undefined>(undefined);
  readonly isChecking = signal(false);
  /** Which view of the answer is shown. */
  readonly view = signal<"form" | "yaml">("form");
  readonly problem = signal<string | undefined>(undefined);
  readonly hints = signal<readonly ShownHint[]>([]);
  readonly solution = signal<ShownSolution | undefined>(undefined);
  readonly draft = signal<"saved" | "saving" | "offline">("saved");
  /** The verdict on show is of another text than the one that stands there now. */
  readonly isOutdated = computed(
    () => this.grade.value !== undefined && this.grade.value.answerText !== this.text.value,
  );
  private readonly path: string;
  private timer: number | undefined;

  constructor(readonly exercise: ExerciseState) {
    this.path = `/api/exercises/${encodeURIComponent(exercise.id)}`;
    if (exercise.form.length === 0) this.view.value = "yaml";
    this.text = signal(exercise.draft ?? exercise.starter);
    this.attempts = signal<readonly Attempt[]>(exercise.attempts);
    this.progress = signal<ExerciseProgress>(exercise.progress);
  }

  write(text: string): void {
    if (text === this.text.value) return;
    this.text.value = text;
    this.saveDraftIn(draftPauseMs);
  }

  async check(): Promise<void> {
    if (this.isChecking.value) return;
    const answerText = this.text.value;
    this.isChecking.value = true;
    this.problem.value = undefined;
    try {
      const reply = await postJson<{
        verdict: Verdict;
        elapsedMs: number;
        attempts: readonly Attempt[];
        progress: ExerciseProgress;
      }>(`${this.path}/check`, { text: answerText });
      this.grade.value = { verdict: reply.verdict, elapsedMs: reply.elapsedMs, answerText };
      this.attempts.value = reply.attempts;
      this.progress.value = reply.progress;
    } catch (error) {
      this.problem.value = messageOf(error);
    } finally {
      this.isChecking.value = false;
    }
  }

  async nextHint(): Promise<void> {
    const rung = this.hints.value.length + 1;
    await this.attempt(async () => {
      const { hint } = await postJson<{ hint?: ShownHint }>(`${this.path}/hint`, { text: this.text.value, rung });
      if (hint !== undefined) this.hints.value = [...this.hints.value, hint];
    });
  }

  async showSolution(): Promise<void> {
    await this.attempt(async () => {
      const { solution } = await getJson<{ solution?: ShownSolution }>(`${this.path}/solution`);
      this.solution.value = solution;
    });
  }

  private async attempt(what: () => Promise<void>): Promise<void> {
    try {
      await what();
    } catch (error) {
      this.problem.value = messageOf(error);
    }
  }

  private saveDraftIn(ms: number): void {
    window.clearTimeout(this.timer);
    this.draft.value = "saving";
    this.timer = window.setTimeout(() => void this.saveDraft(), ms);
  }

  private async saveDraft(): Promise<void> {
    const text = this.text.value;
    try {
      await postJson(`${this.path}/draft`, { text });
      if (this.text.value === text) this.draft.value = "saved";
    } catch (error) {
      this.draft.value = "offline";
      if (error instanceof ApiError && error.status === 0) this.saveDraftIn(retryMs);
      else this.problem.value = messageOf(error);
    }
  }
}
