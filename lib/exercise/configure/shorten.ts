import type { Line, Scenario } from "../../sim/scenario/ast.js";
import { runScenario } from "../../sim/scenario/run-scenario.js";
import type { Require } from "../check-format.js";
import { type Violation, violationOf } from "./require.js";

/**
 * Leaves out of a failing run every line without which it still fails in the same way. Of what remains no single line
 * can be left out.
 */
export function shorten(scenario: Scenario, require: Require, violation: Violation): Scenario {
  let shortest = tidied(scenario);
  for (let at = shortest.lines.length - 1; at >= 0; at--) {
    const line = shortest.lines[at];
    if (line?.type !== "statement" || line.statement.type !== "step") continue;
    for (const lines of shorterBy(shortest.lines, at)) {
      const shorter = { lines };
      if (!failsLikewise(shorter, require, violation)) continue;
      shortest = shorter;
      break;
    }
  }
  return shortest;
}

/** Without the line, or with fewer values to send. */
function shorterBy(lines: readonly Line[], at: number): readonly (readonly Line[])[] {
  const line = lines[at];
  const without = lines.filter((_, index) => index !== at);
  if (line?.type !== "statement" || line.statement.type !== "step" || line.statement.step.type !== "send")
    return [without];
  const { statement } = line;
  const { step } = line.statement;
  if (step.type !== "send" || step.values.length < 2) return [without];
  const single = step.values.map((value): Line[] =>
    lines.map((other, index) =>
      index === at
        ? { ...line, statement: { ...statement, step: { ...step, values: [value], everyMs: null } } }
        : other,
    ),
  );
  return [without, ...single];
}

function failsLikewise(scenario: Scenario, require: Require, violation: Violation): boolean {
  const { world, stopped } = runScenario(scenario, { keepTrace: false });
  return stopped === null && violationOf(world, require)?.kind === violation.kind;
}

/** Without prose and blank lines around steps: what a reader of the counterexample does not need. */
function tidied({ lines }: Scenario): Scenario {
  return { lines: lines.filter((line) => line.type === "statement") };
}
