import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { compareOutputs } from "../../lib/notebook/compare.js";
import { tslabKernels } from "../../lib/notebook/kernel-tslab.js";
import { isFailure, runNotebook } from "../../lib/notebook/run.js";
import { lessonNames, notesOf, readLesson } from "./lesson-files.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

// Lessons import the built library, which `npm test` builds first.
const kernels = tslabKernels({ cwd: root, keepSpare: false });
afterAll(() => kernels.close());

describe("every lesson", () => {
  it.each(lessonNames)("%s runs from top to bottom and shows what is committed", { timeout: 180_000 }, async (name) => {
    const committed = readLesson(name);
    const kernel = kernels.open();
    await kernel.start();
    const run = await runNotebook(committed, kernel, { onError: "continue" });
    await kernel.shutdown();
    expect(run.cells.filter(isFailure)).toEqual([]);
    expect(compareOutputs(committed, run.notebook)).toEqual([]);
  });

  it.each(lessonNames)("%s says what one will be able to do, and for which Kafka", (name) => {
    expect(notesOf(readLesson(name))).toMatchObject({
      title: expect.stringMatching(/./),
      minutes: expect.any(Number),
      objectives: expect.arrayContaining([expect.stringMatching(/./)]),
      kafka: "4.3",
    });
  });
});
