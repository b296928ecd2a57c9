import type { ItemAnalysis } from "./item-analysis.js";
import { escapeHtml, page } from "./page.js";

/** The instructor's page: how the class did at each exercise, and what is worth a word in class. */
export function itemsPage(
  items: readonly ItemAnalysis[],
  titleOf: (exercise: string) => string,
  learners: number,
): string {
  const body = [
    "<h1>How the class did</h1>",
    `<p class="muted">${learners} ${learners === 1 ? "learner" : "learners"}. Rates are of those who tried: who handed in something that can be graded and is not the untouched starter.</p>`,
    table(items, titleOf),
    ...items.map((item, index) => section(item, index, titleOf)),
    "<footer>Discrimination is the correlation of an exercise's points with the points of all others. Near 1: strong learners have it, weak ones do not. Near 0 or below: look at the exercise before you look at the class.</footer>",
  ];
  return page("How the class did", body.join("\n"));
}

function table(items: readonly ItemAnalysis[], titleOf: (exercise: string) => string): string {
  const head = ["tried", "passed", "mean score", "median attempts", "discrimination"];
  const rows = items.map((item, index) => {
    const cells = [
      String(item.tried),
      percent(item.passRate),
      percent(item.meanScore),
      item.medianAttempts === null ? "" : String(item.medianAttempts),
      item.discrimination === null ? "" : item.discrimination.toFixed(2).replace("-", "−"),
    ];
    const numbers = cells.map((text) => `<td class="number">${text}</td>`).join("");
    return `<tr><td><a href="#i${index + 1}">${escapeHtml(titleOf(item.exercise))}</a></td>${numbers}</tr>`;
  });
  const heads = head.map((text) => `<th scope="col" class="number">${text}</th>`).join("");
  return `<div class="scroll"><table>
<thead><tr><th scope="col">Exercise</th>${heads}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table></div>`;
}

function section(item: ItemAnalysis, index: number, titleOf: (exercise: string) => string): string {
  const asides = [
    item.untouched > 0 ? `${item.untouched} left the starter as it was` : "",
    item.ungradable > 0 ? `${item.ungradable} cannot be graded` : "",
    item.missing > 0 ? `${item.missing} handed in nothing` : "",
  ].filter((text) => text !== "");
  const requirements = item.requirements.map(
    ({ sentence, passed }) =>
      `<tr><td>${escapeHtml(sentence)}</td><td class="number">${passed} of ${item.tried}</td></tr>`,
  );
  const wrong = item.wrongAnswers.map(({ learners, misconceptions, text }) => {
    const belief = misconceptions[0] === undefined ? "" : ` · ${escapeHtml(misconceptions[0])}`;
    return `<p>${learners} ${learners === 1 ? "learner" : "learners"}${belief}</p>\n<pre tabindex="0">${escapeHtml(withoutComments(text))}</pre>`;
  });
  return `<section>
<h2 id="i${index + 1}">${escapeHtml(titleOf(item.exercise))}</h2>
${asides.length === 0 ? "" : `<p class="muted">${asides.join(", ")}.</p>\n`}${requirements.length === 0 ? "" : `<table><thead><tr><th scope="col">Requirement</th><th scope="col" class="number">held for</th></tr></thead><tbody>${requirements.join("")}</tbody></table>\n`}${wrong.length === 0 ? "" : `<h3>Commonest answers that do not pass</h3>\n${wrong.join("\n")}\n`}</section>`;
}

function percent(value: number | null): string {
  return value === null ? "" : `${value} %`;
}

/** The comments are the author's, and the same in all answers. */
function withoutComments(text: string): string {
  return text
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .join("\n")
    .trim();
}
