// How fast a class is graded: generated learners with answers to every exercise, graded by the command itself, once in one go
// and once killed half-way and resumed. Needs `npm run build`.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { generateClass } from "./grade-class.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const program = join(root, "lib/bin/highwater.js");

const USAGE = `Usage: npm run bench -- grade [--json] [--learners N] [--jobs N] [--seed N]
  --learners N  how many hand something in (1000)
  --jobs N      answers graded at a time (one a core)
  --seed N      for the generated answers (1)`;

export async function run(args) {
  const { values } = parseArgs({
    args,
    options: {
      json: { type: "boolean", default: false },
      learners: { type: "string", default: "1000" },
      jobs: { type: "string", default: String(cpus().length) },
      seed: { type: "string", default: "1" },
    },
    strict: false,
  });
  const [learners, jobs, seed] = [values.learners, values.jobs, values.seed].map(Number);
  if (![learners, jobs].every((value) => Number.isInteger(value) && value > 0) || !Number.isInteger(seed)) {
    console.error(USAGE);
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), "highwater-bench-"));
  try {
    const submissions = join(folder, "submissions");
    mkdirSync(submissions);
    const made = generateClass({ submissions, exercisesFolder: join(root, "exercises"), learners, seed });
    const whole = await grade(submissions, join(folder, "whole"), jobs);
    const again = await grade(submissions, join(folder, "whole"), jobs);
    const half = await killHalfWay(submissions, join(folder, "killed"), jobs, whole.statistics.graded);
    const resumed = await grade(submissions, join(folder, "killed"), jobs);
    const sameBytes = ["grades.csv", "junit.xml", "items.json"].every((name) =>
      readFileSync(join(folder, "whole", name)).equals(readFileSync(join(folder, "killed", name))),
    );
    const { answers, distinct, graded, remembered, peakKb } = whole.statistics;
    const report = {
      version: 1,
      machine: { cores: cpus().length, load: Math.round(loadavg()[0] * 10) / 10, node: process.version },
      learners,
      exercises: made.exercises,
      jobs,
      answers,
      distinct,
      graded,
      // Answers whose verdict another one had already: the same text, or the same values in another layout.
      cacheHits: answers - graded,
      wallSeconds: round(whole.seconds),
      verdictsPerSecond: round(answers / whole.seconds),
      computedPerSecond: round(graded / whole.seconds),
      msPerSubmission: round((1000 * whole.seconds) / answers),
      peakMB: Math.round((whole.peakKb + jobs * peakKb) / 1024),
      peakMainMB: Math.round(whole.peakKb / 1024),
      peakProcessMB: Math.round(peakKb / 1024),
      secondRunSeconds: round(again.seconds),
      killedAfter: half,
      resumed: { graded: resumed.statistics.graded, remembered: resumed.statistics.remembered },
      // Those that were under way when the kill came have to be graded again; each other one was graded once.
      gradedTwice: half + resumed.statistics.graded - graded,
      sameBytes,
    };
    console.log(values.json ? JSON.stringify(report, null, 2) : table(report, remembered));
    return sameBytes && report.gradedTwice === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs the command to its end; its own peak memory is read from the system where that tells it. */
async function grade(submissions, out, jobs) {
  const startMs = performance.now();
  const { child, ended } = start(submissions, out, jobs);
  let peakKb = 0;
  const watch = setInterval(() => {
    peakKb = Math.max(peakKb, residentPeakKb(child.pid));
  }, 200);
  const { code, out: said, err } = await ended;
  clearInterval(watch);
  if (code !== 0) throw new Error(`highwater grade ended with ${code}: ${err}`);
  return { seconds: (performance.now() - startMs) / 1000, peakKb, statistics: JSON.parse(said).statistics };
}

/** Kills a run as soon as half of the verdicts are in its journal, and says how many are. */
async function killHalfWay(submissions, out, jobs, verdicts) {
  const { child, ended } = start(submissions, out, jobs);
  const journal = join(out, "verdicts.jsonl");
  const written = () => (existsSync(journal) && statSync(journal).size > 0 ? linesIn(journal) : 0);
  while (written() < verdicts / 2 && child.exitCode === null) await new Promise((done) => setTimeout(done, 50));
  child.kill("SIGKILL");
  await ended;
  return written();
}

function linesIn(path) {
  return readFileSync(path, "latin1").split("\n").length - 1;
}

function start(submissions, out, jobs) {
  const argv = [program, "grade", submissions, "--out", out, "--json", "--jobs", String(jobs)];
  const child = spawn(process.execPath, argv, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const texts = { out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    texts.out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    texts.err += chunk;
  });
  const ended = new Promise((done) => child.on("close", (code) => done({ code, ...texts })));
  return { child, ended };
}

function residentPeakKb(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function round(value) {
  return Math.round(value * 10) / 10;
}

function table(report) {
  const width = Math.max(...Object.keys(report).map((name) => name.length));
  return Object.entries(report)
    .map(([name, value]) => `${name.padEnd(width)}  ${typeof value === "object" ? JSON.stringify(value) : value}`)
    .join("\n");
}
