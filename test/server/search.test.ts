import { expect, it } from "vitest";
import { emptyNotebook, markdownCell } from "../../lib/notebook/notebook.js";
import { searchLessons } from "../../lib/server/search.js";

function excerptsFor(source: string, query: string): readonly string[] {
  const notebook = { ...emptyNotebook, cells: [markdownCell("only", source)] };
  return searchLessons([{ slug: "01-a", title: "A", notebook }], query).map(({ excerpt }) => excerpt);
}

it("does not tell the answer of a prediction", () => {
  const source = "::: predict hw\nWhere is the mark?\n\nHW of broker 1 [[HW of broker 1: 0 | 1 = 0]]\n:::";
  expect(excerptsFor(source, "mark")).toEqual(["Where is the mark? HW of broker 1 ____"]);
});

it("ends an excerpt behind a whole word", () => {
  const [excerpt] = excerptsFor("watermark ".repeat(40), "watermark");
  expect(excerpt).toMatch(/^(watermark )+…$/);
});
