import { gradeKind } from "./kinds/index.js";
import type { GradeOptions } from "./kinds/kind.js";
import type { LoadedExercise } from "./load-exercise.js";
import { suggestedBy } from "./misconceptions/index.js";
import type { Problem, RequirementVerdict, Verdict, VerdictResult } from "./verdict.js";
import { verdictHash } from "./verdict-hash.js";
import { readYaml } from "./yaml-text.js";

export interface Grading extends Partial<GradeOptions> {
  /** How problems call the answer. */
  readonly file?: string;
}

const beliefsMax = 2;

/** The verdict on an answer: a pure function of exercise, answer, seed and library version. Never throws over an answer. */
export function gradeAnswer(loaded: LoadedExercise, answerText: string, grading: Grading = {}): Verdict {
  const { exercise } = loaded;
  const { file = "answer.yaml", seed = 0, variant, brief = false } = grading;
  const hashed = (answer: Parameters<typeof verdictHash>[1]) => verdictHash(loaded.text, answer, seed);
  const outOf = exercise.requirements.reduce((sum, { points }) => sum + points, 0);
  const base = {
    format: "highwater-verdict",
    version: 1,
    exercise: { id: exercise.id, title: exercise.title, kind: exercise.kind },
    outOf,
    hidden: { run: false, passed: 0, of: 0 },
  } as const;
  const ungradable = (problems: readonly Problem[], hash: string): Verdict => ({
    ...base,
    result: "ungradable",
    points: 0,
    requirements: [],
    misconceptions: [],
    question: null,
    problems,
    hash,
  });
  const read = readYaml(file, answerText);
  if (!read.ok) return ungradable(read.problems, hashed(answerText));
  const graded = gradeKind(exercise, read.text, { seed, brief, ...(variant === undefined ? {} : { variant }) });
  const hash = hashed(read.text.value);
  if (!graded.ok) return ungradable(graded.problems, hash);
  const { requirements, evidence } = graded;
  const result = resultOf(requirements);
  const lead = requirements.find((requirement) => requirement.result === "fail");
  return {
    ...base,
    result,
    points: pointsOf(requirements),
    requirements,
    misconceptions: result === "pass" ? [] : suggestedBy(evidence).slice(0, beliefsMax),
    question: lead === undefined ? null : (exercise.questions[lead.id] ?? null),
    problems: [],
    ...(graded.calibration == null ? {} : { calibration: graded.calibration }),
    hash,
  };
}

function resultOf(requirements: readonly RequirementVerdict[]): VerdictResult {
  if (requirements.some(({ result }) => result === "fail")) return "fail";
  return requirements.some(({ result }) => result === "inconclusive") ? "inconclusive" : "pass";
}

/** Safety gates: while it is not met, nothing else counts. */
function pointsOf(requirements: readonly RequirementVerdict[]): number {
  if (requirements.some(({ concern, result }) => concern === "safety" && result !== "pass")) return 0;
  return requirements.reduce((sum, { points }) => sum + points, 0);
}
