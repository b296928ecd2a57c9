import { computed, signal } from "@preact/signals";
import type { ProofReport, ScenarioExample, ScenarioReport, TextProblem } from "../../server/services.js";
import { messageOf, postJson } from "../parts/api.js";

/** Kept for the next visit, in this browser. */
const keptUnder = "highwater.sandbox";
/** Virtual time between the last step of the text and one that is pressed. */
const pressGapMs = 1_000;

/** The sandbox in one tab: a scenario text and what the model made of it last. */
export class SandboxSession {
  readonly text = signal("");
  readonly run_ = signal<Extract<ScenarioReport, { ok: true }> | undefined>(undefined);
  readonly proof = signal<ProofReport | undefined>(undefined);
  readonly problems = signal<readonly TextProblem[]>([]);
  readonly isWorking = signal(false);
  readonly faults = computed(() => faultsOf(this.text.value));
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
    const at = lastTimeMs(this.text.value) + pressGapMs;
    this.write(`${this.text.value.trimEnd()}\nat ${at} ${step}\n`);
    void this.run();
  }

  async run(): Promise<void> {
    const turn = ++this.asked;
    this.isWorking.value = true;
    try {
      const report = await postJson<ScenarioReport>("/api/model/run", { text: this.text.value });
      if (turn !== this.asked) return;
      this.problems.value = report.ok ? [] : report.problems;
      if (report.ok) this.run_.value = report;
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

interface Fault {
  readonly label: string;
  readonly step: string;
}

/** Faults for the brokers the text speaks of. */
function faultsOf(text: string): readonly Fault[] {
  const count = Math.min(9, Number(/\bbrokers=(\d+)/.exec(text)?.[1] ?? 0));
  const brokers = Array.from({ length: count }, (_, index) => index + 1);
  return [
    ...brokers.map((broker) => ({ label: `Crash ${broker}`, step: `crash ${broker}` })),
    ...brokers.map((broker) => ({ label: `Restart ${broker}`, step: `restart ${broker}` })),
  ];
}

/** The latest virtual time the text names, in milliseconds. */
function lastTimeMs(text: string): number {
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, "": 1 };
  const times = [...text.matchAll(/^\s*at\s+(\d+)\s*(ms|s|m)?\b/gm)];
  return Math.max(0, ...times.map(([, amount, unit]) => Number(amount) * (units[unit ?? ""] ?? 1)));
}
