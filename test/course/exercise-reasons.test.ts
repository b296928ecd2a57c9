import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exerciseIds } from "../../lib/exercise/store-course.js";
import { parseScenario } from "../../lib/sim/scenario/parse.js";
import { runScenario } from "../../lib/sim/scenario/run-scenario.js";
import { exerciseOf, exercisesFolder } from "../exercise/course.js";

const chosen = exerciseIds(exercisesFolder).flatMap((id) => {
  const { exercise } = exerciseOf(id);
  return exercise.kind === "choose" ? [{ id, exercise }] : [];
});

describe("each option of a question is right or wrong for a reason that was run", () => {
  it.each(chosen.map((each) => [each.id, each] as const))("%s", (id, { exercise }) => {
    const folder = join(exercisesFolder, id, "reasons");
    const wanted = exercise.requirements.flatMap(({ fields }) =>
      Object.entries(fields).flatMap(([field, { options }]) =>
        Object.keys(options).map((option) => `${field}.${option}.scenario`),
      ),
    );
    expect(existsSync(folder) ? readdirSync(folder).sort() : []).toEqual(wanted.sort());
    for (const name of wanted) {
      const parsed = parseScenario(readFileSync(join(folder, name), "utf8"));
      expect(parsed.ok ? [] : parsed.diagnostics, name).toEqual([]);
      if (!parsed.ok) continue;
      const run = runScenario(parsed.scenario, { keepTrace: false });
      expect(run.stopped, name).toBeNull();
      expect(run.failures, name).toEqual([]);
      expect(run.claims, name).toBeGreaterThan(0);
    }
  });
});
