import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { gradeAnswer } from "../../lib/exercise/grade.js";
import { type LoadedExercise, loadExercise } from "../../lib/exercise/load-exercise.js";

/** The page for authors is run: each `yaml exercise` is loaded, each `yaml answer=…` below it is graded against it. */
const page = readFileSync(new URL("../../docs/exercise-format.md", import.meta.url), "utf8");

interface Block {
  readonly info: string;
  readonly text: string;
  readonly line: number;
}

function blocksOf(markdown: string): readonly Block[] {
  return [...markdown.matchAll(/^```yaml (\S.*)\n([^`]*?)^```$/gm)].map((match) => ({
    info: match[1] ?? "",
    text: match[2] ?? "",
    line: markdown.slice(0, match.index).split("\n").length,
  }));
}

const examples = blocksOf(page).reduce<{ exercise: Block; answers: Block[] }[]>((found, block) => {
  if (block.info === "exercise") found.push({ exercise: block, answers: [] });
  if (block.info.startsWith("answer=")) found.at(-1)?.answers.push(block);
  return found;
}, []);

function load({ text }: Block): LoadedExercise {
  const read = loadExercise("exercise.yaml", text);
  if (!read.ok) throw new Error(read.problems.map(({ line, what }) => `${line}: ${what}`).join("\n"));
  return read.loaded;
}

describe("docs/exercise-format.md", () => {
  it("has an example of every kind, with a right and a wrong answer to each", () => {
    const kinds = examples.map(({ exercise }) => load(exercise).exercise.kind);
    expect(new Set(kinds)).toEqual(new Set(["choose", "configure", "predict", "break", "operate"]));
    for (const { exercise, answers } of examples) {
      const infos = answers.map(({ info }) => info.split(" ")[0]);
      expect(infos, `line ${exercise.line}`).toEqual(expect.arrayContaining(["answer=pass", "answer=fail"]));
    }
  });

  for (const { exercise, answers } of examples)
    it.each(answers.map((answer) => [`${answer.info}, line ${answer.line}`, answer] as const))(
      `line ${exercise.line}: %s`,
      (_name, { info, text }) => {
        const [result = "", requirement, belief] = info.replace("answer=", "").split(" ");
        const verdict = gradeAnswer(load(exercise), text);
        const failed = verdict.requirements.filter((each) => each.result === "fail").map(({ id }) => id);
        expect({ result: verdict.result, failed: failed.includes(requirement ?? "") }).toEqual({
          result,
          failed: requirement !== undefined,
        });
        if (belief !== undefined) expect(verdict.misconceptions[0]?.id).toBe(belief);
      },
    );
});
