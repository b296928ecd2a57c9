import { Command, CommanderError } from "commander";
import { nearest } from "../core/nearest.js";
import { type Cli, type CommandRow, exitCodes, UserError } from "./cli.js";
import { processCli } from "./process-cli.js";

/** Every command, in the order of help. A new one is a row here and a file beside this one. */
const commands: readonly CommandRow[] = [
  {
    name: "learn",
    takes: "",
    summary: "serve the lessons and exercises as a page on this machine",
    load: () => import("./learn.js"),
  },
  {
    name: "list",
    takes: "[words]",
    summary: "the exercises, and how far you are with each",
    load: () => import("./list.js"),
  },
  {
    name: "check",
    takes: "[exercise]",
    summary: "grade your answer to an exercise and say what breaks it",
    load: () => import("./check.js"),
  },
  {
    name: "hint",
    takes: "<exercise>",
    summary: "one rung of help for how your answer fails",
    load: () => import("./hint.js"),
  },
  {
    name: "solution",
    takes: "<exercise>",
    summary: "a solution with its argument, once you have passed",
    load: () => import("./solution.js"),
  },
  {
    name: "reset",
    takes: "<exercise>",
    summary: "put the starter back; your answer is kept beside it",
    load: () => import("./reset.js"),
  },
  {
    name: "progress",
    takes: "<export|import>",
    summary: "take your attempts to another machine and back",
    load: () => import("./progress.js"),
  },
  {
    name: "grade",
    takes: "<folder>",
    summary: "grade a class: a folder, a .zip or an .ipynb for each learner",
    load: () => import("./grade.js"),
  },
  {
    name: "verify",
    takes: "<verdict>",
    summary: "compute a verdict again and say whether it is the same",
    load: () => import("./verify.js"),
  },
  {
    name: "export-config",
    takes: "<exercise>",
    summary: "a passed answer as files for a real cluster",
    load: () => import("./export-config.js"),
  },
  {
    name: "lint",
    takes: "[exercise]",
    summary: "check the exercises themselves: for authors",
    load: () => import("./lint.js"),
  },
  {
    name: "run",
    takes: "<file>",
    summary: "carry out a scenario and show what happens, step by step",
    load: () => import("./run.js"),
  },
  {
    name: "prove",
    takes: "",
    summary: "what a configuration promises under every placement of the faults",
    load: () => import("./prove.js"),
  },
  {
    name: "table",
    takes: "",
    summary: "acks × min.insync.replicas, each cell computed",
    load: () => import("./table.js"),
  },
  {
    name: "diff",
    takes: "<file>",
    summary: "run a scenario twice, with one setting changed, and show where they part",
    load: () => import("./diff.js"),
  },
  {
    name: "find",
    takes: "<predicate>",
    summary: "the shortest scenario that reaches a state you describe",
    load: () => import("./find.js"),
  },
  {
    name: "notebook",
    takes: "<run|export|strip>",
    summary: "run lessons without a page, export them, compare or strip their outputs",
    load: () => import("./notebook.js"),
  },
];

/** Runs one command line (without `node` and the script). Sets the exit code; never throws for what a user can do. */
export async function main(argv: readonly string[], cli: Cli = processCli()): Promise<void> {
  try {
    await dispatch(argv, cli);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has said what there was to say; asking for help is no mistake.
      if (error.exitCode !== 0) cli.finish(exitCodes.badInput);
    } else if (error instanceof UserError) {
      cli.err(`${cli.colors.red("error:")} ${error.message}\n`);
      cli.finish(exitCodes.badInput);
    } else throw error;
  }
}

async function dispatch(argv: readonly string[], cli: Cli): Promise<void> {
  const [first, ...rest] = argv;
  const row = commands.find(({ name }) => name === first);
  if (row !== undefined) {
    const { define } = await row.load();
    const command = newCommand(row, cli);
    define(command, cli);
    await command.parseAsync(rest, { from: "user" });
    return;
  }
  if (first === "help" && rest[0] !== undefined) return dispatch([rest[0], "--help"], cli);
  if (first !== undefined && first !== "help" && !first.startsWith("-")) {
    const meant = nearest(
      first,
      commands.map(({ name }) => name),
    );
    const hint = meant === null ? "`highwater --help` lists them all" : `did you mean "${meant}"?`;
    throw new UserError(`there is no command "${first}": ${hint}`);
  }
  await overview(cli).parseAsync(first === undefined || first === "help" ? ["--help"] : argv, { from: "user" });
}

/** The program as `highwater --help` shows it: names and summaries only, so that no command's file is read. */
function overview(cli: Cli): Command {
  const program = prepared(new Command("highwater"), cli)
    .description("Learn Kafka replication by breaking it.")
    .usage("<command> [options]")
    .version(version, "-v, --version", "print the version")
    .addHelpText(
      "after",
      "\nhighwater <command> --help tells more, with examples.\nExit codes: 0 it holds, 1 it does not, 2 bad input or usage, 3 a budget was reached.",
    );
  for (const { name, takes, summary } of commands) program.command(`${name} ${takes}`.trim()).description(summary);
  return program;
}

/** Kept equal to package.json by a test: reading that file would cost a fifth of the start. */
export const version = "0.1.0";

function newCommand({ name, summary }: CommandRow, cli: Cli): Command {
  return prepared(new Command(name), cli).name(`highwater ${name}`).description(summary).showHelpAfterError(false);
}

function prepared(command: Command, cli: Cli): Command {
  return command
    .exitOverride()
    .helpOption("-h, --help", "show this help")
    .configureOutput({
      writeOut: (said) => cli.out(said),
      writeErr: (said) => cli.err(said),
      getOutHelpWidth: () => cli.columns,
      getErrHelpWidth: () => cli.columns,
      getOutHasColors: () => cli.colors.isColorSupported,
      getErrHasColors: () => cli.colors.isColorSupported,
    });
}
