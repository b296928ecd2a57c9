import { z } from "zod";
import { concerns } from "./exercise-format.js";
import type { Verdict } from "./verdict.js";

/** The shape of a verdict's JSON, for programs that read one. What each field means is said in `verdict.ts`. */

const field = z.strictObject({
  field: z.string(),
  answered: z.string().nullable(),
  expected: z.string(),
  right: z.boolean(),
  because: z.string().nullable(),
});

const counterexample = z.strictObject({
  introduction: z.string(),
  steps: z.array(z.strictObject({ sentence: z.string(), because: z.string().nullable() })),
  conclusion: z.string(),
  scenario: z.string().describe("plays the same thing with `highwater run`"),
  failsAtStep: z.int().min(0),
  causeChain: z.array(z.string()),
  key: z.string().nullable().describe("group and key of the answer to look at"),
});

const requirement = z.strictObject({
  id: z.string(),
  sentence: z.string(),
  concern: z.enum(concerns),
  result: z.enum(["pass", "fail", "inconclusive"]),
  points: z.number().min(0),
  outOf: z.number().min(0),
  searched: z.string().describe("what was searched or played, with its bounds"),
  next: z.string().nullable(),
  counterexample: counterexample.nullable(),
  fields: z.array(field),
});

const problem = z.strictObject({
  file: z.string(),
  line: z.int().min(1).nullable(),
  column: z.int().min(1).nullable(),
  what: z.string(),
  why: z.string(),
  remedy: z.string(),
});

export const verdictSchema: z.ZodType<Verdict> = z.strictObject({
  format: z.literal("highwater-verdict"),
  version: z.literal(1),
  exercise: z.strictObject({
    id: z.string(),
    title: z.string(),
    kind: z.enum(["configure", "predict", "choose", "break", "operate", "diagnose"]),
  }),
  result: z.enum(["pass", "fail", "ungradable", "inconclusive"]),
  points: z.number().min(0),
  outOf: z.number().min(0),
  requirements: z.array(requirement),
  misconceptions: z.array(
    z.strictObject({
      id: z.string(),
      belief: z.string(),
      explanation: z.string(),
      scenario: z.string().nullable(),
    }),
  ),
  question: z.string().nullable(),
  problems: z.array(problem).describe("why an answer cannot be graded, or why grading stopped"),
  calibration: z
    .strictObject({
      answers: z.array(z.strictObject({ field: z.string(), percent: z.int().min(0).max(100), right: z.boolean() })),
      saidPercent: z.int(),
      rightPercent: z.int(),
      brier: z.int().describe("Brier score times 100: 0 is best"),
      sentence: z.string(),
    })
    .optional()
    .describe("where the learner said how sure they were"),
  hidden: z.strictObject({ run: z.boolean(), passed: z.int().min(0), of: z.int().min(0) }),
  hash: z.string().describe("SHA-256 of exercise, answer, seed and library version"),
});
