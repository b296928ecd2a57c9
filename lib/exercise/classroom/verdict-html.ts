import { unreachable } from "../../core/assert.js";
import type { FieldVerdict, Problem, RequirementVerdict, Verdict } from "../verdict.js";
import { escapeHtml } from "./page.js";

/** How a result looks: a shape and a word beside the colour. */
export const resultMarks = {
  pass: { mark: "✓", word: "passed" },
  fail: { mark: "✗", word: "not passed" },
  ungradable: { mark: "!", word: "cannot be graded" },
  inconclusive: { mark: "?", word: "no answer within the bounds" },
  missing: { mark: "·", word: "not handed in" },
} as const;

export function markHtml(result: keyof typeof resultMarks): string {
  const { mark, word } = resultMarks[result];
  return `<span class="mark ${result}" role="img" aria-label="${word}">${mark}</span>`;
}

/**
 * A verdict as HTML, in the order in which it teaches: what broke, the shortest run, the causes, the belief, the question; then
 * what holds and how far that was searched.
 */
export function verdictHtml(verdict: Verdict): string {
  const { result, requirements, problems } = verdict;
  const failed = requirements.filter((requirement) => requirement.result !== "pass");
  const passed = requirements.filter((requirement) => requirement.result === "pass");
  const parts = [
    ...problems.map((problem) => problemHtml(problem, result)),
    ...failed.slice(0, 1).map(requirementHtml),
    ...beliefHtml(verdict),
    ...[...failed.slice(1), ...passed].map(requirementHtml),
  ];
  return `<div class="verdict ${result}">\n${parts.join("\n")}\n</div>`;
}

function requirementHtml(requirement: RequirementVerdict): string {
  const { result, sentence, concern, points, outOf, searched, next, counterexample, fields } = requirement;
  const inside = [
    ...(counterexample === null ? [] : counterexampleHtml(counterexample)),
    ...(fields.length === 0 ? [] : [`<ul class="fields">${fields.map(fieldHtml).join("")}</ul>`]),
    `<p class="searched">${escapeHtml(searched)}${next === null ? "" : `. Next: ${escapeHtml(next)}`}</p>`,
  ];
  return `<div>
<div class="head">${markHtml(result)}<h3>${escapeHtml(sentence)}</h3><span class="points">${concern} · ${points} of ${outOf}</span></div>
<div class="inset">
${inside.join("\n")}
</div>
</div>`;
}

function counterexampleHtml(counterexample: NonNullable<RequirementVerdict["counterexample"]>): readonly string[] {
  const { introduction, steps, conclusion, causeChain, scenario } = counterexample;
  const items = steps.map(({ sentence, because }) => {
    const why = because === null ? "" : ` <span class="because">because ${escapeHtml(because)}</span>`;
    return `<li>${escapeHtml(sentence)}${why}</li>`;
  });
  const causes = causeChain.map((cause) => `<li>${escapeHtml(cause)}</li>`);
  return [
    `<p>${escapeHtml(introduction)}</p>`,
    `<ol class="steps">${items.join("")}</ol>`,
    `<p class="conclusion">${escapeHtml(conclusion)}</p>`,
    ...(causes.length === 0 ? [] : [`<ul class="causes">${causes.join("")}</ul>`]),
    `<details><summary>The run as a scenario, for <code>highwater run</code></summary><pre tabindex="0">${escapeHtml(scenario)}</pre></details>`,
  ];
}

function fieldHtml({ field, answered, expected, right, because }: FieldVerdict): string {
  const said = right
    ? `<strong>${escapeHtml(expected)}</strong>`
    : `${answered === null ? "left out" : `<s>${escapeHtml(answered)}</s>`}, it is <strong>${escapeHtml(expected)}</strong>`;
  const why = right || because === null ? "" : ` <span class="because">${escapeHtml(because)}</span>`;
  return `<li>${markHtml(right ? "pass" : "fail")}<dfn>${escapeHtml(field)}</dfn> ${said}${why}</li>`;
}

function beliefHtml({ misconceptions, question }: Verdict): readonly string[] {
  const [belief] = misconceptions;
  if (belief === undefined && question === null) return [];
  const lines: string[] = [];
  if (belief !== undefined) {
    lines.push(`<p>You may believe: <q>${escapeHtml(belief.belief)}</q></p>`);
    lines.push(`<p class="muted">${escapeHtml(belief.explanation)}</p>`);
  }
  if (question !== null) lines.push(`<p><strong>Think:</strong> ${escapeHtml(question)}</p>`);
  if (belief?.scenario !== undefined && belief.scenario !== null)
    lines.push(
      `<details><summary>Two minutes on that</summary><pre tabindex="0">${escapeHtml(belief.scenario)}</pre></details>`,
    );
  return [`<div class="belief">\n${lines.join("\n")}\n</div>`];
}

function problemHtml({ file, line, column, what, why, remedy }: Problem, result: Verdict["result"]): string {
  const where = line === null ? file : `${file}, line ${line}${column === null ? "" : `, column ${column}`}`;
  return `<div>
<div class="head">${markHtml(result)}<h3>${escapeHtml(introduction(result))}</h3></div>
<div class="inset">
<p><strong>${escapeHtml(where)}</strong>: ${escapeHtml(what)}; ${escapeHtml(why)}.</p>
<p class="searched">What to do: ${escapeHtml(remedy)}.</p>
</div>
</div>`;
}

function introduction(result: Verdict["result"]): string {
  switch (result) {
    case "ungradable":
      return "This answer cannot be graded; it costs no attempt";
    case "inconclusive":
      return "Grading stopped at a bound";
    case "pass":
    case "fail":
      return "A remark";
    default:
      return unreachable(result);
  }
}
