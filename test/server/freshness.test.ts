import { describe, expect, it } from "vitest";
import type { CellNames } from "../../lib/notebook/dependencies.js";
import { type CellFacts, markRuns } from "../../lib/server/freshness.js";

/** A cell in tests: "a = b c" writes a and reads b and c. */
function namesOf(source: string): CellNames {
  const [left = "", right = ""] = source.split("=");
  const words = (text: string) => text.split(" ").filter((word) => word !== "");
  return { writes: words(left), reads: words(right) };
}

/** "a = 1 @2" is the cell `a = 1` that ran second; "a = 1 @2 was a = 0" had another text then. */
function marks(...lines: string[]): string[] {
  const cells = lines.map((line, index): CellFacts => {
    const [, source = "", order, was] = /^(.*?)(?: @(\d+))?(?: was (.*))?$/.exec(line) ?? [];
    const last = order === undefined ? {} : { last: { source: was ?? source, order: Number(order) } };
    return { id: String(index), source, run: { mark: "fresh", ending: "ok" }, ...last };
  });
  return [...markRuns(cells, namesOf).values()].map(({ mark, because }) => (because ? `${mark}: ${because}` : mark));
}

describe("marks of cells", () => {
  it("tells never run from fresh", () => {
    expect(marks("a =", "b = a @1")).toEqual(["never", "fresh"]);
  });

  it("marks a cell whose text has changed, and every cell that reads what it writes", () => {
    expect(marks("a = x @1 was a =", "b = a @2", "c = b @3", "d = @4")).toEqual([
      "stale: its text has changed since it ran",
      "stale: `a` comes from a stale cell",
      "stale: `b` comes from a stale cell",
      "fresh",
    ]);
  });

  it("marks readers when a cell they read is run again, until they are run again themselves", () => {
    expect(marks("a = @3", "b = a @2")).toEqual(["fresh", "stale: `a` has been set again since it ran"]);
    expect(marks("a = @3", "b = a @4")).toEqual(["fresh", "fresh"]);
  });

  it("does not care in which order the cells stand, only in which they ran", () => {
    expect(marks("b = a @2", "a = @1")).toEqual(["fresh", "fresh"]);
    expect(marks("b = a @1", "a = @2")).toEqual(["stale: `a` has been set again since it ran", "fresh"]);
  });
});
