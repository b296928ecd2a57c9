import { z } from "zod";
import { readYaml } from "../yaml-text.js";
import { checkCalls } from "./data-literal.js";
import { type HandedIn, printable, type SubmittedText, unreadable } from "./submission.js";

/** What a notebook's answer cells are looked up by: each exercise with the answer that learners began from. */
export interface ExpectedAnswer {
  readonly exercise: string;
  readonly starter: string | null;
}

export interface NotebookAnswers {
  readonly answers: readonly HandedIn[];
  /** How cells were found that had lost their mark, and which were passed over. */
  readonly repairs: readonly string[];
}

const cellSchema = z.object({
  cell_type: z.string(),
  id: z.string().optional().catch(undefined),
  source: z.union([z.string(), z.array(z.string()).transform((lines) => lines.join(""))]).catch(""),
  metadata: z
    .object({ highwater: z.object({ exercise: z.string() }) })
    .optional()
    .catch(undefined),
});
/** Read leniently: a submission is graded as it is, cells with one id twice included, which an editor would mend first. */
const notebookSchema = z.object({ cells: z.array(cellSchema.nullable().catch(null)) });
type Cell = z.infer<typeof cellSchema>;

/** An answer found in a cell. */
interface Found {
  readonly exercise: string;
  /** 1-based, in the notebook as it was handed in. */
  readonly cell: number;
  readonly by: "id" | "name" | "fingerprint";
  readonly content: SubmittedText;
}

const cellsMax = 5_000;
const charactersMax = 64 * 1024;
/** Of all keys that a cell and a starter have, so many in a hundred must be common to both. */
const alikeMin = 50;

/**
 * The answers in a notebook. A cell belongs to an exercise by its mark (`metadata.highwater.exercise`, or the id `answer-<exercise>`),
 * else by the name it gives itself (`check("<exercise>", {…})` or a first line `# exercise: <exercise>`), else by the keys that
 * its answer has. Order and number of cells do not matter; where two answer the same exercise, the last that is no
 * untouched starter counts.
 */
export function answersInNotebook(
  file: string,
  source: string,
  expected: readonly ExpectedAnswer[],
  order: number,
): NotebookAnswers {
  const shown = printable(file);
  const refused = (what: string, why: string, remedy: string): NotebookAnswers => ({
    answers: expected.map(({ exercise }) => ({
      exercise,
      file: shown,
      content: unreadable(shown, what, why, remedy),
      order,
    })),
    repairs: [],
  });
  let json: unknown;
  try {
    json = JSON.parse(source.replace(/^\uFEFF/, ""));
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof RangeError)) throw error;
    return refused("the notebook is not JSON", "it cannot be opened", "restore it from a copy and hand it in again");
  }
  const read = notebookSchema.safeParse(json);
  if (!read.success)
    return refused("the file is no notebook", "it has no list of cells", "save it as a notebook (nbformat 4)");
  if (read.data.cells.length > cellsMax)
    return refused(
      `the notebook has ${read.data.cells.length} cells`,
      `${cellsMax} are read`,
      "delete what is not needed",
    );
  const found = read.data.cells.flatMap((cell, index) =>
    cell === null ? [] : foundIn(cell, index + 1, shown, expected),
  );
  const repairs = found.flatMap(({ by, cell, exercise }) =>
    by === "id"
      ? []
      : by === "name"
        ? [`${shown}: cell ${cell} has lost its mark; it names ${exercise} and was taken for its answer`]
        : [
            `${shown}: cell ${cell} has lost its mark; its keys are those of ${exercise}, so it was taken for its answer`,
          ],
  );
  const answers = expected.flatMap(({ exercise, starter }): HandedIn[] => {
    const mine = found.filter((each) => each.exercise === exercise);
    const counted = chosen(mine, starter);
    if (counted === undefined) return [];
    if (mine.length > 1) {
      const cells = mine.map(({ cell }) => cell).join(", ");
      repairs.push(`${shown}: cells ${cells} all answer ${exercise}; cell ${counted.cell} counts`);
    }
    return [{ exercise, file: `${shown}, cell ${counted.cell}`, content: counted.content, order }];
  });
  const missing = expected.filter(({ exercise }) => !found.some((each) => each.exercise === exercise));
  if (answers.length > 0 && missing.length > 0) {
    const names = missing.map(({ exercise }) => exercise).join(", ");
    repairs.push(`${shown}: no cell answers ${names}; if one was deleted, hand it in again`);
  }
  return { answers, repairs };
}

