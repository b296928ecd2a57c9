import type { AnsweredClaim } from "../check/guarantees/published-claims.js";
import type { Survives, TableCell, TableQuestion } from "../check/guarantees/table.js";
import { formatScenario } from "../sim/scenario/format.js";

/** Version of the document that `--json` prints. */
const documentVersion = 1;

export interface ComputedTable {
  readonly question: TableQuestion;
  readonly cells: readonly TableCell[];
}

/** The tables in one of the formats of the command. */
export function show(tables: readonly ComputedTable[], format: string): string {
  switch (format) {
    case "json":
      return `${JSON.stringify({ format: "highwater-table", version: documentVersion, tables: tables.map(tableDocument) })}\n`;
    case "plotly":
      return `${JSON.stringify(heatMap(tables))}\n`;
    case "markdown":
      return tables.map(markdown).join("\n");
    default:
      return `${tables.map(text).join("\n")}\n${legend}\n${lostRecord(tables)}`;
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

export function survivals({ writes, crashes, powerLosses }: TableCell): readonly Survives[] {
  return [writes, crashes, powerLosses];
}

/** `1`: one more is too many. `≥ 1`: one more was not asked, or not to the end. */
function countText({ failures, next }: Survives): string {
  if (next === "broken") return String(failures);
  return next === "all" ? `≥ ${failures}` : `≥ ${failures} (cut)`;
}

function text({ cells, question }: ComputedTable): string {
  const rows = [columns, ...cells.map(rowOf)];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((value, column) => value.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return `${titleOf(question)}\n\n${lines.join("\n")}\n`;
}

const legend =
  "Writes: brokers that may be down for good. Data: acknowledged records, one sent, in every placement of the failures;\npower losses take what was not flushed, while as many followers are slow as leave writes accepted. ≥: more were not searched to the end.";

function markdown({ cells, question }: ComputedTable): string {
  const line = (row: readonly string[]): string => `| ${row.join(" | ")} |\n`;
  return [
    `${titleOf(question)}\n\n`,
    line(columns),
    line(columns.map(() => "---")),
    ...cells.map((cell) => line(rowOf(cell))),
  ].join("");
}

/** The shortest way among all cells to lose an acknowledged record, as a scenario. */
function lostRecord(tables: readonly ComputedTable[]): string {
  // With acks=0 everything that does not arrive is lost: that is no riddle.
  const scenarios = tables.flatMap(({ cells }) =>
    cells
      .filter(({ acks }) => acks !== "0")
      .flatMap(({ crashes, powerLosses }) =>
        [crashes, powerLosses].flatMap(({ scenario }) => (scenario === null ? [] : formatScenario(scenario))),
      ),
  );
  const [shortest] = scenarios.sort((a, b) => a.split("\n").length - b.split("\n").length);
  return shortest === undefined ? "" : `\nWhat a lost record looks like:\n\n${shortest}`;
}

function tableDocument({ cells, question }: ComputedTable): unknown {
  const survival = ({ failures, next, scenario }: Survives): unknown => ({
    failures,
    next,
    scenario: scenario === null ? null : formatScenario(scenario),
  });
  return {
    replicationFactor: question.replicationFactor,
    ...question.base,
    bounds: { records: 1, mostFailures: question.mostFailures, maxStates: question.maxStates },
    cells: cells.map(({ writes, crashes, powerLosses, ...cell }) => ({
      ...cell,
      writes: survival(writes),
      crashes: survival(crashes),
      powerLosses: survival(powerLosses),
    })),
  };
}

/** Replication factor and whatever else the whole table has in common. */
function titleOf({ replicationFactor, base: { topic, producer, kafka, elr } }: TableQuestion): string {
  const settings = Object.entries({ ...topic, ...producer }).map(([key, value]) => `${key}=${value}`);
  const release = [kafka === undefined ? [] : `Kafka ${kafka}`, elr === undefined ? [] : `ELR ${elr}`].flat();
  return [`replication.factor=${replicationFactor}`, ...settings, ...release].join(" · ");
}

/**
 * A plotly figure: colour is what data survives of power losses; `customdata` holds the scenario that each cell opens. Of
 * several tables one is shown, and a menu chooses.
 */
function heatMap(tables: readonly ComputedTable[]): unknown {
  const titles = tables.map(({ question }) => titleOf(question));
  const buttons = titles.map((title, shown) => ({
    method: "update",
    label: title,
    args: [{ visible: titles.map((_, index) => index === shown) }, { "title.text": title }],
  }));
  return {
    data: tables.map((table, index) => ({ ...heat(table), visible: index === 0 })),
    layout: {
      title: { text: `Failures survived, ${titles[0] ?? ""}` },
      xaxis: { title: { text: "min.insync.replicas" }, type: "category" },
      yaxis: { title: { text: "acks" }, type: "category" },
      ...(tables.length > 1 ? { updatemenus: [{ buttons }] } : {}),
    },
  };
}

function heat({ cells, question: { acks, minInsyncReplicas } }: ComputedTable): object {
  const grid = acks.map((value) =>
    minInsyncReplicas.map((minimum) => cells.find((cell) => cell.acks === value && cell.minInsyncReplicas === minimum)),
  );
  const ofEach = <Value>(read: (cell: TableCell) => Value, none: Value): readonly (readonly Value[])[] =>
    grid.map((row) => row.map((cell) => (cell === undefined ? none : read(cell))));
  return {
    type: "heatmap",
    x: minInsyncReplicas.map(String),
    y: acks,
    z: ofEach<number | null>((cell) => cell.powerLosses.failures, null),
    text: ofEach((cell) => survivals(cell).map(countText).join(" / "), ""),
    customdata: ofEach<string | null>(opened, null),
    texttemplate: "%{text}",
    hovertemplate: "acks=%{y} min.insync.replicas=%{x}<br>writes / crashes / power losses: %{text}<extra></extra>",
  };
}

/** The scenario that a cell opens: how data is lost, or else how writes are refused. */
function opened({ crashes, powerLosses, writes }: TableCell): string | null {
  const broken = [crashes, powerLosses, writes].find(({ scenario }) => scenario !== null)?.scenario ?? null;
  return broken === null ? null : formatScenario(broken);
}

/** Each claim with its answer, and the scenario where it does not hold. */
export function claimsText(answers: readonly AnsweredClaim[]): string {
  return answers
    .map(({ claim, outcome, asks, scenario }) => {
      const verdict = { holds: "holds", violated: "does not hold", inconclusive: "inconclusive" }[outcome];
      return `"${claim}"\n  ${verdict}: ${asks}\n${scenario === null ? "" : `\n${scenario.trimEnd()}\n`}`;
    })
    .join("\n");
}
