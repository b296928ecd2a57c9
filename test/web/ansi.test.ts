import { describe, expect, it } from "vitest";
import { parseAnsi } from "../../lib/web/output/ansi.js";

const spans = (text: string) =>
  parseAnsi(text).map(({ text: part, className, color, background }) =>
    [part, className, color, background].filter((value) => value).join("|"),
  );

describe("terminal text", () => {
  it("keeps plain text in one piece", () => {
    expect(spans("a\nb")).toEqual(["a\nb"]);
  });

  it("reads colours, marks and their ends", () => {
    expect(spans("\u001b[31mred\u001b[0m plain \u001b[1;4;32mboth\u001b[22m less\u001b[m")).toEqual([
      "red|ansi-red",
      " plain ",
      "both|ansi-bold ansi-underline ansi-green",
      " less|ansi-underline ansi-green",
    ]);
    expect(spans("\u001b[97;44mx\u001b[39my")).toEqual(["x|ansi-bright-white ansi-on-blue", "y|ansi-on-blue"]);
  });

  it("reads the palette of 256 and exact colours", () => {
    expect(spans("\u001b[38;5;9ma\u001b[38;5;196mb\u001b[38;5;240mc\u001b[48;2;1;2;300md")).toEqual([
      "a|ansi-bright-red",
      "b|rgb(255 0 0)",
      "c|rgb(88 88 88)",
      "d|rgb(88 88 88)|rgb(1 2 255)",
    ]);
  });

  it("drops what a terminal would do and a page cannot: cursor moves, titles, links", () => {
    expect(spans("a\u001b[2Kb\u001b[1;5Hc\u001b]0;title\u0007d\u001b]8;;http://x\u001b\\e")).toEqual([
      "a",
      "b",
      "c",
      "d",
      "e",
    ]);
  });

  it("lets a carriage return write the line again", () => {
    expect(spans("10 %\r20 %\r100 %\ndone\r\n")).toEqual(["100 %\ndone\n"]);
  });
});
