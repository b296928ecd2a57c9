import type { TraceEntry } from "../trace.js";
import { traceHash } from "../trace-hash.js";
import type { World } from "../world.js";
import { type Line, type Scenario, statementsOf } from "./ast.js";
import { claimedNow } from "./expectation.js";
import { formatScenario } from "./format.js";
import { formatDuration } from "./line-reader.js";
import { ScenarioParser } from "./parse.js";
import { Runner } from "./runner.js";
import { worldOf } from "./setup.js";

/** A line that cannot be: what was asked, why not, and what would do. */
export class ScenarioError extends Error {
  override readonly name = "ScenarioError";
}

/**
 * A scenario that is written and carried out at the same time, line by line. Reading and running `text` from the
 * beginning gives the same steps.
 */
export class Session {
  #parser = new ScenarioParser();
  #lines: readonly Line[] = [];
  #source: readonly string[] = [];
  #entries: TraceEntry[] = [];
  /** Made by the first line that is not of the head. */
  #started: { readonly start: World; readonly runner: Runner } | null = null;

  /** A session that goes on from here by itself. */
  fork(): Session {
    const fork = new Session();
    for (const line of this.#source) fork.#parser.readLine(line);
    fork.#lines = this.#lines;
    fork.#source = this.#source;
    fork.#entries = [...this.#entries];
    if (this.#started !== null)
      fork.#started = { start: this.#started.start, runner: this.#started.runner.fork({ onStep: fork.#record }) };
    return fork;
  }

  /** Adds a line to the head. @throws ScenarioError when it cannot be, or when the cluster is running already */
  setUp(text: string): void {
    if (this.#started !== null) throw new ScenarioError(`"${text}" comes too late: the cluster is running already`);
    this.#read(text);
  }

  /**
   * Does a step now. A step that cannot be leaves everything as it was.
   *
   * @throws ScenarioError when it cannot be, or when it expects what is not so
   */
  step(text: string): void {
    const { runner } = this.#running();
    const failuresBefore = runner.failures.length;
    const [lines, source] = [this.#lines, this.#source];
    const line = this.#read(`at ${formatDuration(this.nowMs)} ${text}`);
    if (line.type === "statement") runner.perform(line.statement, this.#lines.length);
    const problem = this.#unmet(failuresBefore) ?? this.#stopped();
    if (problem === null) return;
    [this.#lines, this.#source] = [lines, source];
    runner.goOn();
    throw new ScenarioError(problem);
  }

  /** Lets everything happen that is due up to and including this time. */
  advanceTo(atMs: number): void {
    if (atMs < this.nowMs)
      throw new ScenarioError(`it is ${formatDuration(this.nowMs)} already: time only moves forward`);
    this.#running().runner.advanceTo(atMs);
    const problem = this.#stopped();
    if (problem !== null) throw new ScenarioError(problem);
  }

  /** What a subject of `expect` is worth now, as a claim writes it. Leaves no line. @throws ScenarioError */
  valueOf(subject: string): string {
    const result = this.#parser.readLine(`at ${formatDuration(this.nowMs)} expect ${subject}=-`);
    if (!result.ok) throw new ScenarioError(result.problem.message);
    const { line } = result;
    const step = line.type === "statement" && line.statement.type === "step" ? line.statement.step : null;
    const claim = step?.type === "expect" ? step.claims[0] : undefined;
    if (step?.type !== "expect" || claim === undefined || step.claims.length > 1)
      throw new ScenarioError(`"${subject}" is not one subject, such as leader or hw(1)`);
    return claimedNow(this.world, claim, step.partition);
  }

  get nowMs(): number {
    return this.world.nowMs;
  }

  get world(): World {
    return this.#running().runner.world;
  }

  /** The cluster before the first step. */
  get start(): World {
    return this.#running().start;
  }

  get entries(): readonly TraceEntry[] {
    return this.#entries;
  }

  /** The names of the head, for verbs that choose among them. */
  get names(): ScenarioParser["names"] {
    return this.#parser.names;
  }

  /** What the last command line printed. */
  get lastOutput(): string {
    return this.#running().runner.toolRuns.at(-1)?.output.text ?? "";
  }

  /** The scenario so far, up to now. */
  get scenario(): Scenario {
    const last = statementsOf({ lines: this.#lines }).at(-1)?.statement;
    const reachedMs = last?.type === "step" ? (last.atMs ?? 0) : 0;
    if (this.#started === null || this.nowMs <= reachedMs) return { lines: this.#lines };
    const end: Line = { type: "statement", statement: { type: "end", atMs: this.nowMs }, comment: null };
    return { lines: [...this.#lines, end] };
  }

  get text(): string {
    return formatScenario(this.scenario);
  }

  /** SHA-256 of the trace so far. */
  get hash(): string {
    return traceHash(this.start, this.#entries);
  }

  #running(): { readonly start: World; readonly runner: Runner } {
    if (this.#started === null) {
      const start = worldOf({ lines: this.#lines });
      this.#started = { start, runner: new Runner(start, { onStep: this.#record }) };
    }
    return this.#started;
  }

  readonly #record = (entry: TraceEntry): void => {
    this.#entries.push(entry);
  };

  #read(text: string): Line {
    const result = this.#parser.readLine(text);
    if (!result.ok) {
      const { message, hint } = result.problem;
      throw new ScenarioError(`"${text}": ${message}${hint === null ? "" : ` (${hint})`}`);
    }
    this.#lines = [...this.#lines, result.line];
    this.#source = [...this.#source, text];
    return result.line;
  }

  #unmet(failuresBefore: number): string | null {
    const failure = this.#running().runner.failures[failuresBefore];
    return failure === undefined ? null : `expected ${failure.claim}, but it is ${failure.actual}`;
  }

  #stopped(): string | null {
    const stopped = this.#started?.runner.stopped ?? null;
    if (stopped === null) return null;
    return stopped.hint === null ? stopped.reason : `${stopped.reason} (${stopped.hint})`;
  }
}
