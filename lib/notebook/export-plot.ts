import { escapeHtml } from "./html.js";
import { isJsonObject, type JsonObject, type JsonValue } from "./json.js";

interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly colour: string;
  readonly dash: string;
  readonly isStepped: boolean;
  readonly hasLine: boolean;
}

const [width, height] = [680, 320];
const margin = { left: 52, right: 14, top: 12, bottom: 44 };
const dashes: Readonly<Record<string, string>> = { dash: "9 5", dot: "2 4", dashdot: "9 4 2 4", longdash: "14 6" };
const rowsMax = 500;

/**
 * A plotly specification of lines or points as a still drawing with its sentence and its numbers, for files in which
 * plotly itself, larger than a whole lesson, has no place. Undefined for other kinds of plot.
 */
export function plotHtml(value: JsonValue): string | undefined {
  const spec = typeof value === "string" ? parsed(value) : value;
  if (!isJsonObject(spec) || !Array.isArray(spec.data)) return undefined;
  const lines = spec.data.flatMap((trace: JsonValue) => (isJsonObject(trace) ? lineOf(trace) : []));
  if (lines.length === 0 || lines.length !== spec.data.length) return undefined;
  const layout = isJsonObject(spec.layout) ? spec.layout : {};
  const told = isJsonObject(spec.alternative) ? spec.alternative : {};
  const title = titleOf(layout);
  const sentence = typeof told.sentence === "string" ? told.sentence : title;
  const legend = lines.map(({ name, colour, dash, hasLine }) => {
    const mark = hasLine
      ? `<line x1="0" y1="6" x2="26" y2="6" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>`
      : `<circle cx="13" cy="6" r="4" fill="${colour}"/>`;
    return `<span><svg width="26" height="12" aria-hidden="true">${mark}</svg> ${escapeHtml(name)}</span>`;
  });
  return [
    `<figure class="plot">${title === "" ? "" : `<p class="plot-title">${escapeHtml(title)}</p>`}`,
    drawing(lines, axisTitle(layout, "xaxis"), axisTitle(layout, "yaxis"), sentence),
    `<p class="plot-legend">${legend.join(" ")}</p>`,
    `<figcaption>${escapeHtml(sentence)}</figcaption>${table(told)}</figure>`,
  ].join("");
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue; // which is what it gives
  } catch {
    return undefined;
  }
}

function lineOf(trace: JsonObject): Line | [] {
  const { x, y, mode } = trace;
  if ((trace.type !== "scatter" && trace.type !== undefined) || !Array.isArray(x) || !Array.isArray(y)) return [];
  const points = x.flatMap((at: JsonValue, index: number): [number, number][] => {
    const value: JsonValue | undefined = y[index];
    return typeof at === "number" && typeof value === "number" ? [[at, value]] : [];
  });
  const line = isJsonObject(trace.line) ? trace.line : {};
  const marker = isJsonObject(trace.marker) ? trace.marker : {};
  const colour = String(line.color ?? marker.color ?? "#0072b2");
  return {
    name: typeof trace.name === "string" ? trace.name : "",
    points,
    colour: /^#[0-9a-f]{3,8}$/i.test(colour) ? colour : "#0072b2",
    dash: dashes[String(line.dash)] ?? "none",
    isStepped: line.shape === "hv",
    hasLine: typeof mode !== "string" || mode.includes("lines"),
  };
}

function drawing(lines: readonly Line[], xTitle: string, yTitle: string, label: string): string {
  const all = lines.flatMap(({ points }) => points);
  const [xMax, yMax] = [Math.max(1, ...all.map(([x]) => x)), Math.max(1, ...all.map(([, y]) => y))];
  const [xMin, yMin] = [Math.min(0, ...all.map(([x]) => x)), Math.min(0, ...all.map(([, y]) => y))];
  const right = width - margin.right;
  const bottom = height - margin.bottom;
  const xAt = (x: number): string => (margin.left + ((x - xMin) / (xMax - xMin)) * (right - margin.left)).toFixed(1);
  const yAt = (y: number): string => (bottom - ((y - yMin) / (yMax - yMin)) * (bottom - margin.top)).toFixed(1);
  const grid = [
    ...ticks(yMin, yMax).map(
      (y) =>
        `<line class="grid" x1="${margin.left}" x2="${right}" y1="${yAt(y)}" y2="${yAt(y)}"/><text x="${margin.left - 8}" y="${yAt(y)}" text-anchor="end" dominant-baseline="middle">${y}</text>`,
    ),
    ...ticks(xMin, xMax).map((x) => `<text x="${xAt(x)}" y="${bottom + 16}" text-anchor="middle">${x}</text>`),
    `<line class="axis" x1="${margin.left}" x2="${right}" y1="${bottom}" y2="${bottom}"/>`,
    `<text x="${(margin.left + right) / 2}" y="${height - 8}" text-anchor="middle">${escapeHtml(xTitle)}</text>`,
    `<text transform="translate(13 ${(margin.top + bottom) / 2}) rotate(-90)" text-anchor="middle">${escapeHtml(yTitle)}</text>`,
  ];
  const drawn = lines.map(({ points, colour, dash, isStepped, hasLine }) => {
    if (!hasLine)
      return points.map(([x, y]) => `<circle cx="${xAt(x)}" cy="${yAt(y)}" r="4" fill="${colour}"/>`).join("");
    const path = points.map(([x, y], index) => {
      if (index === 0) return `M${xAt(x)} ${yAt(y)}`;
      return isStepped ? `H${xAt(x)}V${yAt(y)}` : `L${xAt(x)} ${yAt(y)}`;
    });
    return `<path d="${path.join("")}" fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>`;
  });
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(label)}">${grid.join("")}${drawn.join("")}</svg>`;
}

/** Round numbers across a range, about five of them. */
function ticks(from: number, to: number): readonly number[] {
  const rough = (to - from) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough) ?? rough;
  const first = Math.ceil(from / step);
  const count = Math.floor(to / step) - first + 1;
  return Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

function titleOf(layout: JsonObject): string {
  const { title } = layout;
  const text = isJsonObject(title) ? title.text : title;
  return typeof text === "string" ? text : "";
}

function axisTitle(layout: JsonObject, axis: "xaxis" | "yaxis"): string {
  const value = layout[axis];
  return isJsonObject(value) ? titleOf(value) : "";
}

function table({ columns, rows }: JsonObject): string {
  if (!Array.isArray(columns) || !Array.isArray(rows)) return "";
  const row = (cells: JsonValue, tag: "th" | "td"): string => {
    const shown = (Array.isArray(cells) ? cells : []).map(
      (cell: JsonValue) => `<${tag}>${escapeHtml(String(cell))}</${tag}>`,
    );
    return `<tr>${shown.join("")}</tr>`;
  };
  const body = rows.slice(0, rowsMax).map((cells: JsonValue) => row(cells, "td"));
  return `<details><summary>Data as a table</summary><table><thead>${row(columns, "th")}</thead><tbody>${body.join("")}</tbody></table></details>`;
}
