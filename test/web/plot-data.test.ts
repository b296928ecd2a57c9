import { describe, expect, it } from "vitest";
import { plotSentence, plotTable, readPlot } from "../../lib/web/output/plot-data.js";

const plot = readPlot({
  data: [
    { name: "HW", x: [0, 10, 20], y: [1, 1, 3] },
    { name: "LEO", x: [0, 20, 30], y: [2, 4, 5] },
  ],
  layout: { title: { text: "<b>Watermark</b>" }, xaxis: { title: "t (ms)" } },
});

describe("a plot in words and numbers", () => {
  it("has a row for each place of the first axis and a column for each series", () => {
    expect(plot && plotTable(plot)).toEqual({
      columns: ["t (ms)", "HW", "LEO"],
      rows: [
        ["0", "1", "2"],
        ["10", "1", ""],
        ["20", "3", "4"],
        ["30", "", "5"],
      ],
      rowCount: 4,
    });
  });

  it("has a sentence made from the data", () => {
    expect(plot && plotSentence(plot)).toBe(
      "Watermark. HW: 3 values from 0 to 20, between 1 and 3; LEO: 3 values from 0 to 30, between 2 and 5.",
    );
    const flat = readPlot({ data: [{ type: "bar", x: ["acks=1"], y: [7] }] });
    expect(flat && plotSentence(flat)).toBe("Plot. y: 1 value from acks=1 to acks=1, stays at 7.");
  });

  it("survives what is no plot", () => {
    for (const value of [null, 1, "x", [], {}, { data: 3 }]) expect(readPlot(value)).toBeUndefined();
    const odd = readPlot({ data: [null, 3, { x: "abc", y: {} }], layout: 7 });
    expect(odd && plotSentence(odd)).toBe("Plot. y has no points.");
  });
});
