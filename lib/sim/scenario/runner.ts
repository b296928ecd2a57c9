import { invariant } from "../../core/assert.js";
import type { ToolOutput } from "../../kafka/admin/output.js";
import type { AdminAnswer } from "../../protocol/controller/admin-answer.js";
import type { AdminCommand } from "../../protocol/controller/event.js";
import type { Action } from "../action.js";
import { CauseRecorder } from "../because.js";
import { atTime, earliest } from "../engine.js";
import { next } from "../next.js";
import { runCommand } from "../operator/run-command.js";
import { quietSteps } from "../quiet-steps.js";
import type { TraceEntry } from "../trace.js";
import type { World } from "../world.js";
import { formatAction } from "./action-text.js";
import { type Statement, type Step, valuesOf } from "./ast.js";
import { type ExpectationFailure, unmetClaims } from "./expectation.js";
import { whyImpossible } from "./possible.js";
import { actionsOf, onlyPartition } from "./resolve-step.js";

/** Why a run ended before its scenario did. */
export interface Stopped {
  /** `impossible`: a line asked for what cannot happen. `budget`: too many steps. */
  readonly kind: "impossible" | "budget";
  /** Null: no line asked for what could not go on. */
  readonly line: number | null;
  readonly atMs: number;
  readonly reason: string;
  readonly hint: string | null;
}

/** A command line that was run and what the tool printed, or an operator's verb that the controller refused. */
export interface ToolRun {
  readonly kind: "command" | "verb";
  readonly line: number;
  readonly atMs: number;
  /** The words after the `$`, or the verb. */
  readonly command: string;
  readonly output: ToolOutput;
}

export interface RunnerOptions {
  /** More steps than this, and the run stops: a scenario that never comes to rest. */
  readonly maxSteps?: number;
  /**
   * Told each step as it is made, with the world before it. Without it nothing is explained and no causes are noted: a
   * fork that listens later knows of no causes before it.
   */
  readonly onStep?: (entry: TraceEntry, before: World) => void;
}

interface Planned {
  readonly atMs: number;
  readonly line: number;
  readonly action: Action;
}

/** A step without a trace leaves nothing behind; one with a trace about two kilobytes. */
const maxStepsDefault = 5_000_000;

/**
 * Carries out statements one after the other. Time only moves forward: before a statement at a time, everything that is
 * due up to and including that time happens, except what earlier statements of the same time have just set off.
 */
export class Runner {
  readonly failures: ExpectationFailure[] = [];
  readonly toolRuns: ToolRun[] = [];
  /** For each line that was carried out, the number of the first step that happened from it on. */
  readonly marks: { readonly line: number; readonly step: number }[] = [];
  #world: World;
  #stopped: Stopped | null = null;
  #claims = 0;
  /** Sends of an interval that are still to come, in order of time, then of lines. */
  #planned: readonly Planned[] = [];
  /** How many of them have gone. */
  #plannedGone = 0;
  readonly #causes: CauseRecorder;
  readonly #maxSteps: number;
  readonly #onStep: RunnerOptions["onStep"];

  constructor(world: World, options: RunnerOptions = {}, causes = new CauseRecorder()) {
    this.#world = world;
    this.#causes = causes;
    this.#maxSteps = options.maxSteps ?? maxStepsDefault;
    this.#onStep = options.onStep;
  }

  get world(): World {
    return this.#world;
  }

  get stopped(): Stopped | null {
    return this.#stopped;
  }

  /** How many claims have been looked at. */
  get claims(): number {
    return this.#claims;
  }

