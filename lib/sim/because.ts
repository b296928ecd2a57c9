import { configDefinitions, configGroups } from "../kafka/config.js";
import { type Change, type Fact, fact } from "../protocol/fact.js";
import type { NodeName } from "../protocol/ids.js";
import type { TracedChange, TraceEntry } from "./trace.js";
import { clientKinds, factParts } from "./trace-fact.js";

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
  /** A configuration key whose value the rule looked at, as it was written before the run. */
  | { readonly type: "setting"; readonly key: string; readonly of: SettingOwner }
  /** Nothing of the protocol before it: a line of the scenario, a message, or time alone. */
  | { readonly type: "step"; readonly entry: TraceEntry };

/** Whose configuration: that of the topic and client that a change is about, as far as there are such. */
export interface SettingOwner {
  readonly topic: string | null;
  readonly client: NodeName | null;
}

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

/** `minInsyncReplicas` → `min.insync.replicas`: how rules call the values of keys among their numbers. */
const keyByNumber: ReadonlyMap<string, string> = new Map(
  configGroups
    .flatMap((group) => configDefinitions[group])
    .map(({ name }) => [name.replace(/[.-](\w)/g, (_, letter: string) => letter.toUpperCase()), name]),
);

function ownerOf(name: Fact): SettingOwner {
  const { kind, rest } = factParts(name);
  const [client = null] = clientKinds.has(kind) ? rest.split("/") : [];
  const partition = clientKinds.has(kind) ? rest.split("/").slice(1).join("/") : rest;
  return { client, topic: kind === "outcome" ? null : (/^(.+)-\d+/.exec(partition)?.[1] ?? null) };
}

/** Follows causes depth first; what was told once is not told again. */
class ChainBuilder {
  readonly #told = new Set<string>();

  constructor(readonly entries: readonly TraceEntry[]) {}

  chain(entry: TraceEntry, change: TracedChange): Because {
    this.#told.add(`${entry.step} ${change.fact}`);
    const causes = change.because.map((fact, index) => this.#cause(fact, change.causes[index] ?? setupStep));
    return { entry, change, causes: [...causes, ...this.#settings(entry, change), ...this.#origins(entry)] };
  }

  /** Numbers that are values of configuration keys lead to where these were written, or changed while it ran. */
  #settings(entry: TraceEntry, change: TracedChange): readonly Cause[] {
    const of = ownerOf(change.fact);
    return Object.keys(change.numbers).flatMap((name): readonly Cause[] => {
      const key = keyByNumber.get(name);
      if (key === undefined || change.because.some((cause) => cause.endsWith(`/${key}`))) return [];
      const facts = [...(of.topic === null ? [] : [fact.topicConfig(of.topic, key)]), fact.clusterConfig(key)];
      const altered = facts.flatMap((name) => lastChange(this.entries, name, entry.step) ?? [])[0];
      return [
        altered === undefined ? { type: "setting", key, of } : this.#cause(altered.change.fact, altered.entry.step),
      ];
    });
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
      // Between the message and the line that set it off stand steps that only pass it on.
      if (at.line !== null || (at !== entry && at.causedBy === null)) origins.push({ type: "step", entry: at });
      if (at.line !== null || at.causedBy === null) break;
      at = this.entries[at.causedBy];
    }
    return origins;
  }
}
