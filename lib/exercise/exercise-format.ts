import { z } from "zod";
import { faultKinds } from "../check/world/faults.js";
import { kafkaVersions } from "../kafka/versions.js";

/** The shape of `exercise.yaml`. What each field means is said here once; editors show it. */

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,60}$/, "small letters, digits and hyphens");
const sentence = z.string().min(3).max(300);

/** What must hold at the end of a run. All that are named must. */
export const requireSchema = z.strictObject({
  nothing: z
    .array(z.enum(["acked-lost", "duplicate", "read-then-gone", "out-of-order", "unknown-kept"]))
    .optional()
    .describe("fates that no record may have had"),
  acked: z.array(z.string()).optional().describe("values whose send must have been acknowledged"),
  withinMs: z.int().min(1).optional().describe("how long an acknowledgement of `acked` may take, in ms"),
});

const checkSchema = z.union([
  z.strictObject({
    sweep: z.strictObject({
      situations: z.array(z.string()).min(1),
      fault: z
        .array(z.string())
        .min(1)
        .describe("steps as a scenario has them; {broker} is each broker in turn; `+20s start {broker}` happens later"),
      require: requireSchema,
    }),
  }),
  z.strictObject({
    play: z.strictObject({
      situations: z.array(z.string()).min(1),
      seeds: z.array(z.int().min(0)).optional(),
      require: requireSchema,
    }),
  }),
  z.strictObject({
    explore: z.strictObject({
      faults: z.partialRecord(z.enum(faultKinds), z.int().min(1).max(3)),
      records: z.int().min(1).max(4),
      states: z.int().min(100).max(2_000_000),
    }),
  }),
  z.strictObject({
    limit: z.strictObject({
      copies: z.int().min(1).optional().describe("at most so many copies of each record"),
      situation: z.string().optional(),
      ackMs: z.int().min(1).optional().describe("the slowest acknowledgement of the situation, in ms"),
    }),
  }),
]);

export const concerns = ["safety", "availability", "latency", "cost", "understanding"] as const;

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
  misconceptions: z.array(id).default([]).describe("beliefs that it can tell apart; each has a file in wrong/"),
  questions: z.record(z.string(), sentence).describe("one question for each requirement that may fail"),
  hints: z.record(z.string(), z.array(sentence).length(3)).describe("three rungs for each requirement"),
};

const keys = z.array(z.string()).default([]);
const stepsText = z.string().min(1);

export const configureSchema = z.strictObject({
  ...common,
  kind: z.literal("configure"),
  given: z.string().describe("head of a scenario: cluster, topic, producer; the learner's keys are put into it"),
  asks: z
    .strictObject({ topic: keys, producer: keys, consumer: keys, broker: keys })
    .describe("keys that the learner may set"),
  situations: z
    .record(
      id,
      z.strictObject({
        title: sentence,
        steps: stepsText,
        fromMs: z.int().min(0).default(0).describe("faults are placed from here on, in ms"),
        untilMs: z.int().min(0).default(600_000).describe("faults are placed up to here, in ms"),
        settleMs: z.int().min(0).default(15_000).describe("the run goes on so long after the fault, in ms"),
      }),
    )
    .describe("what goes on in the cluster when a fault comes"),
  requirements: z.array(z.strictObject({ ...requirement, check: checkSchema, next: sentence.optional() })).min(1),
});

export type ConfigureExercise = z.infer<typeof configureSchema>;
export type ConfigureRequirement = ConfigureExercise["requirements"][number];
export type Check = z.infer<typeof checkSchema>;
export type Require = z.infer<typeof requireSchema>;

export const exerciseSchema = z.discriminatedUnion("kind", [configureSchema]);
export type Exercise = z.infer<typeof exerciseSchema>;
