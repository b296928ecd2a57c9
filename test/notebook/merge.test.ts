import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeNotebooks } from "../../lib/notebook/merge.js";
import { codeCell, emptyNotebook, type Notebook } from "../../lib/notebook/notebook.js";

/** A notebook in short: `a b=text c` has three cells; a cell's text is its id unless said otherwise. */
function notebook(short: string): Notebook {
  const cells = short
    .split(" ")
    .filter(Boolean)
    .map((word) => {
      const [id = "", source = id] = word.split("=");
      return codeCell(id, source);
    });
  return { ...emptyNotebook, cells };
}

function short({ cells }: Notebook): string {
  return cells.map(({ id, source }) => (id === source ? id : `${id}=${source}`)).join(" ");
}

describe("the course's changes and the learner's", () => {
  it.each([
    // base, mine, theirs, merged, conflicts
    ["a b c", "a b c", "a b c", "a b c", ""],
    ["a b c", "a b=mine c", "a b c", "a b=mine c", ""],
    ["a b c", "a b c", "a b=new c", "a b=new c", ""],
    ["a b c", "a=mine b c", "a b c=new", "a=mine b c=new", ""],
    ["a b c", "a b=same c", "a b=same c", "a b=same c", ""],
    ["a b c", "a b=mine c", "a b=new c", "a b=mine c", "b:new"],
    ["a b c", "a b c", "a n b c", "a n b c", ""],
    ["a b c", "a b m c", "a b c", "a b m c", ""],
    ["a b c", "a b m c", "a b n c", "a b m n c", ""],
    ["a b c", "a c", "a b c", "a c", ""],
    ["a b c", "a b c", "a c", "a c", ""],
    ["a b c", "a c", "a b=new c", "a b=new c", "b:new"],
    ["a b c", "a b=mine c", "a c", "a b=mine c", "b:"],
    ["a b c", "c a b", "a b c n", "c n a b", ""],
    ["a b c", "a b c", "c b a", "c b a", ""],
    ["a b c", "a b c m", "c b a", "c m b a", ""],
    ["", "m", "n", "m n", ""],
    ["", "a=mine", "a=new", "a=mine", "a:new"],
  ])("base %j, mine %j, theirs %j give %j", (base, mine, theirs, merged, conflicts) => {
    const result = mergeNotebooks(notebook(base), notebook(mine), notebook(theirs));
    expect(short(result.notebook)).toBe(merged);
    expect([...result.conflicts].map(([id, conflict]) => `${id}:${conflict.theirs}`).join(" ")).toBe(conflicts);
    for (const { what } of result.conflicts.values()) expect(what).toMatch(/\.$/);
  });

  it("keeps outputs with the text they came from", () => {
    const ran = (source: string, text: string) => ({
      ...codeCell("a", source),
      outputs: [{ output_type: "stream" as const, name: "stdout" as const, text }],
    });
    const of = (cell: ReturnType<typeof ran>): Notebook => ({ ...emptyNotebook, cells: [cell] });
    const base = of(ran("1", "old"));
    expect(mergeNotebooks(base, of(ran("1", "mine")), of(ran("1", "new"))).notebook.cells[0]).toMatchObject({
      outputs: [{ text: "mine" }],
    });
    expect(mergeNotebooks(base, of(ran("1", "mine")), of(ran("2", "new"))).notebook.cells[0]).toMatchObject({
      outputs: [{ text: "new" }],
    });
  });

  it("loses nothing the learner wrote and invents nothing, whatever happened", () => {
    const ids = ["a", "b", "c", "d"];
    const side = fc
      .uniqueArray(fc.record({ id: fc.constantFrom(...ids), source: fc.constantFrom("1", "2", "3") }), {
        selector: ({ id }) => id,
      })
      .map((cells): Notebook => ({ ...emptyNotebook, cells: cells.map(({ id, source }) => codeCell(id, source)) }));
    fc.assert(
      fc.property(side, side, side, (base, mine, theirs) => {
        const { notebook: merged, conflicts } = mergeNotebooks(base, mine, theirs);
        const textOf = (from: Notebook, id: string) => from.cells.find((cell) => cell.id === id)?.source;
        expect(new Set(merged.cells.map(({ id }) => id)).size).toBe(merged.cells.length);
        for (const id of ids) {
          const [was, left, right, now] = [base, mine, theirs, merged].map((from) => textOf(from, id));
          if (left !== was && left !== undefined) expect(now).toBe(left);
          else if (right !== was) expect(now).toBe(right);
          expect([left, right]).toContain(now);
          const bothChanged = left !== was && right !== was && left !== right;
          expect(conflicts.has(id)).toBe(bothChanged);
        }
      }),
    );
  });
});
