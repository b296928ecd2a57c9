import type { Verdict } from "../verdict.js";
import { learnerName } from "./learner-name.js";
import { escapeHtml, page } from "./page.js";
import type { AttemptsPolicy, ExerciseResult, LearnerResult } from "./results.js";
import { printable } from "./submission.js";
import { markHtml, resultMarks, verdictHtml } from "./verdict-html.js";

/** What a learner's page is made of beside their results. */
export interface FeedbackContext {
  readonly titleOf: (exercise: string) => string;
  readonly verdictOf: (key: string) => Verdict | undefined;
  readonly textOf: (key: string) => string | undefined;
  readonly policy: AttemptsPolicy;
}

/** One learner's feedback as a page that stands alone: their points, then each exercise with its verdict. */
export function feedbackPage(learner: LearnerResult, context: FeedbackContext): string {
  const { name } = learnerName(learner.learner);
  const title = `Feedback for ${printable(name)}`;
  const body = [
    `<h1>${escapeHtml(title)}</h1>`,
    `<p class="muted">${learner.points} of ${learner.outOf} points</p>`,
    summary(learner, context),
    ...notes(learner),
    ...learner.exercises.map((result, index) => section(result, index, context)),
    "<footer>Each verdict carries a hash of exercise, answer, seed and version: <code>highwater verify</code> computes it again.</footer>",
  ];
  return page(title, body.join("\n"));
}

function summary({ exercises, points, outOf }: LearnerResult, { titleOf }: FeedbackContext): string {
  const rows = exercises.map(({ exercise, result, points, outOf, attempts }, index) => {
    const cells = [
      `<td>${markHtml(result)}<a href="#e${index + 1}">${escapeHtml(titleOf(exercise))}</a></td>`,
      `<td>${resultMarks[result].word}</td>`,
      `<td class="number">${attempts === 0 ? "" : attempts}</td>`,
      `<td class="number">${points} of ${outOf}</td>`,
    ];
    return `<tr>${cells.join("")}</tr>`;
  });
  return `<div class="scroll"><table>
<thead><tr><th scope="col">Exercise</th><th scope="col">Result</th><th scope="col" class="number">Attempts</th><th scope="col" class="number">Points</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
<tfoot><tr><td colspan="3">Together</td><td class="number">${points} of ${outOf}</td></tr></tfoot>
</table></div>`;
}

function notes({ notes }: LearnerResult): readonly string[] {
  if (notes.length === 0) return [];
  const items = notes.map((note) => `<li>${escapeHtml(note)}</li>`).join("");
  return [`<h2>What was put right while reading</h2>\n<ul>${items}</ul>`];
}

function section(
  result: ExerciseResult,
  index: number,
  { titleOf, verdictOf, textOf, policy }: FeedbackContext,
): string {
  const heading = `<h2 id="e${index + 1}">${escapeHtml(titleOf(result.exercise))}</h2>`;
  const verdict = result.key === null ? undefined : verdictOf(result.key);
  if (verdict === undefined || result.key === null) {
    const said = result.result === "missing" ? "Nothing was handed in." : "The verdict is kept elsewhere.";
    return `<section>\n${heading}\n<p class="muted">${said}</p>\n</section>`;
  }
  const own = result.problems.length > 0 ? { ...verdict, problems: result.problems } : verdict;
  const text = textOf(result.key);
  const answer =
    text === undefined || text.length > answerShownMax
      ? ""
      : `\n<details><summary>The answer</summary><pre tabindex="0">${escapeHtml(text)}</pre></details>`;
  const untouched = result.isUntouched ? `\n<p class="muted">This is the starter, as it was given out.</p>` : "";
  const counted = attemptsSentence(result, policy);
  return `<section>
${heading}${untouched}
${verdictHtml(own)}
<p class="searched">${escapeHtml(counted)} <span class="hash" title="${verdict.hash}">${verdict.hash.slice(0, 12)}</span></p>${answer}
</section>`;
}

const answerShownMax = 8_000;

function attemptsSentence({ attempts, passedAt, points, outOf }: ExerciseResult, policy: AttemptsPolicy): string {
  if (attempts <= 1) return `${points} of ${outOf} points.`;
  const rule = {
    last: "the last one counts",
    best: "the best one counts",
    first: "the first one counts",
    average: "the points are their average",
  };
  const passed = passedAt === null ? "" : `; number ${passedAt} was the first to pass`;
  return `${points} of ${outOf} points in ${attempts} attempts: ${rule[policy]}${passed}.`;
}
