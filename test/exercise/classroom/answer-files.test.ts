import { describe, expect, it } from "vitest";
import { roleOf } from "../../../lib/exercise/classroom/answer-files.js";
import { learnerName } from "../../../lib/exercise/classroom/learner-name.js";
import { handedInLast } from "../../../lib/exercise/classroom/submission.js";

const exercises = ["01-one", "02-two", "12-two"];

describe("what a file of a submission is", () => {
  it.each([
    ["01-one/answer.yaml", "01-one"],
    ["course/exercises/02-two/answer.yaml", "02-two"],
    ["01-one.yaml", "01-one"],
    ["1.yaml", "01-one"],
    ["02.yml", "02-two"],
    // Canvas puts learner, user and submission in front, and counts resubmissions behind.
    ["lovelaceada_4711_815_02-two.yaml", "02-two"],
    ["lovelaceada_LATE_4711_815_02-two-1.yaml", "02-two"],
  ])("%s answers %s", (path, exercise) => {
    expect(roleOf(path, exercises)).toEqual({ role: "answer", exercise, order: handedInLast });
  });

  it.each([
    ["attempt-2/01-one.yaml", 2],
    ["attempts/11/01-one/answer.yaml", 11],
  ])("%s is attempt %d", (path, order) => {
    expect(roleOf(path, exercises)).toMatchObject({ role: "answer", order });
  });

  it.each([
    "README.md",
    "answer.yaml",
    "01-one/solution.yaml",
    "01-one/wrong/01-one.yaml",
    "__MACOSX/01-one/answer.yaml",
    "__MACOSX/._01-one.yaml",
    "node_modules/x/01-one.yaml",
    "one.yaml",
  ])("%s is not for the grader", (path) => {
    expect(roleOf(path, exercises)).toBeNull();
  });

  it("answer.yaml alone will do where there is only one exercise", () => {
    expect(roleOf("answer.yaml", ["01-one"])).toMatchObject({ exercise: "01-one" });
  });
});

it.each([
  ["Ada Lovelace_4711_assignsubmission_file", "Ada Lovelace", "4711"],
  ["Ada Lovelace_4711_assignsubmission_file_", "Ada Lovelace", "4711"],
  ["lovelaceada_4711_815_answers", "lovelaceada", "4711"],
  ["lovelaceada_LATE_4711_815_answers", "lovelaceada", "4711"],
  ["ada", "ada", null],
  ["ada_b", "ada_b", null],
])("%s is from %s", (submission, name, platformId) => {
  expect(learnerName(submission)).toEqual({ name, platformId });
});
