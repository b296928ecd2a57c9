// How fast the explorer counts states whose number is known, and in how much memory. Each run has a process of its own, so
// that peak memory and the compiler's warm-up are its own too, as they are for a command.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

/** Distinct states a second of TLC on Kip320 with two workers on two cores: between 13,000 and 19,000. */
const TLC_DISTINCT_PER_SECOND = 15_000;

const MODELS = ["Kip320", "KafkaTruncateToHighWatermark", "Kip101", "TwoPhaseCommit7", "EightPuzzle"];

const USAGE = `Usage: npm run bench -- explore [--json] [--runs N] [--workers N] [--model NAME]... [--tlc N]
  --runs N      take the median of N runs (3)
  --workers N   on so many threads; without it, the faster of one thread and two
  --model NAME  only this one: ${MODELS.join(", ")}
  --tlc N       distinct states a second that TLC reaches on Kip320 on this machine (${TLC_DISTINCT_PER_SECOND})`;

export async function run(args) {
  const asked = parse(args);
  if (typeof asked === "string") {
    console.error(asked);
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), "highwater-bench-"));
  try {
    const program = join(folder, "explore-one.mjs");
    await build({
      entryPoints: [fileURLToPath(new URL("explore-one.ts", import.meta.url))],
      outfile: program,
      bundle: true,
      platform: "node",
      format: "esm",
      logLevel: "error",
    });
    const rows = asked.models.map((model) => measure(program, model, asked));
    if (asked.json) console.log(JSON.stringify(rows, null, 2));
    else console.table(Object.fromEntries(rows.map(({ model, ...figures }) => [model, figures])));
    return 0;
  } catch (error) {
    console.error(error.stderr?.toString() || error.message);
    return 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function parse(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        json: { type: "boolean", default: false },
        runs: { type: "string", default: "3" },
        workers: { type: "string" },
        model: { type: "string", multiple: true, default: MODELS },
        tlc: { type: "string", default: String(TLC_DISTINCT_PER_SECOND) },
      },
    });
    const wrong = ["runs", "workers", "tlc"].find(
      (name) => values[name] !== undefined && !/^[1-9]\d*$/.test(values[name]),
    );
    if (wrong !== undefined) return `--${wrong} takes a whole number from 1 up, not "${values[wrong]}".\n${USAGE}`;
    const unknown = values.model.find((name) => !MODELS.includes(name));
    if (unknown !== undefined) return `There is no model called "${unknown}".\n${USAGE}`;
    return {
      json: values.json,
      models: values.model,
      runs: Number(values.runs),
      workers: values.workers === undefined ? [1, 2] : [Number(values.workers)],
      tlc: Number(values.tlc),
    };
  } catch (error) {
    return `${error.message}\n${USAGE}`;
  }
}

/** The median run by time on the number of threads that suits the model best, and its speed as a multiple of TLC's. */
function measure(program, model, { runs, workers, tlc }) {
  const [best] = workers.map((count) => median(program, model, count, runs)).sort(bySeconds);
  const { tlcSeconds, seconds, peakRssMB, ...counts } = best;
  const timesTlc = tlcSeconds === undefined ? null : (tlcSeconds * TLC_DISTINCT_PER_SECOND) / tlc / seconds;
  return {
    model,
    ...counts,
    seconds: round(seconds, 3),
    distinctPerSecond: Math.round(counts.distinct / seconds),
    timesTlc: timesTlc === null ? null : round(timesTlc, 1),
    peakRssMB: Math.round(peakRssMB),
  };
}

function median(program, model, workers, runs) {
  const results = Array.from({ length: runs }, () => {
    const output = execFileSync(process.execPath, [program, model, workers], { stdio: ["ignore", "pipe", "pipe"] });
    return { workers, ...JSON.parse(output.toString()) };
  });
  return results.sort(bySeconds)[Math.floor(runs / 2)];
}

function bySeconds(one, other) {
  return one.seconds - other.seconds;
}

function round(value, digits) {
  return Number(value.toFixed(digits));
}
