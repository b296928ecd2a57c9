import { z } from "zod";
import type { AvailabilityPromiseId } from "../check/guarantees/proof.js";
import { safetyPromiseIds } from "../check/guarantees/safety-promises.js";
import { parseFaults } from "../check/world/faults.js";

/** The checks of a configure exercise: each runs the learner's own configuration in its own way. */

/** Small letters, digits and hyphens: how exercises, requirements, situations and options are called. */
export const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,60}$/, "small letters, digits and hyphens");

/** What must hold at the end of a run. All that are named must. */
export const requireSchema = z.strictObject({
  nothing: z
    .array(z.enum(["acked-lost", "duplicate", "read-then-gone", "out-of-order", "unknown-kept"]))
    .optional()
    .describe("fates that no record may have had"),
  acked: z.array(z.string()).optional().describe("values whose send must have been acknowledged"),
  withinMs: z.int().min(1).optional().describe("how long an acknowledgement of `acked` may take, in ms"),
});

const situations = z.array(z.string()).min(1).describe("names of situations, in the order in which they are tried");
const seeds = z
  .array(z.int().min(0))
  .min(1)
  .optional()
  .describe("each situation once for each; a seed gives every link its own delay");

/** A fault at every moment of a run, on every broker: no search, no luck. */
const sweepSchema = z.strictObject({
  situations,
  fault: z
    .array(z.string())
    .min(1)
    .describe("steps as a scenario has them; {broker} is each broker in turn; `+20s start {broker}` happens later"),
  require: requireSchema,
});

/** A situation as it is written, fault included. */
const playSchema = z.strictObject({ situations, seeds, require: requireSchema });

const availabilityPromiseIds = [
  "writes-accepted",
  "reads-available",
] as const satisfies readonly AvailabilityPromiseId[];

export const promiseIds = [...safetyPromiseIds, ...availabilityPromiseIds] as const;
export type PromiseId = (typeof promiseIds)[number];

const faults = z
  .string()
  .refine((text) => parseFaults(text).ok, "write for example `crash 1, slow 1`; the kinds are those of highwater prove")
  .describe("how many faults of each kind there may be: `crash 1, slow 1`");

/** Every placement of a budget of faults, in every order of what the cluster does by itself. */
const exploreSchema = z.strictObject({
  faults,
  records: z.int().min(1).max(4).default(1).describe("records that are sent in the search"),
  promises: z
    .array(z.enum(promiseIds))
    .min(1)
    .default(["acked-survive"])
    .describe("what must hold in every state that can be reached"),
  statesMax: z
    .int()
    .min(100)
    .max(1_000_000)
    .default(20_000)
    .describe("a search that meets more states is inconclusive, never a pass"),
});

/** What `limit` can measure in a run. `configure/measure.ts` says how. */
export const measureIds = [
  "slowest-ack-ms",
  "median-ack-ms",
  "longest-silence-ms",
  "not-acked",
  "refused",
  "lost",
  "duplicates",
  "copies",
  "produce-requests",
  "replica-fetches",
] as const;
export type MeasureId = (typeof measureIds)[number];

/** A number taken from a run, and how high it may be. */
const limitSchema = z.strictObject({
  situations,
  seeds,
  measure: z.enum(measureIds).describe("what is measured in each run; the highest counts"),
  atMost: z.int().min(0).describe("the highest value that meets the requirement"),
});

export const checkSchema = z.union([
  z.strictObject({ sweep: sweepSchema }),
  z.strictObject({ play: playSchema }),
  z.strictObject({ explore: exploreSchema }),
  z.strictObject({ limit: limitSchema }),
]);

export type Require = z.infer<typeof requireSchema>;
export type Check = z.infer<typeof checkSchema>;
export type SweepCheck = z.infer<typeof sweepSchema>;
export type PlayCheck = z.infer<typeof playSchema>;
export type ExploreCheck = z.infer<typeof exploreSchema>;
export type LimitCheck = z.infer<typeof limitSchema>;
