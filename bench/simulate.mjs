// How many steps a second the simulator makes, with a trace and without, and the brokers without a world around them; and how
// much memory a run of 100,000 steps takes. Each measurement has a process of its own.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

/** Steps a second that are aimed at with every rule and without a trace. */
const GOAL = 500_000;

/** What is measured, and how often in one process: the first run warms the compiler up and is told apart. */
const ROWS = [
  { name: "world", label: "world, no trace kept", runs: 9, goal: GOAL },
  { name: "traced", label: "world, trace kept", runs: 5, goal: null },
  { name: "hashed", label: "world, trace kept and hashed", runs: 3, goal: null },
  { name: "brokers", label: "brokers alone", runs: 9, goal: null },
];

const USAGE = `Usage: npm run bench -- simulate [--json] [--only NAME]...
  --only NAME   only this one: ${ROWS.map(({ name }) => name).join(", ")}`;

export async function run(args) {
  const asked = parse(args);
  if (typeof asked === "string") {
    console.error(asked);
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), "highwater-bench-"));
  try {
    const program = join(folder, "simulate-one.mjs");
    await build({
      entryPoints: [fileURLToPath(new URL("simulate-one.ts", import.meta.url))],
      outfile: program,
      bundle: true,
      platform: "node",
      format: "esm",
      logLevel: "error",
    });
    const rows = ROWS.filter(({ name }) => asked.only.includes(name)).map((row) => measure(program, row));
    if (asked.json) console.log(JSON.stringify(rows, null, 2));
    else console.table(Object.fromEntries(rows.map(({ name, ...figures }) => [name, figures])));
    return 0;
  } catch (error) {
    console.error(error.stderr?.toString() || error.message);
    return 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function parse(args) {
  const names = ROWS.map(({ name }) => name);
  try {
    const { values } = parseArgs({
      args,
      options: {
        json: { type: "boolean", default: false },
        only: { type: "string", multiple: true, default: names },
      },
    });
    const unknown = values.only.find((name) => !names.includes(name));
    return unknown === undefined ? values : `Nothing called "${unknown}" is measured.\n${USAGE}`;
  } catch (error) {
    return `${error.message}\n${USAGE}`;
  }
}

/** The median of the warm runs; memory is that of a process which made one run only. */
function measure(program, { name, label, runs, goal }) {
  const { steps, seconds, cpuSeconds } = once(program, name, runs);
  const { peakRssMB, heapMB } = once(program, name, 1);
  return {
    name,
    label,
    steps,
    stepsPerSecond: Math.round(steps / median(seconds.slice(1))),
    stepsPerCpuSecond: Math.round(steps / median(cpuSeconds.slice(1))),
    coldStepsPerSecond: Math.round(steps / seconds[0]),
    goal,
    peakRssMB: Math.round(peakRssMB),
    heapMB: Math.round(heapMB),
  };
}

function median(numbers) {
  return numbers.sort((one, other) => one - other)[Math.floor(numbers.length / 2)];
}

function once(program, name, runs) {
  const args = ["--expose-gc", program, name, String(runs)];
  const output = execFileSync(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 20 });
  return JSON.parse(output.toString());
}
