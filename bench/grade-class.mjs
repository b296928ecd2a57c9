// A class of learners whose answers are what real ones look like: right, wrong in known ways, near these, and a few that no
// honest learner hands in. The same seed gives the same class.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { parse, stringify } from "yaml";

/** Of a hundred answers; what is left is not handed in. */
const SHARES = { solution: 42, wrong: 26, starter: 6, near: 18, commented: 5, hostile: 1 };

const HOSTILE = [
  "a: &a [x]\nb: *a\n",
  "__proto__: { x: 1 }\n",
  `topic: ${"[".repeat(3000)}`,
  "topic:\n\tacks: all\n",
  "producer: { acks: all, acks: 1 }\n",
  "\u0000binary",
  "",
];

/** @returns how many exercises there are */
export function generateClass({ submissions, exercisesFolder, learners, seed }) {
  const random = mulberry32(seed);
  const exercises = readdirSync(exercisesFolder)
    .sort()
    .flatMap((id) => exerciseOf(exercisesFolder, id));
  for (let index = 0; index < learners; index++) {
    const learner = `learner-${String(index).padStart(5, "0")}`;
    const files = exercises.flatMap((exercise) => attemptsAt(exercise, random));
    const form = random(10);
    if (form < 6) for (const { path, text } of files) write(join(submissions, learner, path), text);
    else if (form < 9) write(join(submissions, `${learner}.zip`), archive(files));
    else write(join(submissions, `${learner}.ipynb`), notebook(files, random));
  }
  return { exercises: exercises.length };
}

function exerciseOf(folder, id) {
  const read = (name) => readFileSync(join(folder, id, name), "utf8");
  try {
    const wrongFolder = join(folder, id, "wrong");
    const wrong = listed(wrongFolder).map((name) => readFileSync(join(wrongFolder, name), "utf8"));
    const all = [read("answer.yaml"), read("solution.yaml"), ...wrong];
    return [{ id, starter: all[0], solution: all[1], wrong, values: valuesIn(all.map((text) => parse(text))) }];
  } catch {
    return [];
  }
}

function listed(folder) {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  } catch {
    return [];
  }
}

/** One attempt mostly, a second or third one sometimes. */
function attemptsAt(exercise, random) {
  const count = [1, 1, 1, 1, 1, 1, 1, 2, 2, 3][random(10)];
  return Array.from({ length: count }, (_, index) => {
    const text = answerTo(exercise, random);
    if (text === null) return [];
    const last = index === count - 1;
    const path = last ? `${exercise.id}/answer.yaml` : `attempt-${index + 1}/${exercise.id}/answer.yaml`;
    return [{ id: exercise.id, last, path, text }];
  }).flat();
}

function answerTo({ solution, wrong, starter, values }, random) {
  let share = random(100);
  for (const [kind, size] of Object.entries(SHARES)) {
    share -= size;
    if (share >= 0) continue;
    switch (kind) {
      case "solution":
        return solution;
      case "wrong":
        return wrong[random(wrong.length)] ?? starter;
      case "starter":
        return starter;
      case "near":
        return near(random(2) === 0 ? solution : starter, values, random);
      case "commented":
        return `# ${["mine", "second try", "no idea", "see lesson"][random(4)]} ${random(50)}\n${solution}`;
      case "hostile":
        return HOSTILE[random(HOSTILE.length)];
    }
  }
  return null;
}

/** An answer with one value changed to another that somebody gave there, or to a number beside it; steps change places. */
function near(text, values, random) {
  const answer = parse(text);
  const paths = [...pathsIn(answer)];
  const path = paths[random(paths.length)];
  if (path === undefined) return text;
  const owner = path.slice(0, -1).reduce((part, key) => part[key], answer);
  const key = path.at(-1);
  const value = owner[key];
  const known = values.get(path.map((part) => (typeof part === "number" ? "*" : part)).join(".")) ?? [];
  if (typeof value === "string" && value.includes("\n")) {
    const lines = value.split("\n");
    lines.splice(random(lines.length), 1);
    owner[key] = lines.join("\n");
  } else if (Array.isArray(owner) && random(2) === 0) {
    const other = random(owner.length);
    [owner[key], owner[other]] = [owner[other], owner[key]];
  } else if (typeof value === "number" && random(2) === 0) owner[key] = value + [-1, 1, 2][random(3)];
  else if (known.length > 0) owner[key] = known[random(known.length)];
  return stringify(answer);
}

/** Every value that any answer has at a path; places in lists are one path. */
function valuesIn(answers) {
  const values = new Map();
  for (const answer of answers)
    for (const path of pathsIn(answer)) {
      const name = path.map((part) => (typeof part === "number" ? "*" : part)).join(".");
      const value = path.reduce((part, key) => part[key], answer);
      const known = values.get(name) ?? [];
      if (!known.includes(value)) values.set(name, [...known, value]);
    }
  return values;
}

function* pathsIn(value, path = []) {
  if (path.length === 1 && path[0] === "version") return;
  if (typeof value !== "object" || value === null) {
    if (path.length > 0) yield path;
    return;
  }
  for (const [key, part] of Object.entries(value))
    yield* pathsIn(part, [...path, Array.isArray(value) ? Number(key) : key]);
}

function archive(files) {
  return zipSync(Object.fromEntries(files.map(({ path, text }) => [`work/${path}`, strToU8(text)])), {
    mtime: "2026-01-01",
  });
}

/** Last attempts as cells; some have lost their mark, and they come in any order. */
function notebook(files, random) {
  const cells = files
    .filter(({ last }) => last)
    .map(({ id, text }) => ({
      cell_type: "raw",
      id: `cell-${id}`.slice(0, 64),
      metadata: random(8) === 0 ? {} : { highwater: { exercise: id } },
      source: random(8) === 0 ? `# exercise: ${id}\n${text}` : text,
    }));
  // Fisher and Yates, so that no sort's ways show.
  for (let at = cells.length - 1; at > 0; at--) {
    const other = random(at + 1);
    [cells[at], cells[other]] = [cells[other], cells[at]];
  }
  return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });
}

function write(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Whole numbers below a bound, the same after the same seed. */
function mulberry32(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
