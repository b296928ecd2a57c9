import type { Exercise } from "../exercise-format.js";
import type { YamlText } from "../yaml-text.js";
import { gradeConfigure } from "./configure.js";
import type { GradeOptions, KindResult } from "./kind.js";

/** Grades an answer of any kind. */
export function gradeKind(exercise: Exercise, answer: YamlText, options: GradeOptions): KindResult {
  switch (exercise.kind) {
    case "configure":
      return gradeConfigure(exercise, answer, options);
  }
}
