import { Random } from "../../core/random.js";
import { failoverQuestion } from "./failover-question.js";
import { fateQuestion } from "./fate-question.js";
import type { ReviewQuestion } from "./review-question.js";
import { settingsQuestion } from "./settings-question.js";

export interface ReviewOptions {
  readonly seed: number;
  /** Default 6. */
  readonly count?: number;
}

const kinds = [settingsQuestion, failoverQuestion, fateQuestion] as const;

/** A draw that gives a question asked before is made again; after so many times the set stays smaller. */
const drawsMax = 40;

/** A mixed set of questions in the style of an exam, drawn by the seed. Each is answered by running the model. */
export function review({ seed, count = 6 }: ReviewOptions): readonly ReviewQuestion[] {
  const random = new Random(seed);
  const questions: ReviewQuestion[] = [];
  for (let draw = 0; questions.length < count && draw < drawsMax; draw++) {
    const ask = kinds[questions.length % kinds.length] ?? settingsQuestion;
    const question = ask(random);
    if (questions.every((asked) => textOf(asked) !== textOf(question))) questions.push(question);
  }
  return questions;
}

function textOf({ given, ask }: ReviewQuestion): string {
  return [...given, ask].join("\n");
}
