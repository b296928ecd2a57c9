/** How sure somebody was of one answer, in percent, and whether it was right. */
export interface SureAnswer {
  readonly field: string;
  readonly percent: number;
  readonly right: boolean;
}

/** How well somebody knows what they know. Understanding is graded; this is only told. */
export interface Calibration {
  readonly answers: readonly SureAnswer[];
  /** Mean of what was said, and share of what was right, in whole percent. */
  readonly saidPercent: number;
  readonly rightPercent: number;
  /** Brier score times 100, rounded: 0 is sure and right every time, 25 is what a guess at 50 % gets, 100 sure and wrong. */
  readonly brier: number;
  readonly sentence: string;
}

/** Closer than this is as good as it gets with few answers. */
const closePercent = 15;

/** A summary of answers that came with a confidence; null where none did. */
export function calibrationOf(answers: readonly SureAnswer[]): Calibration | null {
  const count = answers.length;
  if (count === 0) return null;
  const saidPercent = Math.round(answers.reduce((sum, { percent }) => sum + percent, 0) / count);
  const rights = answers.filter(({ right }) => right).length;
  const rightPercent = Math.round((100 * rights) / count);
  const squares = answers.reduce((sum, { percent, right }) => sum + (percent - (right ? 100 : 0)) ** 2, 0);
  const brier = Math.round(squares / count / 100);
  return {
    answers,
    saidPercent,
    rightPercent,
    brier,
    sentence: sentenceOf(answers, saidPercent, rightPercent, rights),
  };
}

function sentenceOf(answers: readonly SureAnswer[], said: number, right: number, rights: number): string {
  const were = `You were ${said} % sure and right in ${rights} of ${answers.length}`;
  const surest = answers.filter((answer) => !answer.right).sort((a, b) => b.percent - a.percent)[0];
  if (said - right > closePercent && surest !== undefined)
    return `${were}: surer than right. Look again at ${surest.field}, of which you were ${surest.percent} % sure.`;
  if (right - said > closePercent) return `${were}: you know more than you think.`;
  return `${were}: you know what you know.`;
}
