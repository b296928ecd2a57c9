import { parseScenario } from "../../../lib/sim/scenario/parse.js";
import { runScenario } from "../../../lib/sim/scenario/run-scenario.js";

/** An essay of `test/scenarios`, by file name. */
export interface Essay {
  readonly file: string;
  readonly text: string;
}

/** With a seed links differ in delay and periodic tasks in phase, so more of the model takes part. */
const seeds = [null, 7] as const;

/**
 * A line for each essay and seed: hash of the trace, steps, name. Runs wherever the model does; the same bytes
 * everywhere.
 */
export function essayHashes(essays: readonly Essay[]): string {
  const lines = essays.flatMap(({ file, text }) =>
    seeds.map((seed) => {
      const seeded = seed === null ? text : text.replace(/^cluster/m, `cluster seed=${seed}`);
      const parsed = parseScenario(seeded);
      if (!parsed.ok) return `${file} seed=${seed}: ${parsed.diagnostics.map(({ message }) => message).join("; ")}`;
      const { hash, entries } = runScenario(parsed.scenario);
      return `${hash} ${entries.length} ${file}${seed === null ? "" : ` seed=${seed}`}`;
    }),
  );
  return `${lines.join("\n")}\n`;
}