/** Marked cells before others; the last that is not the starter; else the last. */
function chosen(found: readonly Found[], starter: string | null): Found | undefined {
  const touched = found.filter(({ content }) => content.kind !== "text" || content.text.trim() !== starter?.trim());
  const candidates = touched.length > 0 ? touched : found;
  return (["id", "name", "fingerprint"] as const)
    .map((by) => candidates.filter((each) => each.by === by).at(-1))
    .find((last) => last !== undefined);
}

function foundIn(cell: Cell, number: number, shown: string, expected: readonly ExpectedAnswer[]): readonly Found[] {
  const { source } = cell;
  const marked = expected.find(
    ({ exercise }) => cell.metadata?.highwater.exercise === exercise || cell.id === `answer-${exercise}`,
  );
  const place = `${shown}, cell ${number}`;
  if (source.length > charactersMax) {
    if (marked === undefined) return [];
    const content = unreadable(
      place,
      `the cell has ${source.length} characters`,
      `${charactersMax} are read`,
      "shorten it",
    );
    return [{ exercise: marked.exercise, cell: number, by: "id", content }];
  }
  if (cell.cell_type === "code" && /\bcheck\s*\(/.test(source)) {
    const calls = checkCalls(source).flatMap(({ exercise, answer }): Found[] => {
      const asked = expected.find((each) => each.exercise === exercise) ?? marked;
      if (asked === undefined) return [];
      const content: SubmittedText = answer.ok
        ? { kind: "text", text: answer.text }
        : {
            kind: "unreadable",
            problem: {
              file: place,
              line: answer.line,
              column: answer.column,
              what: answer.what,
              why: "answers are read, never run",
              remedy: "write the values themselves into check(…)",
            },
          };
      return [{ exercise: asked.exercise, cell: number, by: asked === marked ? "id" : "name", content }];
    });
    if (calls.length > 0) return calls;
  }
  const text = withoutMagic(source);
  if (marked !== undefined)
    return [{ exercise: marked.exercise, cell: number, by: "id", content: { kind: "text", text } }];
  const named = /^\s*(?:#|\/\/)\s*exercise:\s*(\S+)/.exec(source)?.[1];
  const byName = expected.find(({ exercise }) => exercise === named);
  if (byName !== undefined)
    return [{ exercise: byName.exercise, cell: number, by: "name", content: { kind: "text", text } }];
  const alike = mostAlike(text, expected);
  return alike === null ? [] : [{ exercise: alike, cell: number, by: "fingerprint", content: { kind: "text", text } }];
}

/** `%%yaml` on the first line tells a kernel what follows; a fence does the same in a text cell. */
function withoutMagic(source: string): string {
  const fenced = /^\s*```(?:ya?ml)?[ \t]*\n([\s\S]*?)\n```\s*$/.exec(source);
  return fenced?.[1] === undefined ? source.replace(/^%%\w+[^\n]*\n/, "") : `${fenced[1]}\n`;
}

/** The one exercise whose starter has most keys in common with this text; null where none or several do. */
function mostAlike(text: string, expected: readonly ExpectedAnswer[]): string | null {
  const own = fingerprint(text);
  if (own.size === 0) return null;
  const scored = expected
    .map(({ exercise, starter }) => ({ exercise, score: starter === null ? 0 : likeness(own, fingerprint(starter)) }))
    .filter(({ score }) => score >= alikeMin)
    .sort((one, other) => other.score - one.score);
  const [best, second] = scored;
  return best === undefined || best.score === second?.score ? null : best.exercise;
}

/** The paths of an answer's keys; empty for what is no answer. */
function fingerprint(text: string): ReadonlySet<string> {
  const read = readYaml("answer", text);
  const paths = new Set<string>();
  if (!read.ok) return paths;
  const root = read.text.value;
  if (typeof root !== "object" || root === null || Array.isArray(root)) return paths;
  for (const [group, value] of Object.entries(root)) {
    if (group === "version") continue;
    const isGroup = typeof value === "object" && value !== null && !Array.isArray(value);
    if (isGroup) for (const key of Object.keys(value)) paths.add(`${group}.${key}`);
    else paths.add(group);
  }
  return paths;
}

/** Common keys of all keys, in a hundred. */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const common = [...one].filter((path) => other.has(path)).length;
  const all = one.size + other.size - common;
  return all === 0 ? 0 : Math.floor((100 * common) / all);
}
