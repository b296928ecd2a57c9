import type { VariantId } from "../../kafka/versions.js";
import type { Calibration } from "../calibration.js";
import type { Evidence } from "../misconceptions/misconception.js";
import type { Problem, RequirementVerdict } from "../verdict.js";
import type { YamlText } from "../yaml-text.js";

export interface GradeOptions {
  /** Part of the hash; kinds that draw lots draw from it. */
  readonly seed: number;
  /** A bug seeded into the model: for the course's own lint. */
  readonly variant?: VariantId;
  /** Leaves out why something failed, which takes longer than to see that it does. */
  readonly brief?: boolean;
}

export type KindResult =
  | {
      readonly ok: true;
      readonly requirements: readonly RequirementVerdict[];
      readonly evidence: Evidence;
      /** Where the learner said how sure they were. */
      readonly calibration?: Calibration | null;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** How the answers of one kind of exercise are graded. One file for each kind, one line in `index.ts`. */
export type GradeKind<E> = (exercise: E, answer: YamlText, options: GradeOptions) => KindResult;
