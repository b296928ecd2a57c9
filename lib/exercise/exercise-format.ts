import { z } from "zod";
import { kafkaVersions, variantIds } from "../kafka/versions.js";
import { checkSchema, id, requireSchema } from "./check-format.js";

/** The shape of `exercise.yaml`. What each field means is said here once; editors show it. */

const sentence = z.string().min(3).max(300);

export const concerns = ["safety", "availability", "latency", "cost", "understanding"] as const;

/** A number is taken as it is written. */
const scalarText = z.union([z.string(), z.number()]).transform(String);

const requirement = {
  id,
  sentence,
  concern: z.enum(concerns),
  points: z.int().min(1).max(20),
};

const common = {
  version: z.literal(1),
  id,
  title: sentence,
  kafka: z.enum(kafkaVersions),
  lesson: z.string().optional().describe("file name of the lesson it belongs to, without .ipynb"),
  difficulty: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  minutes: z.int().min(1).max(90),
  prerequisites: z.array(id).default([]),
  objectives: z.array(sentence).min(1),
  terms: z.array(z.string()).default([]),
  variations: z
    .array(z.record(z.string().regex(/^[a-z][a-z0-9-]*$/, "small letters, digits and hyphens"), scalarText))
    .min(2)
    .max(100)
    .optional()
    .describe("each learner gets one of these: `$name$` in every file of the exercise stands for its value"),
  misconceptions: z.array(id).default([]).describe("beliefs that it can tell apart; each has a file in wrong/"),
  questions: z.record(z.string(), sentence).default({}).describe("one question for each requirement that may fail"),
  hints: z.record(z.string(), z.array(sentence).length(3)).default({}).describe("three rungs for each requirement"),
};

const belief = id.optional().describe("the misconception that this choice shows");
const keys = z.array(z.string()).default([]);
const noKeys = { topic: [], producer: [], consumer: [], broker: [] };
const stepsText = z.string().min(1);

/** One rule of the model that the learner may change: an option is Kafka as it is, or a historical bug. */
const ruleSchema = z.strictObject({
  ask: sentence,
  options: z
    .record(
      id,
      z.strictObject({
        text: sentence,
        variant: z.enum(variantIds).optional().describe("the rules of the past that this option brings back"),
        misconception: belief,
      }),
    )
    .describe("what may stand below `rule`; one without a variant is Kafka as it is"),
});
export type RuleChoice = z.infer<typeof ruleSchema>;

const situationSchema = z.strictObject({
  title: sentence,
  steps: stepsText,
  fromMs: z.int().min(0).default(0).describe("faults are placed from here on, in ms"),
  untilMs: z.int().min(0).default(600_000).describe("faults are placed up to here, in ms"),
  settleMs: z
    .int()
    .min(0)
    .default(15_000)
    .describe("the run goes on so long after the fault, or after its last line, in ms"),
});
export type Situation = z.infer<typeof situationSchema>;

export const configureSchema = z.strictObject({
  ...common,
  kind: z.literal("configure"),
  given: z.string().describe("head of a scenario: cluster, topic, producer; the learner's keys are put into it"),
  asks: z
    .strictObject({ topic: keys, producer: keys, consumer: keys, broker: keys })
    .default(noKeys)
    .describe("keys that the learner may set"),
  rule: ruleSchema.optional(),
  situations: z.record(id, situationSchema).default({}).describe("what goes on in the cluster when a fault comes"),
  requirements: z.array(z.strictObject({ ...requirement, check: checkSchema, next: sentence.optional() })).min(1),
});

export type ConfigureExercise = z.infer<typeof configureSchema>;
export type ConfigureRequirement = ConfigureExercise["requirements"][number];