  /** A second runner that goes on from here by itself. */
  fork(options: RunnerOptions = {}): Runner {
    const fork = new Runner(this.#world, options, this.#causes.copy());
    fork.#planned = this.#planned;
    fork.#plannedGone = this.#plannedGone;
    return fork;
  }

  /** Carries out one statement; those of the set-up have taken effect before. Does nothing once the run has stopped. */
  perform(statement: Statement, line: number): void {
    if (this.#stopped !== null) return;
    if (statement.type === "end") {
      this.advanceTo(statement.atMs);
      this.#mark(line);
    }
    if (statement.type !== "step") return;
    if (statement.atMs !== null) this.advanceTo(statement.atMs);
    this.#mark(line);
    this.#perform(statement.step, line);
  }

  /** Forgets that a line asked for what cannot happen, for those who can ask for something else instead. */
  goOn(): void {
    if (this.#stopped?.kind === "impossible") this.#stopped = null;
  }

  /** After the last statement: sends of an interval that are still to come. */
  finish(): void {
    const last = this.#planned.at(-1);
    if (last !== undefined) this.advanceTo(last.atMs);
  }

  /** Lets everything happen that is due up to and including `toMs`. */
  advanceTo(toMs: number): void {
    if (toMs <= this.#world.nowMs) return;
    for (;;) {
      const first = this.#planned[this.#plannedGone];
      if (first === undefined || first.atMs > toMs) break;
      this.#plannedGone++;
      this.#settle(first.atMs);
      this.#act(first.action, first.line);
    }
    this.#settle(toMs);
  }

  #mark(line: number): void {
    this.marks.push({ line, step: this.#world.steps });
  }

  #settle(untilMs: number): void {
    while (this.#stopped === null) {
      const due = earliest(this.#world);
      if (due === null || due.dueMs > untilMs) break;
      this.#world = atTime(this.#world, due.dueMs);
      this.#step(due.action, null);
    }
    if (this.#stopped === null) this.#world = atTime(this.#world, untilMs);
  }

  #perform(step: Step, line: number): void {
    switch (step.type) {
      case "expect":
        this.#claims += step.claims.length;
        this.failures.push(...unmetClaims(this.#world, line, step));
        return;
      case "command": {
        const { nowMs: atMs } = this.#world;
        this.toolRuns.push({ kind: "command", line, atMs, command: step.text, output: this.#shell(step.text, line) });
        return;
      }
      case "send":
        if (step.everyMs !== null) return this.#plan(step, line, step.everyMs);
    }
    for (const action of actionsOf(step, this.#world)) {
      const complaint = complaintOf(this.#act(action, line));
      if (complaint === null) continue;
      const output = { text: `${complaint}\n`, exitStatus: 1 } as const;
      this.toolRuns.push({ kind: "verb", line, atMs: this.#world.nowMs, command: formatAction(action), output });
    }
  }

  #shell(command: string, line: number): ToolOutput {
    const world = (): World => this.#world;
    const desk = {
      get world() {
        return world();
      },
      ask: (asked: AdminCommand): AdminAnswer | null => this.#act({ type: "admin", command: asked }, line),
    };
    return runCommand(desk, command);
  }

  /** The first record goes out now, the others one interval after another. */
  #plan(step: Extract<Step, { readonly type: "send" }>, line: number, everyMs: number): void {
    const partition = step.partition ?? onlyPartition(this.#world);
    const { nowMs } = this.#world;
    const sends = valuesOf(step.values).map((value, index) => ({
      atMs: nowMs + index * everyMs,
      line,
      action: { type: "send", producer: step.producer, partition, values: [value] } as const,
    }));
    const [first, ...later] = sends;
    invariant(first !== undefined, "a send has at least one value");
    // A stable sort: sends of the same time stay in the order of their lines.
    this.#planned = [...this.#planned.slice(this.#plannedGone), ...later].sort((a, b) => a.atMs - b.atMs);
    this.#plannedGone = 0;
    this.#act(first.action, line);
  }

  #act(action: Action, line: number): AdminAnswer | null {
    if (this.#stopped !== null) return null;
    const impossible = whyImpossible(this.#world, action);
    if (impossible === null) return this.#step(action, line);
    this.#stopped = { kind: "impossible", line, atMs: this.#world.nowMs, ...impossible };
    return null;
  }

  #step(action: Action, line: number | null): AdminAnswer | null {
    const before = this.#world;
    if (before.steps >= this.#maxSteps) {
      const reason = `the run has made ${this.#maxSteps} steps without coming to its end; the next is ${formatAction(action)}`;
      this.#stopped = { kind: "budget", line, atMs: before.nowMs, reason, hint: null };
      return null;
    }
    if (this.#onStep === undefined) {
      const { world, answer } = next(before, action, quietSteps);
      this.#world = world;
      return answer;
    }
    const result = next(before, action);
    this.#world = result.world;
    const changes = this.#causes.record(before.steps, result.changes);
    this.#onStep(
      {
        step: before.steps,
        atMs: before.nowMs,
        action,
        causedBy: result.causedBy,
        line,
        changes,
        sent: result.sent,
        world: result.world,
      },
      before,
    );
    return result.answer;
  }
}

/** What the controller did not do of what it was asked, in its own words; null where it did everything. */
function complaintOf(answer: AdminAnswer | null): string | null {
  if (answer === null) return null;
  if (answer.type === "refused") return `${answer.error}: ${answer.message}`;
  if (answer.type !== "elected" && answer.type !== "reassigned") return null;
  const failed = answer.results.filter(({ error }) => error !== "NONE");
  return failed.length === 0
    ? null
    : failed.map(({ partition, error, message }) => `${partition}: ${error}: ${message}`).join("\n");
}
