import { join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { lintVariations } from "../exercise/hardness.js";
import { jsonSchemas } from "../exercise/json-schemas.js";
import { type Complaint, lintExercise } from "../exercise/lint.js";
import { asksTheModel, type Mutation, mutationRow } from "../exercise/mutation.js";
import { exerciseIds, readExercise, readExerciseFiles } from "../exercise/store-course.js";
import { variantIds } from "../kafka/versions.js";
import { addExamples, type Cli, exitCodes } from "./cli.js";
import { courseFolder } from "./course-folder.js";
import { openExercise } from "./open-exercise.js";

interface LintFlags {
  readonly json?: true;
  readonly schema?: "exercise" | "answer";
  readonly matrix?: true;
  readonly par?: number | true;
}

/** Enough for two faults in most exercises; takes some seconds each. */
const parRunsDefault = 20_000;

export function define(command: Command, cli: Cli): void {
  command
    .argument("[exercise]", "its number or a part of its name; default: all of them")
    .option("--json", "print one JSON document")
    .option("--matrix", "seed every historical bug into the model and show which exercises notice it")
    .option("--par [runs]", "search longer for attacks with fewer faults in exercises to break", (text) => {
      if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
      throw new InvalidArgumentError("expected a number of runs, such as 20000.");
    })
    .addOption(
      new Option("--schema <file>", "print the JSON Schema of exercise.yaml or answer.yaml instead").choices([
        "exercise",
        "answer",
      ]),
    )
    .action((exercise: string | undefined, flags: LintFlags) => {
      if (flags.schema !== undefined) return cli.out(jsonSchemas()[flags.schema]);
      if (flags.matrix === true) matrix(exercise, flags, cli);
      else lint(exercise, flags, cli);
    });
  addExamples(command, [
    ["highwater lint", "every exercise of the course"],
    ["highwater lint 01", "one of them"],
    ["highwater lint 04 --par", "whether fewer faults are enough than it says"],
    ["highwater lint --matrix", "exercise × seeded bug of the model"],
  ]);
}

function chosen(asked: string | undefined, cli: Cli): { readonly folder: string; readonly ids: readonly string[] } {
  const folder = join(courseFolder(cli.folder), "exercises");
  return { folder, ids: asked === undefined ? exerciseIds(folder) : [openExercise(folder, asked).id] };
}

function lint(asked: string | undefined, flags: LintFlags, cli: Cli): void {
  const { folder, ids } = chosen(asked, cli);
  const parRunsMax = flags.par === true ? parRunsDefault : flags.par;
  const found = ids.map((id) => {
    const complaints = complaintsAbout(folder, id, parRunsMax);
    if (flags.json !== true) show(id, complaints, cli);
    return { id, complaints };
  });
  if (flags.json === true) cli.out(`${JSON.stringify({ format: "highwater-lint", version: 1, exercises: found })}\n`);
  cli.finish(found.some(({ complaints }) => complaints.length > 0) ? exitCodes.broken : exitCodes.ok);
}

function show(id: string, complaints: readonly Complaint[], cli: Cli): void {
  if (complaints.length === 0) cli.out(`${cli.colors.green("✓")} ${id}\n`);
  for (const { file, message } of complaints) cli.out(`${cli.colors.red("✗")} ${id}/${file}: ${message}\n`);
}

function complaintsAbout(folder: string, id: string, parRunsMax: number | undefined): readonly Complaint[] {
  const read = readExercise(folder, id);
  if (!read.ok)
    return read.problems.map(({ line, column, what, remedy }) => ({
      file: `exercise.yaml:${line ?? 1}:${column ?? 1}`,
      message: `${what}; ${remedy}`,
    }));
  const variations = Array.from({ length: read.exercise.variations ?? 0 }, (_, index) => {
    const other = readExercise(folder, id, index);
    return other.ok ? [readExerciseFiles(other.exercise)] : [];
  }).flat();
  return [
    ...lintExercise(readExerciseFiles(read.exercise), parRunsMax === undefined ? {} : { parRunsMax }),
    ...lintVariations(variations),
  ];
}

interface MatrixRow {
  readonly id: string;
  readonly mutations: readonly Mutation[];
}

/** Exercise × seeded bug: an exercise that notices none asks too little, a bug that none notices is not taught. */
function matrix(asked: string | undefined, flags: LintFlags, cli: Cli): void {
  const { folder, ids } = chosen(asked, cli);
  const rows = ids.flatMap((id): MatrixRow[] => {
    const read = readExercise(folder, id);
    const files = read.ok ? readExerciseFiles(read.exercise) : null;
    if (files === null || !asksTheModel(files)) return [];
    const row = { id, mutations: mutationRow(files) };
    if (flags.json !== true) cli.out(`${matrixLine(row)}\n`);
    return [row];
  });
  if (flags.json === true)
    cli.out(`${JSON.stringify({ format: "highwater-mutations", version: 1, exercises: rows })}\n`);
  else cli.out(legend(rows, cli));
  const isBlind = rows.some(({ mutations }) => mutations.every(({ changes }) => changes === null));
  cli.finish(isBlind ? exitCodes.broken : exitCodes.ok);
}

const nameWidth = 34;

/** `S`: the verdict on the solution changes; `A`: on the starter; `w`: on a wrong answer; `·`: on none. */
function matrixLine({ id, mutations }: MatrixRow): string {
  const cells = mutations.map(({ changes }) =>
    changes === null ? " ·" : changes === "solution.yaml" ? " S" : changes === "answer.yaml" ? " A" : " w",
  );
  return `${id.slice(0, nameWidth).padEnd(nameWidth)} ${cells.join(" ")}`;
}

function legend(rows: readonly MatrixRow[], cli: Cli): string {
  const numbers = variantIds.map((_, index) => String(index + 1).padStart(2)).join(" ");
  const lines = variantIds.map((variant, index) => {
    const count = rows.filter(({ mutations }) => mutations[index]?.changes !== null).length;
    return `${String(index + 1).padStart(2)}  ${variant}: noticed by ${count}`;
  });
  const key = "S changes the verdict on the solution, A on the starter, w on a wrong answer, · on none";
  return `${" ".repeat(nameWidth)} ${numbers}\n\n${cli.colors.dim(key)}\n${lines.join("\n")}\n`;
}
