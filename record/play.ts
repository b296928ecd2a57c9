import { type Scenario, type Statement, type Step, statementsOf, valuesOf } from "../lib/sim/scenario/ast.js";
import { formatStep } from "../lib/sim/scenario/format.js";
import { actionsOf } from "../lib/sim/scenario/resolve-step.js";
import { clusterPlanOf, worldOf } from "../lib/sim/scenario/setup.js";
import type { World } from "../lib/sim/world.js";
import type { RecordedLook, RecordedStep } from "../test/conformance/recording.js";
import type { Answers } from "./answers.js";
import type { Cluster } from "./cluster.js";
import type { Driver } from "./driver.js";
import { type Hands, perform } from "./hands.js";
import type { Observer } from "./look.js";
import type { Relay } from "./relay.js";
import { runTool, type ToolResult } from "./tool.js";

/** A look is taken so long before the next thing is done: what came before has settled, and nothing is under way. */
const lookAheadMs = 600;
const startPatienceMs = 40_000;
const shutdownPatienceMs = 5_000;

type TimedStep = Extract<Statement, { readonly type: "step" }> & { readonly atMs: number };

/** What a run of a scenario is made with. */
export interface Stage {
  readonly scenario: Scenario;
  readonly cluster: Cluster;
  readonly driver: Driver;
  readonly relay: Relay;
  readonly observer: Observer;
  readonly answers: Answers;
  readonly say: (line: string) => void;
}

/**
 * Plays a scenario's steps at its times. Starting a process takes no time in a scenario; here it takes seconds, and all
 * later steps are put off by as much. Before each new time and at the end the cluster is looked at.
 */
export class Player {
  readonly steps: RecordedStep[] = [];
  readonly zeroAt = Date.now();
  readonly #stage: Stage;
  readonly #hands: Hands;
  #shiftMs = 0;

  constructor(stage: Stage, hands: Hands) {
    this.#stage = stage;
    this.#hands = hands;
  }

  async play(): Promise<void> {
    let atMs = 0;
    await this.#look(0);
    for (const { line, statement } of statementsOf(this.#stage.scenario)) {
      if (statement.type === "end" && statement.atMs > atMs) await this.#look(statement.atMs);
      if (statement.type !== "step" || statement.atMs === null) continue;
      // The scenario has no line without a time: it is not stepwise.
      const step = statement as TimedStep;
      if (step.atMs > atMs) await this.#look(step.atMs);
      atMs = Math.max(atMs, step.atMs);
      if (step.step.type !== "expect") await this.#do(step.step, line);
    }
  }

  get #nowMs(): number {
    return Date.now() - this.zeroAt;
  }

  /** Waits for a time of the scenario, looking shortly before it. */
  async #look(atMs: number): Promise<void> {
    await this.#sleepUntil(atMs + this.#shiftMs - lookAheadMs);
    const startedAtMs = this.#nowMs;
    const seen: RecordedLook = await this.#stage.observer.look(this.zeroAt);
    this.#push({ action: "look", atMs: startedAtMs, observedAtMs: this.#nowMs, ...seen });
    await this.#sleepUntil(atMs + this.#shiftMs);
    this.#shiftMs = Math.max(this.#shiftMs, this.#nowMs - atMs);
  }

  async #do(step: Step, line: number): Promise<void> {
    const action = formatStep(step);
    this.#stage.say(`${(this.#nowMs / 1000).toFixed(1).padStart(6)} s  ${action}`);
    const atMs = this.#nowMs;
    const place = { action, line, atMs };
    if (step.type === "send") {
      const send = this.#stage.answers.begin(valuesOf(step.values), this.steps.length);
      this.#push({ ...place, observedAtMs: atMs });
      await this.#hands.send(step, send);
      return;
    }
    if (step.type === "command") {
      const output = await this.#told(() => runTool(this.#stage.driver, this.#bootstrap(), step.text));
      this.#push({ ...place, observedAtMs: this.#nowMs, ...(output === null ? {} : output) });
      return;
    }
    const notes: string[] = [];
    let registeredAtMs: number | undefined;
    for (const one of actionsOf(step, this.#worldNow())) {
      const note = await perform(this.#hands, one).catch((error: Error) => `${error.message}`);
      if (note !== null) notes.push(note);
      if (one.type === "start") registeredAtMs = await this.#started(one.brokerId, atMs);
      if (one.type === "shutdown") await this.#noticed(one.brokerId);
    }
    const found = {
      ...(notes.length === 0 ? {} : { notes }),
      ...(registeredAtMs === undefined ? {} : { registeredAtMs }),
    };
    this.#push({ ...place, observedAtMs: this.#nowMs, ...found });
    // Processes come up and go down in no time in a scenario.
    if (registeredAtMs !== undefined || /^shutdown /.test(action)) this.#shiftMs += this.#nowMs - atMs;
  }

  /** Of the brokers that could answer an operator's tool. */
  #bootstrap(): string {
    const { cluster } = this.#stage;
    const all = clusterPlanOf(this.#stage.scenario).brokers;
    const brokerIds = Array.from({ length: all }, (_, index) => index + 1);
    const answering = brokerIds.filter((id) => cluster.answers(id) && cluster.isInTouch(id));
    return cluster.bootstrapOf(answering.length === 0 ? brokerIds : answering);
  }

  async #told(run: () => Promise<ToolResult>): Promise<Partial<RecordedStep> | null> {
    try {
      return { output: await run() };
    } catch (error) {
      return { notes: [error instanceof Error ? error.message : String(error)] };
    }
  }

  #push(step: Omit<RecordedStep, "step">): void {
    this.steps.push({ step: this.steps.length + 1, ...step });
  }

  /** Waits until the started process serves, or for as long as one can wait for it. When it registered, if it did. */
  async #started(brokerId: number, sinceMs: number): Promise<number | undefined> {
    const { observer } = this.#stage;
    const deadline = this.#nowMs + startPatienceMs;
    let registeredAtMs: number | undefined;
    while (this.#nowMs < deadline) {
      await observer.readMetadata(this.zeroAt);
      const mine = observer.metadata.filter(({ atMs, data }) => data.brokerId === brokerId && atMs >= sinceMs);
      registeredAtMs = mine.find(({ type }) => type === "RegisterBrokerRecord")?.atMs;
      const unfenced = mine.some(({ type, data }) => type === "BrokerRegistrationChangeRecord" && data.fenced === -1);
      if (unfenced) break;
      await this.#sleepUntil(this.#nowMs + 200);
    }
    return registeredAtMs;
  }

  /** Waits until the controller has heard that a broker wants to stop, if it can hear it. */
  async #noticed(brokerId: number): Promise<void> {
    const { observer, cluster } = this.#stage;
    const deadline = this.#nowMs + shutdownPatienceMs;
    while (this.#nowMs < deadline && cluster.isInTouch(brokerId)) {
      await observer.readMetadata(this.zeroAt);
      if (!observer.isActive(brokerId)) return;
      await this.#sleepUntil(this.#nowMs + 50);
    }
  }

  /** The names of the scenario, and the cuts there are now: all that its steps need to know. */
  #worldNow(): World {
    const world = worldOf(this.#stage.scenario);
    return { ...world, network: { ...world.network, cuts: this.#stage.relay.cuts } };
  }

  async #sleepUntil(atMs: number): Promise<void> {
    const restMs = atMs - this.#nowMs;
    if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
  }
}
