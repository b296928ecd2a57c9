import { useEffect, useRef, useState } from "preact/hooks";
import { messageOf } from "../parts/api.js";
import { type PlotSpec, plotSentence, plotTable, readPlot } from "./plot-data.js";

/** The part of plotly that is used here. */
interface Plotly {
  react(element: HTMLElement, data: unknown, layout: unknown, config: unknown): Promise<unknown>;
  purge(element: HTMLElement): void;
}

let loading: Promise<Plotly> | undefined;

const usualHeightPx = 380;

/** A plot. Plotly is large, so it is loaded when the first plot comes near the screen; sentence and table need none. */
export function PlotOutput({ value }: { value: unknown }) {
  const plot = readPlot(value);
  if (plot === undefined) return <p class="output-note">This plot has no data.</p>;
  return <Plot plot={plot} />;
}

function Plot({ plot }: { plot: PlotSpec }) {
  const host = useRef<HTMLDivElement>(null);
  const [problem, setProblem] = useState<string>();
  const sentence = plotSentence(plot);
  const height = typeof plot.layout.height === "number" ? plot.layout.height : usualHeightPx;
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    let draw = () => Promise.resolve();
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        observer.disconnect();
        draw = async () => {
          loading ??= import(/* the build's own file */ PLOTLY_URL).then((module) => module.default as Plotly);
          const plotly = await loading;
          await plotly.react(element, plot.data, themedLayout(element, plot.layout, height), {
            responsive: true,
            displaylogo: false,
            displayModeBar: false,
          });
        };
        draw().catch((error: unknown) => setProblem(messageOf(error)));
      },
      { rootMargin: "400px" },
    );
    observer.observe(element);
    const redraw = () => void draw();
    const system = matchMedia("(prefers-color-scheme: dark)");
    document.addEventListener("highwater-looks", redraw);
    system.addEventListener("change", redraw);
    return () => {
      observer.disconnect();
      document.removeEventListener("highwater-looks", redraw);
      system.removeEventListener("change", redraw);
      void loading?.then((plotly) => plotly.purge(element));
    };
  }, [plot, height]);
  return (
    <figure class="output-plot">
      <div ref={host} role="img" aria-label={sentence} style={{ minHeight: `${height}px` }} />
      {problem !== undefined && <p class="output-note">The plot could not be drawn: {problem}</p>}
      <figcaption>{sentence}</figcaption>
      <PlotTableView plot={plot} />
    </figure>
  );
}

function PlotTableView({ plot }: { plot: PlotSpec }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Data as a table</summary>
      {isOpen && <DataTable plot={plot} />}
    </details>
  );
}

function DataTable({ plot }: { plot: PlotSpec }) {
  const { columns, rows, rowCount } = plotTable(plot);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to reach it
    <section class="output-table" aria-label="Data of the plot" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row[0]}>
              {row.map((value, index) => (
                <td key={columns[index]}>{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rowCount > rows.length && <p>{`The first ${rows.length} of ${rowCount} rows.`}</p>}
    </section>
  );
}

/** The author's layout in the page's colours, where the author has not chosen. */
function themedLayout(element: HTMLElement, layout: PlotSpec["layout"], height: number): object {
  const style = getComputedStyle(element);
  const colour = (name: string) => {
    // Resolved through a real property, since custom properties keep `light-dark()` unresolved.
    element.style.setProperty("outline-color", `var(${name})`);
    const value = style.outlineColor;
    element.style.removeProperty("outline-color");
    return value;
  };
  const axis = {
    gridcolor: colour("--line"),
    linecolor: colour("--line-strong"),
    zerolinecolor: colour("--line-strong"),
  };
  const withAxis = (value: unknown) => ({ automargin: true, ...axis, ...(typeof value === "object" ? value : {}) });
  return {
    margin: { l: 48, r: 12, t: layout.title === undefined ? 12 : 44, b: 44 },
    colorway: ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#999999"],
    ...layout,
    height,
    font: { family: style.fontFamily, size: 14, color: colour("--text"), ...(layout.font ?? {}) },
    paper_bgcolor: "transparent",
    plot_bgcolor: "transparent",
    xaxis: withAxis(layout.xaxis),
    yaxis: withAxis(layout.yaxis),
  };
}
