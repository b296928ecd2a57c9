import type { Series } from "./series.js";

/** What plotly.js needs to draw a figure, as plain JSON; no library is needed to make it. */
export interface PlotlySpecification {
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly layout: Readonly<Record<string, unknown>>;
  /** The figure as a sentence and a table, for those who cannot see it: pages show both beside it. */
  readonly alternative: PlotAlternative;
}

export interface PlotAlternative {
  readonly sentence: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** Dashes and marks tell lines apart where colour does not. */
const dashes = ["solid", "dash", "dot", "dashdot", "longdash"];
const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

/** Values that stay until they change, as stepped lines over virtual time. */
export function stepPlot(title: string, unit: string, series: readonly Series[]): PlotlySpecification {
  return {
    data: series.map(({ name, points }, index) => ({
      type: "scatter",
      mode: "lines",
      name,
      x: points.map((point) => point.atMs),
      y: points.map((point) => point.value),
      line: { shape: "hv", dash: dashes[index % dashes.length], color: colours[index % colours.length], width: 2 },
    })),
    layout: layoutOf(title, unit),
    alternative: alternativeOf(title, unit, series),
  };
}

/** One mark a measured value, for latencies. */
export function pointPlot(title: string, unit: string, series: readonly Series[]): PlotlySpecification {
  const symbols = ["circle", "square", "diamond", "cross", "triangle-up"];
  return {
    data: series.map(({ name, points }, index) => ({
      type: "scatter",
      mode: "markers",
      name,
      x: points.map((point) => point.atMs),
      y: points.map((point) => point.value),
      marker: { symbol: symbols[index % symbols.length], color: colours[index % colours.length], size: 8 },
    })),
    layout: layoutOf(title, unit),
    alternative: alternativeOf(title, unit, series),
  };
}

function layoutOf(title: string, unit: string): Readonly<Record<string, unknown>> {
  return {
    title: { text: title },
    xaxis: { title: { text: "virtual time (ms)" }, rangemode: "tozero" },
    yaxis: { title: { text: unit }, rangemode: "tozero", ...(unit === "ms" ? {} : { tickformat: "d" }) },
    margin: { l: 60, r: 20, t: 50, b: 50 },
    legend: { orientation: "h", y: -0.25 },
  };
}

function alternativeOf(title: string, unit: string, series: readonly Series[]): PlotAlternative {
  const sentences = series.map(({ name, points }) => {
    const first = points[0];
    const last = points.at(-1);
    if (first === undefined || last === undefined) return `${name}: no values`;
    const values = points.map((point) => point.value);
    const low = Math.min(...values);
    const high = Math.max(...values);
    if (low === high) return `${name} stays at ${low}`;
    return `${name} goes from ${first.value} at ${first.atMs} ms to ${last.value} at ${last.atMs} ms (lowest ${low}, highest ${high})`;
  });
  return {
    sentence: `${title} (${unit}). ${sentences.join("; ")}.`,
    columns: ["line", "virtual time (ms)", unit],
    rows: series.flatMap(({ name, points }) => points.map((point) => [name, point.atMs, point.value])),
  };
}
