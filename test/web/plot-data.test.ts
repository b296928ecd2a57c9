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

  it("is read from JSON text too, as display.raw leaves it, and from nothing else", () => {
    const spec = { data: [{ x: [1], y: [2] }], layout: {} };
    expect(readPlot(JSON.stringify(spec))).toEqual(readPlot(spec));
    for (const other of ["", "{", "3", "null", "[]", '{"data":1}']) expect(readPlot(other)).toBeUndefined();
  });

  it("uses its author's words and table where there are some", () => {
    const alternative = { sentence: "HW stays at 3.", columns: ["line", "ms"], rows: [["HW", 0]] };
    const told = readPlot({ data: [{ x: [1], y: [2] }], layout: {}, alternative });
    expect(told && plotSentence(told)).toBe("HW stays at 3.");
    expect(told && plotTable(told)).toEqual({ columns: ["line", "ms"], rows: [["HW", "0"]], rowCount: 1 });
    const broken = readPlot({ data: [{ name: "a", x: [1], y: [2] }], layout: {}, alternative: { sentence: 3 } });
    expect(broken && plotSentence(broken)).toBe("Plot. a: 1 value from 1 to 1, stays at 2.");
  });
});
