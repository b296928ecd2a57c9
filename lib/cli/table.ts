import type { Command } from "commander";
import { computeTable, type Survives, type TableCell, type TableQuestion } from "../check/guarantees/table.js";
import { formatScenario } from "../sim/scenario/format.js";
import { addExamples, type Cli, exitCodes, UserError } from "./cli.js";
import { readCount } from "./configuration-options.js";

interface TableOptions {
  readonly rf: string;
  readonly unclean: string;
  readonly kafka?: string;
  readonly elr?: string;
  readonly maxStates: string;
  readonly format: string;
  readonly failures: string;
  readonly acks: string;
  readonly json?: true;
}

const formats = ["text", "markdown", "plotly", "json"];

/** Version of the document that `--json` prints. */
const documentVersion = 1;

export function define(command: Command, cli: Cli): void {
  command
    .option("--rf <n>", "replication factor", "3")
    .option("--acks <list>", "acks of the rows", "0,1,all")
    .option("--unclean <true|false>", "unclean.leader.election.enable", "false")
    .option("--kafka <version>", "the release, such as 4.3")
    .option("--elr <on|off>", "eligible leader replicas (KIP-966)")
    .option("--failures <n>", "ask about so many failures of a kind at most; 2 may take minutes", "1")
    .option("--max-states <n>", "end each search after so many states", "40000")
    .option("--format <format>", `one of ${formats.join(", ")}`, "text")
    .option("--json", "the same as --format json")
    .action((options: TableOptions) => run(options, cli));
  addExamples(command, [
    ["highwater table", "RF 3: what each acks and min.insync.replicas survives"],
    ["highwater table --elr off --format markdown", "without eligible leader replicas, to paste"],
    ["highwater table --format plotly > table.json", "a heat map whose cells hold their scenarios"],
  ]);
}

async function run(options: TableOptions, cli: Cli): Promise<void> {
  const format = options.json === true ? "json" : options.format;
  if (!formats.includes(format)) throw new UserError(`--format is one of ${formats.join(", ")}, not "${format}"`);
  const replicationFactor = readCount(options.rf, "--rf", 1, 5);
  const acks = options.acks.split(",");
  const unknown = acks.find((value) => !["0", "1", "all", "-1"].includes(value));
  if (unknown !== undefined) throw new UserError(`--acks lists 0, 1 and all, not "${unknown}"`);
  const question: TableQuestion = {
    replicationFactor,
    acks,
    minInsyncReplicas: Array.from({ length: replicationFactor }, (_, index) => index + 1),
    base: {
      topic: { "unclean.leader.election.enable": options.unclean },
      producer: {},
      ...(options.kafka === undefined ? {} : { kafka: options.kafka }),
      ...(options.elr === undefined ? {} : { elr: options.elr }),
    },
    mostFailures: readCount(options.failures, "--failures", 1, 5),
    maxStates: readCount(options.maxStates, "--max-states", 1, 1e8),
  };
  const cells: TableCell[] = [];
  for (const cell of computeTable(question)) {
    cells.push(cell);
    if (cli.isTerminal)
      cli.err(`\r\u001b[Kacks=${cell.acks} min.insync.replicas=${cell.minInsyncReplicas}: ${cell.states} states`);
  }
  if (cli.isTerminal) cli.err("\r\u001b[K");
  cli.out(show(cells, question, format));
  const wasCut = cells.some((cell) => survivals(cell).some(({ next }) => next === "cut"));
  cli.finish(wasCut ? exitCodes.inconclusive : exitCodes.ok);
}

function show(cells: readonly TableCell[], question: TableQuestion, format: string): string {
  switch (format) {
    case "json":
      return `${JSON.stringify(tableDocument(cells, question))}\n`;
    case "plotly":
      return `${JSON.stringify(heatMap(cells, question))}\n`;
    case "markdown":
      return markdown(cells);
    default:
      return text(cells, question);
  }
}

const columns = [
  "acks",
  "min.insync.replicas",
  "writes survive",
  "data survives crashes",
  "data survives power losses",
  "states",
];

function rowOf(cell: TableCell): readonly string[] {
  return [cell.acks, String(cell.minInsyncReplicas), ...survivals(cell).map(countText), String(cell.states)];
}

function survivals({ writes, crashes, powerLosses }: TableCell): readonly Survives[] {
  return [writes, crashes, powerLosses];
}

/** `1`: one more is too many. `≥ 1`: one more was not asked, or not to the end. */
function countText({ failures, next }: Survives): string {
  if (next === "broken") return String(failures);
  return next === "all" ? `≥ ${failures}` : `≥ ${failures} (cut)`;
}

function text(cells: readonly TableCell[], { replicationFactor }: TableQuestion): string {
  const rows = [columns, ...cells.map(rowOf)];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((value, column) => value.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return `replication.factor=${replicationFactor}\n\n${lines.join("\n")}\n\n${legend}\n`;
}

const legend =
  "Writes: brokers that may be down for good. Data: acknowledged records, one sent, in every placement of the failures;\npower losses take what was not flushed, while as many followers are slow as leave writes accepted. ≥: more were not searched to the end.";

function markdown(cells: readonly TableCell[]): string {
  const line = (row: readonly string[]): string => `| ${row.join(" | ")} |\n`;
  return [line(columns), line(columns.map(() => "---")), ...cells.map((cell) => line(rowOf(cell)))].join("");
}

function tableDocument(cells: readonly TableCell[], question: TableQuestion): unknown {
  const survival = ({ failures, next, scenario }: Survives): unknown => ({
    failures,
    next,
    scenario: scenario === null ? null : formatScenario(scenario),
  });
  return {
    format: "highwater-table",
    version: documentVersion,
    replicationFactor: question.replicationFactor,
    bounds: { records: 1, mostFailures: question.mostFailures, maxStates: question.maxStates },
    cells: cells.map(({ writes, crashes, powerLosses, ...cell }) => ({
      ...cell,
      writes: survival(writes),
      crashes: survival(crashes),
      powerLosses: survival(powerLosses),
    })),
  };
}

/** A plotly figure: colour is what data survives of power losses; `customdata` holds the scenario that each cell opens. */
function heatMap(cells: readonly TableCell[], { acks, minInsyncReplicas, replicationFactor }: TableQuestion): unknown {
  const grid = acks.map((value) =>
    minInsyncReplicas.map((minimum) => cells.find((cell) => cell.acks === value && cell.minInsyncReplicas === minimum)),
  );
  return {
    data: [
      {
        type: "heatmap",
        x: minInsyncReplicas.map(String),
        y: acks,
        z: grid.map((row) => row.map((cell) => cell?.powerLosses.failures ?? null)),
        text: grid.map((row) =>
          row.map((cell) => (cell === undefined ? "" : survivals(cell).map(countText).join(" / "))),
        ),
        customdata: grid.map((row) =>
          row.map((cell) => {
            const broken =
              cell === undefined
                ? undefined
                : [cell.crashes, cell.powerLosses, cell.writes].find((part) => part.scenario !== null);
            return broken?.scenario === undefined || broken.scenario === null ? null : formatScenario(broken.scenario);
          }),
        ),
        texttemplate: "%{text}",
        hovertemplate: "acks=%{y} min.insync.replicas=%{x}<br>writes / crashes / power losses: %{text}<extra></extra>",
      },
    ],
    layout: {
      title: { text: `Failures survived, replication.factor=${replicationFactor}` },
      xaxis: { title: { text: "min.insync.replicas" }, type: "category" },
      yaxis: { title: { text: "acks" }, type: "category" },
    },
  };
}
