import { describe, expect, it } from "vitest";
import { exerciseIds, readExerciseFiles } from "../../lib/exercise/store-course.js";
import { actualOf } from "../../lib/sim/scenario/actual.js";
import { parseScenario } from "../../lib/sim/scenario/parse.js";
import { runScenario } from "../../lib/sim/scenario/run-scenario.js";
import { exerciseOf, exercisesFolder } from "../exercise/course.js";

/** Tabs and spaces at the ends are lost in editors; topic ids are left out of a README. */
function bare(line: string): string {
  return line
    .replace(/TopicId: \S+\s+/, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** The indented blocks of a README, line by line. */
function shownBlocks(readme: string): readonly (readonly string[])[] {
  return readme
    .split(/\n(?! {4}|\n)/)
    .flatMap((part) => part.split("\n\n"))
    .map((part) => part.split("\n").filter((line) => line.startsWith("    ")));
}

const shown = exerciseIds(exercisesFolder).flatMap((id) => {
  const exercise = exerciseOf(id);
  const readme = readExerciseFiles(exercise).readme ?? "";
  const blocks = shownBlocks(readme);
  const commands = blocks.filter(([first]) => first?.trim().startsWith("$ ") === true);
  const metrics = blocks.flat().flatMap((line) => {
    const match = /^\s+(?:broker (\d+)|(controller))\s+([A-Z]\w+)\s+(\d+)$/.exec(line);
    return match === null ? [] : [{ node: match[1] ?? "controller", name: match[3] ?? "", value: match[4] ?? "" }];
  });
  const given = "given" in exercise.exercise ? exercise.exercise.given : "";
  return exercise.exercise.kind === "diagnose" ? [{ id, given, commands, metrics }] : [];
});

describe("what an exercise shows of tools and metrics is what its run gives", () => {
  it.each(shown.map((each) => [each.id, each] as const))("%s", (_id, { given, commands, metrics }) => {
    expect(commands.length + metrics.length).toBeGreaterThan(0);
    const parsed = parseScenario(given);
    if (!parsed.ok) throw new Error(parsed.diagnostics[0].message);
    const run = runScenario(parsed.scenario, { keepTrace: false });
    expect(run.stopped).toBeNull();
    const printed = run.toolRuns.map(({ command, output }) =>
      [`$ ${command}`, ...output.text.trimEnd().split("\n")].map(bare),
    );
    for (const block of commands) expect(printed).toContainEqual(block.map(bare));
    for (const { node, name, value } of metrics)
      expect(`${node} ${name} ${actualOf(run.world, "metric", `${node}/${name}`, "orders-0")}`).toBe(
        `${node} ${name} ${value}`,
      );
  });
});
