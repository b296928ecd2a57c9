import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { codeCell, emptyNotebook } from "../../lib/notebook/notebook.js";
import { LearnerCopy } from "../../lib/server/learner-copy.js";
import type { DocumentOp } from "../../lib/server/wire.js";

const course = { ...emptyNotebook, cells: [codeCell("first", "print one")] };
const edit = (version: number): readonly DocumentOp[] => [
  { type: "edit", cell: "first", version, changes: [9, [0, `typed ${version}`]] },
];

it("an edit that is accepted while the copy is being saved survives a kill right behind that save", async () => {
  const folder = mkdtempSync(join(tmpdir(), "highwater-copy-"));
  try {
    // The first save writes the base as well, and takes the longer for it; the second does not.
    for (const turn of [0, 1]) {
      const copy = new LearnerCopy(folder, "01-copies", course);
      copy.load();
      copy.accept(edit(2 * turn));
      const saving = copy.save(course);
      copy.accept(edit(2 * turn + 1));
      await saving;
      // What a server finds that is started after the kill.
      expect(new LearnerCopy(folder, "01-copies", course).load().unsaved).toEqual([edit(2 * turn + 1)]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
