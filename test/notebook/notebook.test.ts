import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cellTags,
  codeCell,
  convertCell,
  emptyNotebook,
  markdownCell,
  type Notebook,
  newCellId,
  parseNotebook,
  serialiseNotebook,
} from "../../lib/notebook/notebook.js";

function parsed(text: string): Notebook {
  const result = parseNotebook(text);
  if (!result.ok) throw new Error(result.error.message);
  return result.notebook;
}

/** nbformat 5.11.1, which JupyterLab saves with, reads this and writes the same bytes (`nbformat.write`). */
const written = `{
 "cells": [
  {
   "attachments": {
    "a.svg": {
     "image/svg+xml": [
      "<svg>\\n",
      "</svg>"
     ]
    }
   },
   "cell_type": "markdown",
   "id": "intro",
   "metadata": {
    "tags": [
     "b",
     "a"
    ],
    "z": {
     "10": 1,
     "9": 2
    }
   },
   "source": [
    "# Title\\n",
    "\\n",
    "é 💡 \\u0000"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": 3,
   "foreign": {
    "kept": true
   },
   "id": "c1",
   "metadata": {},
   "outputs": [
    {
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "one\\n",
      "two"
     ]
    },
    {
     "data": {
      "application/vnd.plotly.v1+json": {
       "data": [
        [
         1,
         2.5
        ],
        []
       ]
      },
      "image/png": "aGk=\\n",
      "text/html": [
       "<b>\\r\\n",
       "x</b>\\u2028",
       "end"
      ]
     },
     "metadata": {},
     "output_type": "display_data"
    },
    {
     "ename": "Error",
     "evalue": "no",
     "output_type": "error",
     "traceback": [
      "a\\nb"
     ]
    },
    {
     "output_type": "of-tomorrow",
     "x": 1
    }
   ],
   "source": []
  },
  {
   "cell_type": "raw",
   "id": "r",
   "metadata": {},
   "source": [
    "raw"
   ]
  }
 ],
 "metadata": {
  "kernelspec": {
   "display_name": "TypeScript",
   "language": "typescript",
   "name": "tslab"
  },
  "unknown": [
   1,
   {}
  ]
 },
 "nbformat": 4,
 "nbformat_minor": 5,
 "of_tomorrow": null
}
`.replaceAll("\\u2028", "\u2028");

describe("notebook files", () => {
  it("come out as they went in, byte for byte, with fields and outputs we do not know", () => {
    expect(serialiseNotebook(parsed(written))).toBe(written);
  });

  it("have text as one string in memory", () => {
    const [intro, code] = parsed(written).cells;
    expect(intro?.source).toBe("# Title\n\né 💡 \u0000");
    expect(code?.cell_type === "code" && code.outputs[0]).toEqual({
      output_type: "stream",
      name: "stdout",
      text: "one\ntwo",
    });
    expect(intro && cellTags(intro)).toEqual(["b", "a"]);
  });

  it("may have text as one string in the file too", () => {
    const text = JSON.stringify({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: {},
      cells: [{ id: "a", cell_type: "raw", metadata: {}, source: "x\ny" }],
    });
    expect(parsed(text).cells[0]?.source).toBe("x\ny");
  });

  it("older than 4.5 get ids, always the same ones, and each its own", () => {
    const cell = { cell_type: "markdown", metadata: {}, source: "same" };
    const old = JSON.stringify({
      nbformat: 4,
      nbformat_minor: 2,
      metadata: {},
      cells: [cell, cell, { ...cell, id: "bad id!" }],
    });
    const ids = parsed(old).cells.map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    expect(parsed(old).cells.map(({ id }) => id)).toEqual(ids);
    expect(parsed(old).nbformat_minor).toBe(5);
    expect(parsed(serialiseNotebook(parsed(old))).cells.map(({ id }) => id)).toEqual(ids);
  });

  it.each([
    ["", "", "not JSON"],
    ["{ nope", "", "not JSON"],
    ["[]", "", "one JSON object"],
    ["{}", "nbformat", "no `nbformat` field"],
    ['{"nbformat": 3, "worksheets": []}', "nbformat", "nbformat 3"],
    ['{"nbformat": 4}', "cells", "list of cells"],
    ['{"nbformat": 4, "cells": [1]}', "cells[0]", "JSON object"],
    ['{"nbformat": 4, "cells": [{"cell_type": "code", "source": 1}]}', "cells[0].source", "text or a list of lines"],
    ['{"nbformat": 4, "cells": [{"cell_type": "sql", "source": ""}]}', "cells[0].cell_type", '"sql"'],
    [
      '{"nbformat": 4, "cells": [{"cell_type": "raw", "source": "", "metadata": []}]}',
      "cells[0].metadata",
      "JSON object",
    ],
    ['{"nbformat": 4, "cells": [{"cell_type": "code", "source": "", "outputs": {}}]}', "cells[0].outputs", "list"],
  ])("that cannot be read are refused with the place: %s", (text, path, message) => {
    const result = parseNotebook(text);
    expect(result).toMatchObject({ ok: false, error: { path, message: expect.stringContaining(message) } });
  });

  it("that are not JSON are refused with line and column, and merge conflicts by name", () => {
    expect(parseNotebook('{\n "cells": [\n  1 2\n ]\n}')).toMatchObject({ ok: false, error: { line: 3, column: 5 } });
    expect(parseNotebook('{\n<<<<<<< HEAD\n "a": 1\n=======\n')).toMatchObject({
      ok: false,
      error: { line: 2, message: expect.stringContaining("conflict marks") },
    });
  });

  it("keep any JSON anywhere, and write the same bytes again", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: "grapheme" }), (value, source) => {
        const clean = JSON.parse(JSON.stringify({ value })) as { value: never };
        const notebook: Notebook = {
          ...emptyNotebook,
          metadata: { any: clean.value },
          cells: [{ ...codeCell("a", source), metadata: { any: clean.value } }],
        };
        const bytes = serialiseNotebook(notebook);
        expect(serialiseNotebook(parsed(bytes))).toBe(bytes);
        expect(JSON.parse(bytes)).toMatchObject({ metadata: { any: clean.value } });
      }),
    );
  });
});

describe("cells", () => {
  it("change kind without losing what both kinds can hold", () => {
    const code = { ...codeCell("a", "x"), metadata: { tags: ["t"] }, execution_count: 2, custom: 1 };
    expect(convertCell(code, "markdown")).toEqual({ ...markdownCell("a", "x"), metadata: { tags: ["t"] }, custom: 1 });
    expect(convertCell(convertCell(code, "markdown"), "code")).toEqual({
      ...codeCell("a", "x"),
      metadata: { tags: ["t"] },
      custom: 1,
    });
    expect(convertCell(code, "code")).toBe(code);
  });

  it("get ids that no other cell has", () => {
    const numbers = [0.5, 0.5, 0.25];
    const next = () => numbers.shift() ?? 0;
    const first = newCellId(emptyNotebook, next);
    expect(newCellId({ ...emptyNotebook, cells: [codeCell(first)] }, next)).not.toBe(first);
  });
});
