import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import type { CellDiagnostic } from "../../../lib/notebook/check/checker.js";
import { TypeThread } from "../../../lib/server/types/type-thread.js";

const notebooks = fileURLToPath(new URL("../../../notebooks", import.meta.url));

/** Runs the built worker, as the server does. */
describe("the thread that knows types", () => {
  const thread = new TypeThread(notebooks);
  afterAll(() => thread.stop());

  it("finds what is wrong across cells, under the revision it was asked with", async () => {
    const found = new Map<string, readonly CellDiagnostic[]>();
    const revisions: number[] = [];
    const cells = [
      { id: "a", source: "const brokers = [1, 2, 3];" },
      { id: "b", source: "const wrong: string = brokers;" },
    ];
    thread.update("lesson", 7, cells, (cell, revision, diagnostics) => {
      found.set(cell, diagnostics);
      revisions.push(revision);
    });
    await expect.poll(() => found.size, { timeout: 30_000 }).toBe(2);
    expect(found.get("a")).toEqual([]);
    expect(found.get("b")).toMatchObject([{ from: 6, to: 11, severity: "error" }]);
    expect(new Set(revisions)).toEqual(new Set([7]));
  });

  it("answers about places: what is this, what can stand here, where is it declared", async () => {
    const cells = [
      { id: "a", source: "const brokers = [1, 2, 3];" },
      { id: "b", source: "brokers.ma" },
    ];
    thread.update("lesson", 8, cells, () => undefined);
    const hover = await thread.ask("lesson", { about: "hover", cell: "b", offset: 2 });
    expect(hover?.signature).toContain("brokers: number[]");
    const completions = await thread.ask("lesson", { about: "completions", cell: "b", offset: 10 });
    expect(completions?.entries.map(({ name }) => name)).toContain("map");
    const definition = await thread.ask("lesson", { about: "definition", cell: "b", offset: 2 });
    expect(definition).toEqual([{ cell: "a", from: 6, to: 13 }]);
    expect(await thread.ask("nowhere", { about: "hover", cell: "x", offset: 0 })).toBeNull();
  });

  it("says what texts read and write", async () => {
    expect(await thread.names(["const b = a + 1;"])).toEqual([{ reads: ["a"], writes: ["b"] }]);
  });

  it("comes back after it was stopped", async () => {
    await thread.stop();
    expect(await thread.names(["x = 1;"])).toEqual([{ reads: [], writes: ["x"] }]);
  });
});
