import { actualOf } from "../sim/scenario/actual.js";
import { runScenario } from "../sim/scenario/run-scenario.js";
import { currentMetadata } from "../sim/world.js";
import { noSettings, scenarioFor } from "./configure/build.js";

/**
 * What a README shows of tools and metrics that is not what the run prints: each command of an indented block is compared
 * with the command lines of `given`, each metric with its value at the end. Empty when everything is computed.
 */
export function wronglyShown(readme: string, given: string): readonly string[] {
  const run = runScenario(scenarioFor(given, noSettings), { keepTrace: false });
  const printed = run.toolRuns.map(({ command, output }) =>
    [`$ ${command}`, ...output.text.trimEnd().split("\n")].map(bare).join("\n"),
  );
  const partition = currentMetadata(run.world).partitions[0]?.partition ?? null;
  const blocks = shownBlocks(readme);
  const commands = blocks.filter(([first]) => first?.trim().startsWith("$ ") === true);
  return [
    ...commands
      .filter((block) => !printed.includes(block.map(bare).join("\n")))
      .map((block) => `"${block[0]?.trim()}" does not print this: put the command into given and copy what it prints`),
    ...blocks.flat().flatMap((line): string[] => {
      const [, broker, , name = "", value = ""] =
        /^\s+(?:broker (\d+)|(controller))\s+([A-Z]\w+)\s+(\d+)$/.exec(line) ?? [];
      if (name === "") return [];
      const actual = actualOf(run.world, "metric", `${broker ?? "controller"}/${name}`, partition);
      return actual === value ? [] : [`${line.trim()}: at the end of given it is ${actual}`];
    }),
  ];
}

/** Whether a README shows any output that can be compared. */
export function showsOutputs(readme: string): boolean {
  return shownBlocks(readme).some(
    ([first, ...rest]) =>
      first?.trim().startsWith("$ ") === true ||
      [first, ...rest].some((line) => /^\s+(?:broker \d+|controller)\s+[A-Z]\w+\s+\d+$/.test(line ?? "")),
  );
}

/** The indented blocks of a README, line by line. */
function shownBlocks(readme: string): readonly (readonly string[])[] {
  return readme
    .split(/\n(?! {4}|\n)/)
    .flatMap((part) => part.split("\n\n"))
    .map((part) => part.split("\n").filter((line) => line.startsWith("    ")));
}

/** Tabs and spaces at the ends are lost in editors; topic ids are left out of a README. */
function bare(line: string): string {
  return line
    .replace(/TopicId: \S+\s+/, "")
    .replace(/\s+/g, " ")
    .trim();
}
