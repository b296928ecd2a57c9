import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { answersInFiles, roleOf } from "../classroom/answer-files.js";
import type { ExpectedAnswer } from "../classroom/notebook-answers.js";
import {
  type HandedIn,
  handedInLast,
  printable,
  type Submission,
  type SubmittedFile,
  type SubmittedText,
  unreadable,
} from "../classroom/submission.js";
import { attemptsAt, parseEntries } from "../store-attempts.js";
import { readZip } from "./zip.js";

/** Where the submission of one learner stands. */
export interface SubmissionSource {
  readonly learner: string;
  readonly path: string;
  readonly form: "folder" | "zip" | "notebook" | "link";
}

/** What is above this is no honest submission. Answers are far smaller; notebooks have outputs in them. */
const limits = {
  answerBytes: 1024 * 1024,
  notebookBytes: 16 * 1024 * 1024,
  archiveBytes: 64 * 1024 * 1024,
  /** All that is unpacked or read of one submission. */
  totalBytes: 64 * 1024 * 1024,
  files: 10_000,
  depth: 12,
} as const;

/** The submissions in a folder, in the order of their names: folders, `.zip` and `.ipynb` files. Nothing is opened. */
export function listSubmissions(folder: string, outputFolder: string): readonly SubmissionSource[] {
  const sources = readdirSync(folder, { withFileTypes: true }).flatMap((entry): SubmissionSource[] => {
    const path = join(folder, entry.name);
    if (entry.name.startsWith(".") || entry.name === "__MACOSX" || path === outputFolder) return [];
    const stem = entry.name.replace(/\.(zip|ipynb)$/i, "");
    if (entry.isSymbolicLink()) return [{ learner: stem, path, form: "link" }];
    if (entry.isDirectory()) return [{ learner: entry.name, path, form: "folder" }];
    if (!entry.isFile() || stem === entry.name) return [];
    return [{ learner: stem, path, form: entry.name.toLowerCase().endsWith(".zip") ? "zip" : "notebook" }];
  });
  return sources.sort((one, other) => compare(one.learner, other.learner) || compare(one.path, other.path));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Reads everything that one learner handed in. What cannot be read is told in its place; it never throws over a submission. */
export async function readSubmission(
  sources: readonly SubmissionSource[],
  expected: readonly ExpectedAnswer[],
): Promise<Submission> {
  const exercises = expected.map(({ exercise }) => exercise);
  const learner = sources[0]?.learner ?? "";
  const notes: string[] = [];
  const files = sources.flatMap((source) => filesOf(source, exercises, notes));
  const answers: HandedIn[] = [...answersInFiles(files, exercises)];
  for (const { path, content } of files) {
    const role = roleOf(path, exercises);
    if (role?.role === "notebook") answers.push(...(await notebookAnswers(path, content, expected, role.order, notes)));
    if (role?.role === "attempts") answers.push(...attemptAnswers(path, content, exercises, notes));
  }
  return { learner, answers, notes };
}

async function notebookAnswers(
  path: string,
  content: SubmittedText,
  expected: readonly ExpectedAnswer[],
  order: number,
  notes: string[],
): Promise<readonly HandedIn[]> {
  if (content.kind === "unreadable")
    return expected.map(({ exercise }) => ({ exercise, file: printable(path), content, order }));
  // The TypeScript parser is only loaded where there are notebooks.
  const { answersInNotebook } = await import("../classroom/notebook-answers.js");
  const { answers, repairs } = answersInNotebook(path, content.text, expected, order);
  notes.push(...repairs);
  return answers;
}

/** Answers that `highwater check` noted while the learner worked. Their results are not believed: they are graded again. */
function attemptAnswers(
  path: string,
  content: SubmittedText,
  exercises: readonly string[],
  notes: string[],
): readonly HandedIn[] {
  if (content.kind === "unreadable") {
    notes.push(`${printable(path)}: ${content.problem.what}; the attempts in it do not count`);
    return [];
  }
  const { entries, tornLines } = parseEntries(content.text);
  if (tornLines > 0) notes.push(`${printable(path)}: ${tornLines} lines were not whole and were passed over`);
  return exercises.flatMap((exercise) =>
    attemptsAt(entries, exercise).map(
      ({ answer }, index): HandedIn => ({
        exercise,
        file: `${printable(path)}, attempt ${index + 1}`,
        content: { kind: "text", text: answer },
        order: index + 1,
      }),
    ),
  );
}

function filesOf(source: SubmissionSource, exercises: readonly string[], notes: string[]): readonly SubmittedFile[] {
  switch (source.form) {
    case "folder":
      return filesInFolder(source.path, exercises, notes);
    case "zip":
      return filesInZip(source, exercises, notes);
    case "notebook": {
      const name = `${source.learner}.ipynb`;
      return [{ path: name, content: readText(source.path, printable(name), limits.notebookBytes) }];
    }
    case "link":
      notes.push(`${printable(source.learner)} is a link and was not followed`);
      return [];
  }
}

function filesInFolder(folder: string, exercises: readonly string[], notes: string[]): readonly SubmittedFile[] {
  const files: SubmittedFile[] = [];
  let seen = 0;
  let bytes = 0;
  const walk = (inside: string, depth: number): void => {
    const entries = readdirSync(join(folder, inside), { withFileTypes: true });
    for (const entry of entries.sort((one, other) => compare(one.name, other.name))) {
      if (++seen > limits.files) return;
      const path = inside === "" ? entry.name : `${inside}/${entry.name}`;
      if (entry.isDirectory()) {
        if (depth < limits.depth) walk(path, depth + 1);
        else notes.push(`${printable(path)} lies too deep and was not opened`);
        continue;
      }
      const role = roleOf(path, exercises);
      if (role === null) continue;
      if (entry.isSymbolicLink()) {
        const why = "links are not followed: they may lead anywhere";
        const content = unreadable(printable(path), "it is a link", why, "hand the file itself in");
        files.push({ path, content });
        continue;
      }
      const content = readText(join(folder, path), printable(path), bytesMaxOf(role.role), limits.totalBytes - bytes);
      if (content.kind === "text") bytes += content.text.length;
      files.push({ path, content });
    }
  };
  walk("", 0);
  if (seen > limits.files) notes.push(`there are more than ${limits.files} files; what comes after them was not read`);
  return files;
}

function filesInZip(
  { learner, path }: SubmissionSource,
  exercises: readonly string[],
  notes: string[],
): readonly SubmittedFile[] {
  const name = `${learner}.zip`;
  const refuse = (what: string, why: string): readonly SubmittedFile[] =>
    exercises.map((exercise) => ({
      path: `${exercise}/answer.yaml`,
      content: unreadable(printable(name), what, why, "pack it again, as a plain zip archive"),
    }));
  const read = readBytes(path, printable(name), limits.archiveBytes);
  if (!(read instanceof Uint8Array)) return refuse(read.problem.what, read.problem.why);
  const archive = readZip(read, limits.files);
  if (!archive.ok) return refuse(archive.what, archive.why);
  notes.push(...archive.notes.map((note) => `${printable(name)}: ${printable(note)}`));
  let bytes = 0;
  return archive.entries.flatMap((entry): SubmittedFile[] => {
    const role = roleOf(entry.path, exercises);
    if (role === null) return [];
    const shown = printable(entry.path);
    const bytesMax = Math.min(bytesMaxOf(role.role), limits.totalBytes - bytes);
    if (entry.size > bytesMax) return [{ path: entry.path, content: tooLong(shown, entry.size, bytesMax) }];
    bytes += entry.size;
    const content = entry.read();
    if (!content.ok)
      return [{ path: entry.path, content: unreadable(shown, content.what, content.why, "pack it again") }];
    return [{ path: entry.path, content: decoded(shown, content.bytes) }];
  });
}

function bytesMaxOf(role: "answer" | "notebook" | "attempts"): number {
  return role === "answer" ? limits.answerBytes : limits.notebookBytes;
}

function tooLong(shown: string, size: number, bytesMax: number): SubmittedText {
  return unreadable(
    shown,
    `the file has ${size} bytes`,
    `more than ${bytesMax} are not read`,
    "hand in the answer alone",
  );
}

function readText(path: string, shown: string, fileBytesMax: number, bytesLeft: number = fileBytesMax): SubmittedText {
  const read = readBytes(path, shown, Math.min(fileBytesMax, bytesLeft));
  return read instanceof Uint8Array ? decoded(shown, read) : read;
}

type Unreadable = Extract<SubmittedText, { kind: "unreadable" }>;

/** Never follows a link, never waits for a pipe, never reads more than `bytesMax`. */
function readBytes(path: string, shown: string, bytesMax: number): Buffer | Unreadable {
  const refuse = (what: string, why: string, remedy: string): Unreadable => ({
    kind: "unreadable",
    problem: { file: shown, line: null, column: null, what, why, remedy },
  });
  let file: number | undefined;
  try {
    if (!lstatSync(path).isFile())
      return refuse("it is not a file", "a link or a device stands there", "hand in a file");
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const { size } = fstatSync(file);
    if (size > bytesMax)
      return refuse(`the file has ${size} bytes`, `more than ${bytesMax} are not read`, "hand in the answer alone");
    return readFileSync(file);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    return refuse("it cannot be read", `the system says ${code}`, "hand it in again");
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function decoded(shown: string, bytes: Uint8Array): SubmittedText {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    return unreadable(shown, "the file is UTF-16 text", "answers are UTF-8", "save it again with the encoding UTF-8");
  try {
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return unreadable(
      shown,
      "the file is not UTF-8 text",
      "some of its bytes are no characters",
      "save it again as UTF-8",
    );
  }
}

/** Attempts in the order in which they were made; what is not numbered was handed in last. */
export function inOrder(answers: readonly HandedIn[]): readonly HandedIn[] {
  const sorted = [...answers].sort((one, other) => one.order - other.order);
  const last = sorted.at(-1);
  const before = sorted.at(-2);
  // What `check` noted last and what was handed in are mostly the same answer: one attempt, not two.
  const isSame =
    last?.order === handedInLast &&
    last.content.kind === "text" &&
    before?.content.kind === "text" &&
    before.content.text === last.content.text;
  return isSame ? sorted.slice(0, -2).concat(last) : sorted;
}
