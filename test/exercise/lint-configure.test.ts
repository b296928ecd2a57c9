import { describe, it } from "vitest";
import { exercisesOf, expectContent } from "./lint-course.js";

describe("the course's configurations", () => {
  it.each(exercisesOf("configure"))("%s is content", expectContent);
});
