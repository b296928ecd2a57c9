import { runCommand } from "../../lib/sim/operator/run-command.js";
import { actualOf } from "../../lib/sim/scenario/actual.js";
import { statementsOf } from "../../lib/sim/scenario/ast.js";
import { parseScenario } from "../../lib/sim/scenario/parse.js";
import { Runner } from "../../lib/sim/scenario/runner.js";
import { worldOf } from "../../lib/sim/scenario/setup.js";
import type { World } from "../../lib/sim/world.js";
import { refusals, rulesShown } from "./evidence.js";
import type { Recording } from "./recording.js";
import { type Observation, type Told, translate } from "./translate.js";
import { plain } from "./translate-scenario.js";

/** A field of a recording that the model shows otherwise. */
export interface Difference {
  readonly step: number;
  readonly partition: string;
  /** `leader`, `leo(2)`. */
  readonly field: string;
  readonly recorded: string;
  readonly model: string;
}

/** What came of replaying a recording through the simulated cluster. */
export interface Replay {
  readonly steps: number;
  readonly fields: number;
  readonly differences: readonly Difference[];
  /** The rules that were seen at work on the way (`evidence.ts`). Sorted. */
  readonly rules: readonly string[];
}

function differencesOf(world: World, { step, claims }: Observation): Difference[] {
  return claims.flatMap(({ partition, subject, argument, expected }) => {
    const model =
      subject === "describe" ? describeOf(world, argument ?? "") : actualOf(world, subject, argument, partition);
    const field = argument === null ? subject : `${subject}(${argument})`;
    return model === expected ? [] : [{ step, partition, field, recorded: expected, model }];
  });
}

function describeOf(world: World, topic: string): string {
  return plain(runCommand({ world, ask: () => null }, `kafka-topics --describe --topic ${topic}`).text);
}

/** What operators were told otherwise than by the model's tools and controller. */
function toldOtherwise(runner: Runner, told: ReadonlyMap<number, Told>): Difference[] {
  return [...told].flatMap(([line, { step, text }]) => {
    const runs = runner.toolRuns.filter((run) => run.line === line);
    const said = runs.length === 0 ? null : plain(runs.map(({ output }) => output.text).join(""));
    if ((said ?? "") === (text ?? "")) return [];
    return [{ step, partition: "", field: "told", recorded: text ?? "", model: said ?? "" }];
  });
}

/** Carries out a recording in the simulated cluster and looks, after each step, at all that was recorded of it. */
export function replay(recording: Recording, only?: string): Replay {
  const { text, observations, told = new Map<number, Told>() } = translate(recording, only);
  const parsed = parseScenario(text);
  if (!parsed.ok) throw new Error(`${recording.scenario}: ${JSON.stringify(parsed.diagnostics)}\n${text}`);
  const rules = new Set<string>();
  const differences: Difference[] = [];
  const waiting = [...observations];
  let fields = 0;
  const runner = new Runner(worldOf(parsed.scenario), {
    onStep: (entry, before) => {
      const { world, atMs } = entry;
      for (const rule of rulesShown(entry, before)) rules.add(rule);
      const next = waiting[0];
      if (next !== undefined && next.fromMs <= atMs && atMs < next.toMs) lookAt(world);
    },
  });
  const lookAt = (world: World): void => {
    const next = waiting[0];
    if (next === undefined) return;
    const found = differencesOf(world, next);
    if (found.length > 0 && world.nowMs < next.toMs) return;
    waiting.shift();
    fields += next.claims.length;
    differences.push(...found);
  };
  const lookUntil = (atMs: number): void => {
    for (let next = waiting[0]; next !== undefined && next.toMs < atMs; next = waiting[0]) {
      runner.advanceTo(next.fromMs);
      if (waiting[0] === next) lookAt(runner.world);
      runner.advanceTo(next.toMs);
      if (waiting[0] === next) lookAt(runner.world);
    }
  };
  for (const { line, statement } of statementsOf(parsed.scenario)) {
    if (statement.type === "end") lookUntil(statement.atMs);
    if (statement.type === "step" && statement.atMs !== null) lookUntil(statement.atMs);
    runner.perform(statement, line);
    if (runner.stopped !== null) {
      const { reason, line: at } = runner.stopped;
      throw new Error(`${recording.scenario}, line ${at}: ${reason}\n${text}`);
    }
  }
  lookUntil(Number.POSITIVE_INFINITY);
  fields += told.size;
  const misheard = toldOtherwise(runner, told);
  differences.push(...misheard);
  for (const { step, text: said } of told.values())
    if (!misheard.some((difference) => difference.step === step))
      for (const [rule, pattern] of Object.entries(refusals)) if (pattern.test(said ?? "")) rules.add(rule);
  return { steps: recording.steps.length, fields, differences, rules: [...rules].sort() };
}
