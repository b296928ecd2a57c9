import type { Exercise } from "../exercise-format.js";
import type { YamlText } from "../yaml-text.js";
import { gradeBreak } from "./break.js";
import { gradeChoose } from "./choose.js";
import { gradeConfigure } from "./configure.js";
import type { GradeOptions, KindResult } from "./kind.js";
import { gradeOperate } from "./operate.js";
import { gradePredict } from "./predict.js";

/** Grades an answer of any kind. */
export function gradeKind(exercise: Exercise, answer: YamlText, options: GradeOptions): KindResult {
  switch (exercise.kind) {
    case "configure":
      return gradeConfigure(exercise, answer, options);
    case "predict":
      return gradePredict(exercise, answer, options);
    case "choose":
    case "diagnose":
      return gradeChoose(exercise, answer);
    case "break":
      return gradeBreak(exercise, answer, options);
    case "operate":
      return gradeOperate(exercise, answer, options);
  }
}
