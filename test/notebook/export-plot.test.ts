import { describe, expect, it } from "vitest";
import { plotHtml } from "../../lib/notebook/export-plot.js";

const spec = {
  data: [
    {
      type: "scatter",
      mode: "lines",
      name: "HW <1>",
      x: [0, 10, 20],
      y: [0, 0, 4],
      line: { shape: "hv", dash: "dot" },
    },
    { type: "scatter", mode: "markers", name: "LEO", x: [0, 20], y: [1, 4], marker: { color: "red;}" } },
  ],
  layout: { title: { text: "Watermarks" }, xaxis: { title: { text: "ms" } } },
  alternative: { sentence: "HW goes from 0 to 4.", columns: ["line", "ms"], rows: [["HW", 0]] },
};

describe("a plot in an exported file", () => {
  it("is drawn to scale, stepped where it is stepped, with title, names, sentence and numbers", () => {
    const html = plotHtml(spec) ?? "";
    // From (0, 0) at the axes' corner: flat to 20 of 20, the right edge, then up to 4 of 4, the top.
    expect(html).toContain('d="M52.0 276.0H359.0V276.0H666.0V12.0"');
    expect(html).toContain('<circle cx="666.0" cy="12.0" r="4"');
    for (const part of ["Watermarks", "HW &lt;1&gt;", "HW goes from 0 to 4.", "<th>ms</th>", "<td>HW</td>"])
      expect(html).toContain(part);
    expect(plotHtml(JSON.stringify(spec))).toBe(html);
  });

  it("takes over nothing that could be more than a colour", () => {
    expect(plotHtml(spec)).not.toContain("red;");
  });

  it("is left to its text where it is of another kind, or none at all", () => {
    for (const other of [{ data: [{ type: "heatmap", z: [[1]] }] }, { data: [] }, "{", null, 3, { data: 1 }])
      expect(plotHtml(other)).toBeUndefined();
    expect(plotHtml({ data: [{ x: [], y: [] }] })).toContain("<svg");
  });
});
