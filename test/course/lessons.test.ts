import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { compareOutputs } from "../../lib/notebook/compare.js";
import { tslabKernels } from "../../lib/notebook/kernel-tslab.js";
import { type Notebook, parseNotebook } from "../../lib/notebook/notebook.js";
import { isFailure, runNotebook } from "../../lib/notebook/run.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const lessons = readdirSync(new URL("../../notebooks", import.meta.url)).filter((name) => name.endsWith(".ipynb"));

function read(name: string): Notebook {
  const parsed = parseNotebook(readFileSync(new URL(`../../notebooks/${name}`, import.meta.url), "utf8"));
  if (!parsed.ok) throw new Error(`${name}: ${parsed.error.message}`);
  return parsed.notebook;
}

// Lessons import the built library, which `npm test` builds first.
const kernels = tslabKernels({ cwd: root, keepSpare: false });
afterAll(() => kernels.close());

describe("every lesson", () => {
  it.each(lessons)("%s runs from top to bottom and shows what is committed", { timeout: 180_000 }, async (name) => {
    const committed = read(name);
    const kernel = kernels.open();
    await kernel.start();
    const run = await runNotebook(committed, kernel, { onError: "continue" });
    await kernel.shutdown();
    expect(run.cells.filter(isFailure)).toEqual([]);
    expect(compareOutputs(committed, run.notebook)).toEqual([]);
  });

  it.each(lessons)("%s says what one will be able to do, and for which Kafka", (name) => {
    expect(read(name).metadata.highwater).toMatchObject({
      title: expect.stringMatching(/./),
      minutes: expect.any(Number),
      objectives: expect.arrayContaining([expect.stringMatching(/./)]),
      kafka: "4.3",
    });
  });
});
