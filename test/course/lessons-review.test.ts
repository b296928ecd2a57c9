import { expect, it } from "vitest";
import { review } from "../../lib/exercise/review/review.js";
import { lessonNames, proseOf, readLesson } from "./lesson-files.js";

it("the predictions of the review are the answers of its seed", () => {
  const notebook = readLesson(lessonNames.find((name) => name.startsWith("09-")) ?? "");
  const code = notebook.cells.map(({ source }) => source).join("\n");
  const seed = Number(/review\(\{ seed: (\d+), count: 6 \}\)/.exec(code)?.[1]);
  const predicted = [...proseOf(notebook).matchAll(/\[\[answer \d: a \| b \| c \| d = ([a-d])\]\]/g)].map(
    ([, letter]) => letter,
  );
  const right = review({ seed, count: 6 }).map(({ options }) => "abcd"[options.findIndex((option) => option.right)]);
  expect(predicted).toEqual(right);
});
