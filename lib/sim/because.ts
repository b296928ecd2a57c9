import type { Change, Fact } from "../protocol/fact.js";
import type { TracedChange, TraceEntry } from "./trace.js";

/** Step of everything that the set-up made. */
export const setupStep = -1;

/**
 * Remembers the step at which each fact changed last, and so finds the steps that led to a change. One lives beside each
 * run.
 */
export class CauseRecorder {
  readonly #lastStep: Map<Fact, number>;

  constructor(lastStep: ReadonlyMap<Fact, number> = new Map()) {
    this.#lastStep = new Map(lastStep);
  }

  /**
   * The changes of one step with their causes. They are taken in order: a change may follow from an earlier one of the
   * same step.
   */
  record(step: number, changes: readonly Change[]): readonly TracedChange[] {
    return changes.map((change) => {
      const causes = change.because.map((fact) => this.#lastStep.get(fact) ?? setupStep);
      this.#lastStep.set(change.fact, step);
      return { ...change, causes };
    });
  }

  copy(): CauseRecorder {
    return new CauseRecorder(this.#lastStep);
  }
}

/** A change in a chain of causes, with what it followed from. */
export interface Because {
  readonly entry: TraceEntry;
  readonly change: TracedChange;
  readonly causes: readonly Cause[];
}

export type Cause =
  | { readonly type: "change"; readonly because: Because }
  /** Told above in the same chain. */
  | { readonly type: "told"; readonly fact: Fact; readonly step: number }
  /** As the cluster was set up: nothing in the run has changed it. */
  | { readonly type: "setup"; readonly fact: Fact }
  /** Nothing of the protocol before it: a line of the scenario, a message, or time alone. */
  | { readonly type: "step"; readonly entry: TraceEntry };

/** Deeper chains end in "told": more than a reader follows. */
const changesMax = 60;

/**
 * Why a fact has the value it has at the end of step `untilStep`: the last change of it, and what led to that, back to
 * lines of the scenario and to the set-up. Null when nothing in these steps has changed it.
 *
 * @param entries all steps of a run, from step 0 on
 */
export function becauseOf(entries: readonly TraceEntry[], fact: Fact, untilStep: number): Because | null {
  const found = lastChange(entries, fact, untilStep);
  return found === null ? null : new ChainBuilder(entries).chain(found.entry, found.change);
}

/** The latest change of a fact in the steps up to and including `untilStep`. */
export function lastChange(
  entries: readonly TraceEntry[],
  fact: Fact,
  untilStep: number,
): { readonly entry: TraceEntry; readonly change: TracedChange } | null {
  for (let step = Math.min(untilStep, entries.length - 1); step >= 0; step--) {
    const entry = entries[step];
    const change = entry?.changes.findLast((candidate) => candidate.fact === fact);
    if (entry !== undefined && change !== undefined) return { entry, change };
  }
  return null;
}

/** Follows causes depth first; what was told once is not told again. */
class ChainBuilder {
  readonly #told = new Set<string>();

  constructor(readonly entries: readonly TraceEntry[]) {}

  chain(entry: TraceEntry, change: TracedChange): Because {
    this.#told.add(`${entry.step} ${change.fact}`);
    const causes = change.because.map((fact, index) => this.#cause(fact, change.causes[index] ?? setupStep));
    return { entry, change, causes: [...causes, ...this.#origins(entry)] };
  }

  #cause(fact: Fact, step: number): Cause {
    const entry = this.entries[step];
    const change = entry?.changes.findLast((candidate) => candidate.fact === fact);
    if (entry === undefined || change === undefined) return { type: "setup", fact };
    if (this.#told.has(`${step} ${fact}`) || this.#told.size >= changesMax) return { type: "told", fact, step };
    return { type: "change", because: this.chain(entry, change) };
  }

  /** The line that asked for the step, or the step that sent the message it delivered, back to a line. */
  #origins(entry: TraceEntry): readonly Cause[] {
    const origins: Cause[] = [];
    for (let at: TraceEntry | undefined = entry; at !== undefined; ) {
      const key = `step ${at.step}`;
      if (this.#told.has(key)) break;
      this.#told.add(key);
      if (at !== entry || at.line !== null) origins.push({ type: "step", entry: at });
      if (at.line !== null || at.causedBy === null) break;
      at = this.entries[at.causedBy];
    }
    return origins;
  }
}
