/** Who a submission is from, as far as its name tells. */
export interface LearnerName {
  readonly name: string;
  /** The learning platform's number for them, or null. */
  readonly platformId: string | null;
}

/**
 * Reads the names that platforms give to downloaded submissions: Moodle's `Ada Lovelace_4711_assignsubmission_file` and Canvas's
 * `lovelaceada_4711_815_answers` (with `_LATE` where it was late). Any other name is the learner's own.
 */
export function learnerName(submission: string): LearnerName {
  const moodle = /^(.+)_(\d+)_assignsubmission_(?:file|onlinetext)_?$/.exec(submission);
  if (moodle !== null) return { name: moodle[1] ?? submission, platformId: moodle[2] ?? null };
  const canvas = /^([^_]+)_(?:LATE_)?(\d+)_\d+_.+$/.exec(submission);
  if (canvas !== null) return { name: canvas[1] ?? submission, platformId: canvas[2] ?? null };
  return { name: submission, platformId: null };
}
