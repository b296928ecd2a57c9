/** A plot in plotly's own form, as far as its table and its sentence need it. */
export interface PlotSpec {
  readonly data: readonly PlotTrace[];
  readonly layout: Readonly<Record<string, unknown>>;
  readonly alternative?: PlotAlternative;
}

/** What the author of a plot says it shows, for those who cannot see it: better than what can be made from the points. */
interface PlotAlternative {
  readonly sentence: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface PlotTrace {
  readonly name?: unknown;
  readonly type?: unknown;
  readonly x?: unknown;
  readonly y?: unknown;
  readonly z?: unknown;
  readonly labels?: unknown;
  readonly values?: unknown;
}

export interface PlotTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Rows there are in all; `rows` stops at a few hundred. */
  readonly rowCount: number;
}

const rowsMax = 500;

/** Reads a plotly bundle, also as the JSON text that a kernel's `display.raw` leaves; `undefined` when it is none. */
export function readPlot(given: unknown): PlotSpec | undefined {
  const value = typeof given === "string" ? parsed(given) : given;
  if (!isRecord(value) || !Array.isArray(value.data)) return undefined;
  const alternative = alternativeIn(value.alternative);
  return {
    data: value.data.filter(isRecord),
    layout: isRecord(value.layout) ? value.layout : {},
    ...(alternative === undefined ? {} : { alternative }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function alternativeIn(value: unknown): PlotAlternative | undefined {
  if (!isRecord(value) || typeof value.sentence !== "string") return undefined;
  const rows = listOf(value.rows).map((row) => listOf(row).map(show));
  return { sentence: value.sentence, columns: listOf(value.columns).map(show), rows };
}

/** The numbers behind the picture: a row per point, a column for the first axis and one for each series. */
export function plotTable(plot: PlotSpec): PlotTable {
  const { alternative } = plot;
  if (alternative !== undefined && alternative.columns.length > 0)
    return {
      columns: alternative.columns,
      rows: alternative.rows.slice(0, rowsMax),
      rowCount: alternative.rows.length,
    };
  const first = axisTitle(plot, "xaxis") ?? "x";
  const series = plot.data.map((trace, index) => ({ name: nameOf(trace, index, plot), points: pointsOf(trace) }));
  const keys = [...new Set(series.flatMap(({ points }) => points.map(([key]) => key)))];
  const lookups = series.map(({ points }) => new Map(points));
  const rows = keys.slice(0, rowsMax).map((key) => [key, ...lookups.map((lookup) => lookup.get(key) ?? "")]);
  return { columns: [first, ...series.map(({ name }) => name)], rows, rowCount: keys.length };
}

/** What the picture shows, from its data: how many series, over what, from where to where. */
export function plotSentence(plot: PlotSpec): string {
  if (plot.alternative !== undefined) return plot.alternative.sentence;
  const title = titleOf(plot.layout.title);
  const parts = plot.data.map((trace, index) => {
    const points = pointsOf(trace);
    const numbers = points.map(([, y]) => Number(y)).filter((value) => Number.isFinite(value));
    const name = nameOf(trace, index, plot);
    const [start, end] = [points[0], points.at(-1)];
    if (start === undefined || end === undefined) return `${name} has no points`;
    if (numbers.length === 0) return `${name}: ${points.length} values`;
    const low = Math.min(...numbers);
    const high = Math.max(...numbers);
    const span = low === high ? `stays at ${low}` : `between ${low} and ${high}`;
    return `${name}: ${points.length} ${points.length === 1 ? "value" : "values"} from ${start[0]} to ${end[0]}, ${span}`;
  });
  return `${title === undefined ? "Plot" : title}. ${parts.join("; ")}.`;
}

function pointsOf(trace: PlotTrace): readonly (readonly [string, string])[] {
  const x = listOf(trace.x ?? trace.labels);
  const y = listOf(trace.y ?? trace.values ?? trace.z);
  const count = Math.max(x.length, y.length);
  return Array.from({ length: count }, (_, index) => [show(x[index] ?? index), show(y[index])] as const);
}

function nameOf(trace: PlotTrace, index: number, plot: PlotSpec): string {
  if (typeof trace.name === "string" && trace.name !== "") return trace.name;
  return plot.data.length === 1 ? (axisTitle(plot, "yaxis") ?? "y") : `series ${index + 1}`;
}

function axisTitle(plot: PlotSpec, axis: "xaxis" | "yaxis"): string | undefined {
  const value = plot.layout[axis];
  return isRecord(value) ? titleOf(value.title) : undefined;
}

function titleOf(title: unknown): string | undefined {
  const text = isRecord(title) ? title.text : title;
  return typeof text === "string" && text !== "" ? text.replaceAll(/<[^>]*>/g, "") : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function show(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
