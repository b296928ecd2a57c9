import { computed, signal } from "@preact/signals";
import type { ScenarioExample, ScenarioReport, TextProblem } from "../../server/services.js";
import { messageOf, postJson } from "../parts/api.js";
import type { Fork } from "../replay/fork.js";
import { readSandboxAddress, type SandboxPlace, sandboxAddress } from "../replay/links.js";
import { ProofSession } from "./proof-session.js";
import { stepRows, withStep } from "./scenario-steps.js";

/** Kept for the next visit, in this browser. */
const keptUnder = "highwater.sandbox";

/** The sandbox in one tab: a scenario text and what the model made of it last. */
export class SandboxSession {
  readonly text = signal("");
  /** Another scenario that is shown beside it, as it was when it was kept. */
  readonly against = signal<string | undefined>(undefined);
  /** The step at which the replay opens; left out, it opens where something was last seen to happen. */
  readonly step = signal<number | undefined>(undefined);
  readonly lastRun = signal<Extract<ScenarioReport, { ok: true }> | undefined>(undefined);
  readonly proof = new ProofSession();
  readonly problems = signal<readonly TextProblem[]>([]);
  readonly isWorking = signal(false);
  readonly rows = computed(() => stepRows(this.text.value));
  private asked = 0;

  constructor(private readonly examples: readonly ScenarioExample[]) {
    const place = readSandboxAddress(location.hash);
    if (place === null) this.text.value = kept() ?? examples[0]?.scenario ?? "";
    else this.take(place);
  }

  write(text: string): void {
    this.text.value = text;
    this.step.value = undefined;
    try {
      localStorage.setItem(keptUnder, text);
    } catch {
      // Storage is switched off; the text lives as long as the tab.
    }
  }

  takeExample(name: string): void {
    const example = this.examples.find((candidate) => candidate.name === name);
    if (example !== undefined) this.showScenario(example.scenario);
  }

  /** Another scenario in place of this one, with nothing beside it. */
  showScenario(text: string): void {
    this.against.value = undefined;
    this.write(text);
    void this.run();
  }

  /** Adds a step behind the last one and runs the whole again. */
  addStep(step: string): void {
    this.write(withStep(this.text.value, step));
    void this.run();
  }

  /** Keeps the scenario as it stands beside whatever is made of it from here on. */
  keepBeside(): void {
    this.against.value = this.text.value;
  }

  compareNoMore(): void {
    this.against.value = undefined;
    void this.run();
  }

  /** Goes another way, with the one that was left beside it. */
  fork({ scenario, original, step }: Fork): void {
    this.against.value = original;
    this.write(scenario);
    this.step.value = step;
    void this.run();
  }

  async run(): Promise<void> {
    const turn = ++this.asked;
    this.isWorking.value = true;
    const { value: text } = this.text;
    const { value: against } = this.against;
    try {
      const report =
        against === undefined || against === text
          ? await postJson<ScenarioReport>("/api/model/run", { text })
          : await postJson<ScenarioReport>("/api/model/compare", { before: against, after: text });
      if (turn !== this.asked) return;
      this.problems.value = report.ok ? [] : report.problems;
      if (report.ok) this.lastRun.value = report;
    } catch (error) {
      this.problems.value = [{ line: null, column: null, message: messageOf(error) }];
    } finally {
      if (turn === this.asked) this.isWorking.value = false;
    }
  }

  link(): string {
    const { value: against } = this.against;
    return `${location.origin}${sandboxAddress("/sandbox", { text: this.text.value, ...(against === undefined ? {} : { against }) })}`;
  }

  /** A link to another scenario may be opened in this very tab. @returns how to stop listening */
  followAddress(): () => void {
    const onChange = () => {
      const place = readSandboxAddress(location.hash);
      if (place === null) return;
      this.take(place);
      void this.run();
    };
    window.addEventListener("hashchange", onChange);
    return () => window.removeEventListener("hashchange", onChange);
  }

  private take({ text, step, against }: SandboxPlace): void {
    this.against.value = against;
    this.write(text);
    this.step.value = step;
  }
}

function kept(): string | undefined {
  try {
    return localStorage.getItem(keptUnder) ?? undefined;
  } catch {
    return undefined;
  }
}
