import type { HiddenChecks } from "./hidden.js";
import { gradeKind } from "./kinds/index.js";
import type { GradeOptions } from "./kinds/kind.js";
import type { LoadedExercise } from "./load-exercise.js";
import { suggestedBy } from "./misconceptions/index.js";
import type { NamedMisconception, Problem, RequirementVerdict, Verdict, VerdictResult } from "./verdict.js";
import { verdictHash } from "./verdict-hash.js";
import { readYaml, type YamlText } from "./yaml-text.js";

export interface Grading extends Partial<GradeOptions> {
  /** How problems call the answer. */
  readonly file?: string;
  /** Checks that only the grader holds. */
  readonly hidden?: HiddenChecks;
}

const beliefsMax = 2;

/** The verdict on an answer: a pure function of exercise, answer, seed and library version. Never throws over an answer. */
export function gradeAnswer(loaded: LoadedExercise, answerText: string, grading: Grading = {}): Verdict {
  const { exercise } = loaded;
  const { file = "answer.yaml", seed = 0, variant, brief = false, hidden } = grading;
  const hiddenRequirements = hidden?.exercise.requirements ?? [];
  const graders = hidden === undefined ? loaded.text : `${loaded.text}\n${hidden.text}`;
  const base = {
    format: "highwater-verdict",
    version: 1,
    exercise: { id: exercise.id, title: exercise.title, kind: exercise.kind },
    outOf: [...exercise.requirements, ...hiddenRequirements].reduce((sum, { points }) => sum + points, 0),
    hidden: { run: hidden !== undefined, passed: 0, of: hiddenRequirements.length },
  } as const;
  const ungradable = (problems: readonly Problem[], answer: Parameters<typeof verdictHash>[1]): Verdict => ({
    ...base,
    result: "ungradable",
    points: 0,
    requirements: [],
    misconceptions: [],
    question: null,
    problems,
    hash: verdictHash(graders, answer, seed),
  });
  const read = readYaml(file, answerText);
  if (!read.ok) return ungradable(read.problems, answerText);
  const options = { seed, brief, ...(variant === undefined ? {} : { variant }) };
  const graded = gradeKind(exercise, read.text, options);
  if (!graded.ok) return ungradable(graded.problems, read.text.value);
  const { requirements, evidence } = graded;
  const unseen = hidden === undefined ? nothingHidden : gradeHidden(hidden, read.text, options);
  const all = [...requirements, ...unseen.requirements];
  const result = resultOf(all);
  const beliefs = result === "pass" ? [] : [...suggestedBy(evidence), ...unseen.beliefs];
  const lead = requirements.find((requirement) => requirement.result === "fail");
  return {
    ...base,
    result,
    points: pointsOf(all),
    requirements,
    misconceptions: [...new Map(beliefs.map((belief) => [belief.id, belief])).values()].slice(0, beliefsMax),
    question: lead === undefined ? null : (exercise.questions[lead.id] ?? null),
    problems: [],
    ...(graded.calibration == null ? {} : { calibration: graded.calibration }),
    hidden: { ...base.hidden, passed: unseen.requirements.filter(({ result }) => result === "pass").length },
    hash: verdictHash(graders, read.text.value, seed),
  };
}

interface Unseen {
  readonly requirements: readonly Pick<RequirementVerdict, "concern" | "result" | "points">[];
  readonly beliefs: readonly NamedMisconception[];
}

const nothingHidden: Unseen = { requirements: [], beliefs: [] };

/** Of hidden checks only what was reached is told: their schedules and seeds stay with the grader. */
function gradeHidden({ exercise }: HiddenChecks, answer: YamlText, options: GradeOptions): Unseen {
  const graded = gradeKind(exercise, answer, options);
  if (graded.ok) return { requirements: graded.requirements, beliefs: suggestedBy(graded.evidence) };
  // An attack or a runbook that cannot be carried out on the hidden cluster has not met what is asked of it there.
  const requirements = exercise.requirements.map(({ concern }) => ({ concern, result: "fail" as const, points: 0 }));
  return { requirements, beliefs: [] };
}

function resultOf(requirements: readonly Pick<RequirementVerdict, "result">[]): VerdictResult {
  if (requirements.some(({ result }) => result === "fail")) return "fail";
  return requirements.some(({ result }) => result === "inconclusive") ? "inconclusive" : "pass";
}

/** Safety gates: while it is not met, nothing else counts. */
function pointsOf(requirements: Unseen["requirements"]): number {
  if (requirements.some(({ concern, result }) => concern === "safety" && result !== "pass")) return 0;
  return requirements.reduce((sum, { points }) => sum + points, 0);
}
