import type { Command } from "commander";
import { answerClaim, publishedClaims } from "../check/guarantees/published-claims.js";
import { computeTable, type TableCell, type TableQuestion } from "../check/guarantees/table.js";
import { addExamples, type Cli, exitCodes, UserError } from "./cli.js";
import { readCount } from "./configuration-options.js";
import { type ComputedTable, claimsText, show, survivals } from "./table-formats.js";

interface TableOptions {
  readonly rf: string;
  readonly unclean: string;
  readonly kafka?: string;
  readonly elr?: string;
  readonly idempotence?: string;
  readonly claims?: true;
  readonly maxStates: string;
  readonly format: string;
  readonly failures: string;
  readonly acks: string;
  readonly json?: true;
}

const formats = ["text", "markdown", "plotly", "json"];

export function define(command: Command, cli: Cli): void {
  command
    .option("--rf <list>", "replication factors", "3")
    .option("--acks <list>", "acks of the rows", "0,1,all")
    .option("--unclean <list>", "unclean.leader.election.enable: true, false or both", "false")
    .option("--kafka <version>", "the release, such as 4.3")
    .option("--elr <list>", "eligible leader replicas (KIP-966): on, off or both")
    .option("--idempotence <list>", "enable.idempotence: true, false or both")
    .option("--claims", "what published tables and rules of thumb say, each answered")
    .option("--failures <n>", "ask about so many failures of a kind at most; 2 may take minutes", "1")
    .option("--max-states <n>", "end each search after so many states", "40000")
    .option("--format <format>", `one of ${formats.join(", ")}`, "text")
    .option("--json", "the same as --format json")
    .action((options: TableOptions) => run(options, cli));
  addExamples(command, [
    ["highwater table", "RF 3: what each acks and min.insync.replicas survives"],
    ["highwater table --elr off --format markdown", "without eligible leader replicas, to paste"],
    ["highwater table --format plotly > table.json", "a heat map whose cells hold their scenarios"],
    ["highwater table --rf 2,3 --unclean false,true", "one table for each combination"],
    ["highwater table --claims", "rules of thumb that do not hold, each with a scenario"],
  ]);
}

async function run(options: TableOptions, cli: Cli): Promise<void> {
  const format = options.json === true ? "json" : options.format;
  if (!formats.includes(format)) throw new UserError(`--format is one of ${formats.join(", ")}, not "${format}"`);
  if (options.claims === true) return answerClaims(format, cli);
  const tables = questionsOf(options).map((question): ComputedTable => ({ question, cells: cellsOf(question, cli) }));
  if (cli.isTerminal) cli.err("\r\u001b[K");
  cli.out(show(tables, format));
  const wasCut = tables.some(({ cells }) => cells.some((cell) => survivals(cell).some(({ next }) => next === "cut")));
  cli.finish(wasCut ? exitCodes.inconclusive : exitCodes.ok);
}

function cellsOf(question: TableQuestion, cli: Cli): readonly TableCell[] {
  const cells: TableCell[] = [];
  for (const cell of computeTable(question)) {
    cells.push(cell);
    if (cli.isTerminal)
      cli.err(`\r\u001b[Kacks=${cell.acks} min.insync.replicas=${cell.minInsyncReplicas}: ${cell.states} states`);
  }
  return cells;
}

/** One question for each combination of what is no row and no column. */
function questionsOf(options: TableOptions): readonly TableQuestion[] {
  const acks = oneOf(options.acks, "--acks", ["0", "1", "all", "-1"]);
  const elr = options.elr === undefined ? [undefined] : oneOf(options.elr, "--elr", ["on", "off"]);
  const idempotence =
    options.idempotence === undefined ? [undefined] : oneOf(options.idempotence, "--idempotence", ["true", "false"]);
  const mostFailures = readCount(options.failures, "--failures", 1, 5);
  const maxStates = readCount(options.maxStates, "--max-states", 1, 1e8);
  return options.rf.split(",").flatMap((factor) => {
    const replicationFactor = readCount(factor, "--rf", 1, 5);
    return oneOf(options.unclean, "--unclean", ["true", "false"]).flatMap((unclean) =>
      elr.flatMap((eligible) =>
        idempotence.map(
          (idempotent): TableQuestion => ({
            replicationFactor,
            // Kafka refuses idempotence with any other acks.
            acks: idempotent === "true" ? acks.filter((value) => value === "all" || value === "-1") : acks,
            minInsyncReplicas: Array.from({ length: replicationFactor }, (_, index) => index + 1),
            base: {
              topic: { "unclean.leader.election.enable": unclean },
              producer: idempotent === undefined ? {} : { "enable.idempotence": idempotent },
              ...(options.kafka === undefined ? {} : { kafka: options.kafka }),
              ...(eligible === undefined ? {} : { elr: eligible }),
            },
            mostFailures,
            maxStates,
          }),
        ),
      ),
    );
  });
}

function oneOf(list: string, option: string, known: readonly string[]): readonly string[] {
  const values = list.split(",");
  const unknown = values.find((value) => !known.includes(value));
  if (unknown !== undefined) throw new UserError(`${option} lists ${known.join(", ")}, not "${unknown}"`);
  return values;
}

/** What is said about these settings, each answered by its own search: exit 1 where one does not hold. */
function answerClaims(format: string, cli: Cli): void {
  const answers = publishedClaims.map(answerClaim);
  cli.out(
    format === "json"
      ? `${JSON.stringify({ format: "highwater-claims", version: 1, claims: answers })}\n`
      : claimsText(answers),
  );
  cli.finish(answers.some(({ outcome }) => outcome === "violated") ? exitCodes.broken : exitCodes.ok);
}