/** Values to fill in. They are computed from the run, never written down by the author. */
export const predictSchema = z.strictObject({
  ...common,
  kind: z.literal("predict"),
  given: stepsText.describe("a whole scenario; the state at its end is asked for"),
  requirements: z
    .array(
      z.strictObject({
        ...requirement,
        fields: z
          .record(
            id,
            z.strictObject({
              ask: sentence,
              subject: z.string().describe("as in expect: leader, isr, hw(2), outcome(d), ledger(d)"),
              wrong: z.record(z.string(), id).optional().describe("values that show a misconception"),
            }),
          )
          .describe("each is a key below `prediction`"),
      }),
    )
    .min(1),
});

const choiceFields = z
  .record(
    id,
    z.strictObject({
      ask: sentence,
      options: z
        .record(
          id,
          z.strictObject({
            text: sentence,
            right: z.boolean().default(false),
            misconception: belief,
            because: sentence,
          }),
        )
        .describe("what may be chosen; exactly one is right"),
    }),
  )
  .describe("each is a key of the answer");

export const chooseSchema = z.strictObject({
  ...common,
  kind: z.literal("choose"),
  requirements: z.array(z.strictObject({ ...requirement, fields: choiceFields })).min(1),
});

/** Like choose; what happened is shown by the outputs of tools and by metrics of a run. */
export const diagnoseSchema = z.strictObject({
  ...common,
  kind: z.literal("diagnose"),
  given: stepsText.describe("the scenario that did happen; the learner sees only what operators see of it"),
  requirements: z.array(z.strictObject({ ...requirement, fields: choiceFields })).min(1),
});

/** What an adversary may do: the first words of scenario lines, and `lose-power` for a crash that keeps only a part of the log. */
export const adversaryVerbs = [
  "crash",
  "lose-power",
  "wipe",
  "isolate",
  "cut",
  "pause",
  "drop",
  "slow",
  "slow-disk",
  "controller",
] as const;
export type AdversaryVerb = (typeof adversaryVerbs)[number];

export const breakSchema = z.strictObject({
  ...common,
  kind: z.literal("break"),
  given: stepsText.describe("a cluster at work; the learner adds faults at times"),
  may: z
    .array(z.enum(adversaryVerbs))
    .min(1)
    .default([...adversaryVerbs])
    .describe("what counts as a fault here; other lines make the answer ungradable, repairs are free"),
  requirements: z
    .array(
      z.strictObject({
        ...requirement,
        fate: z
          .enum(["acked-lost", "duplicate", "read-then-gone", "unknown-kept"])
          .describe("what a record must suffer"),
        faults: z.int().min(1).max(20).describe("with at most so many faults"),
      }),
    )
    .min(1),
});

export const operateSchema = z.strictObject({
  ...common,
  kind: z.literal("operate"),
  given: stepsText.describe("a cluster at work"),
  actions: z.record(id, z.strictObject({ text: sentence, step: z.string() })).describe("what may stand in the runbook"),
  startMs: z.int().min(0).describe("when the first step is done"),
  everyMs: z.int().min(1).describe("how long after a step the next one is done"),
  stepsMax: z.int().min(1).max(30),
  settleMs: z.int().min(0).default(15_000),
  requirements: z
    .array(
      z.strictObject({
        ...requirement,
        require: requireSchema.optional(),
        expect: z.string().optional().describe("claims about the end, as in a scenario: leader=1 isr=1,2,3"),
      }),
    )
    .min(1),
});

export type PredictExercise = z.infer<typeof predictSchema>;
export type ChooseExercise = z.infer<typeof chooseSchema>;
export type DiagnoseExercise = z.infer<typeof diagnoseSchema>;
export type BreakExercise = z.infer<typeof breakSchema>;
export type OperateExercise = z.infer<typeof operateSchema>;
export type ChoiceFields = z.infer<typeof choiceFields>;

export const exerciseSchema = z.discriminatedUnion("kind", [
  configureSchema,
  predictSchema,
  chooseSchema,
  breakSchema,
  operateSchema,
  diagnoseSchema,
]);
export type Exercise = z.infer<typeof exerciseSchema>;
