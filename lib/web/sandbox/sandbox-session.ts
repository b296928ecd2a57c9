import { computed, signal } from "@preact/signals";
import type { ProofReport, ScenarioExample, ScenarioReport, TextProblem } from "../../server/services.js";
import { messageOf, postJson } from "../parts/api.js";
import { stepRows, withStep } from "./scenario-steps.js";

/** Kept for the next visit, in this browser. */
const keptUnder = "highwater.sandbox";

/** The sandbox in one tab: a scenario text and what the model made of it last. */
export class SandboxSession {
  readonly text = signal("");
  readonly lastRun = signal<Extract<ScenarioReport, { ok: true }> | undefined>(undefined);
  readonly proof = signal<ProofReport | undefined>(undefined);
  readonly problems = signal<readonly TextProblem[]>([]);
  readonly isWorking = signal(false);
  readonly rows = computed(() => stepRows(this.text.value));
  private asked = 0;

  constructor(private readonly examples: readonly ScenarioExample[]) {
    this.text.value = fromAddress() ?? kept() ?? examples[0]?.scenario ?? "";
  }

  write(text: string): void {
    this.text.value = text;
    try {
      localStorage.setItem(keptUnder, text);
    } catch {
      // Storage is switched off; the text lives as long as the tab.
    }
  }

  takeExample(name: string): void {
    const example = this.examples.find((candidate) => candidate.name === name);
    if (example === undefined) return;
    this.write(example.scenario);
    void this.run();
  }

  /** Adds a step behind the last one and runs the whole again. */
  addStep(step: string): void {
    this.write(withStep(this.text.value, step));
    void this.run();
  }

  async run(): Promise<void> {
    const turn = ++this.asked;
    this.isWorking.value = true;
    try {
      const report = await postJson<ScenarioReport>("/api/model/run", { text: this.text.value });
      if (turn !== this.asked) return;
      this.problems.value = report.ok ? [] : report.problems;
      if (report.ok) this.lastRun.value = report;
    } catch (error) {
      this.problems.value = [{ line: null, column: null, message: messageOf(error) }];
    } finally {
      if (turn === this.asked) this.isWorking.value = false;
    }
  }

  async prove(): Promise<void> {
    this.isWorking.value = true;
    try {
      const report = await postJson<ProofReport>("/api/model/prove", { text: this.text.value });
      this.problems.value = report.problems;
      this.proof.value = report;
    } catch (error) {
      this.problems.value = [{ line: null, column: null, message: messageOf(error) }];
    } finally {
      this.isWorking.value = false;
    }
  }

  link(): string {
    return `${location.origin}/sandbox#${encodeURIComponent(this.text.value)}`;
  }

  /** A link to another scenario may be opened in this very tab. @returns how to stop listening */
  followAddress(): () => void {
    const onChange = () => {
      const text = fromAddress();
      if (text === undefined) return;
      this.write(text);
      void this.run();
    };
    window.addEventListener("hashchange", onChange);
    return () => window.removeEventListener("hashchange", onChange);
  }
}

function fromAddress(): string | undefined {
  const text = location.hash.slice(1);
  if (text === "") return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function kept(): string | undefined {
  try {
    return localStorage.getItem(keptUnder) ?? undefined;
  } catch {
    return undefined;
  }
}
