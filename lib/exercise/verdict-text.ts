import type { RequirementVerdict, Verdict } from "./verdict.js";

/** How a verdict is emphasised; plain text where there is no terminal. */
export interface Ink {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly quiet: (text: string) => string;
}

export const plainInk: Ink = { good: same, bad: same, strong: same, quiet: same };

export interface VerdictTextOptions {
  readonly columns: number;
  /** How long it took, in ms; null: not told. */
  readonly elapsedMs: number | null;
  /** Every step and cause, however long. */
  readonly full: boolean;
  readonly ink: Ink;
}

/** Steps that a short verdict shows; what lies between is counted. */
const stepsShown = 7;

/** A verdict for a terminal, what matters first: what broke, how, why, and one question. */
export function verdictText(verdict: Verdict, options: VerdictTextOptions): string {
  const { ink } = options;
  if (verdict.result === "ungradable") return problemsText(verdict, options);
  const failed = [
    ...verdict.requirements.filter(({ result }) => result === "fail"),
    ...verdict.requirements.filter(({ result }) => result === "inconclusive"),
  ];
  const passed = verdict.requirements.filter(({ result }) => result === "pass");
  const [lead, ...others] = failed;
  const lines: string[] = [];
  if (lead !== undefined) {
    lines.push(...heading(lead, options), ...counterexampleLines(lead, options), ...fieldLines(lead, options));
    if (lead.result === "inconclusive") lines.push(...wrapped(lead.searched, "   ", options.columns));
    const [belief] = verdict.misconceptions;
    if (belief !== undefined) lines.push(...wrapped(`You may believe: "${belief.belief}"`, "   ", options.columns));
    if (verdict.question !== null) lines.push(...wrapped(`Think: ${verdict.question}`, "   ", options.columns));
  }
  for (const other of [...others, ...passed]) {
    lines.push(...heading(other, options));
    if (lead === undefined) {
      lines.push(...wrapped(other.searched, "   ", options.columns).map(ink.quiet));
      if (other.next !== null) lines.push(...wrapped(`Next: ${other.next}`, "   ", options.columns));
      lines.push(...fieldLines(other, options));
    } else if (options.full) {
      const isNews = other.counterexample?.scenario !== lead.counterexample?.scenario;
      lines.push(...(isNews ? counterexampleLines(other, options) : []), ...fieldLines(other, options));
    }
  }
  if (verdict.calibration !== undefined) lines.push(...wrapped(verdict.calibration.sentence, "   ", options.columns));
  lines.push(...footer(verdict, options));
  return `${lines.join("\n")}\n`;
}

const marks = { pass: "✓", fail: "✗", inconclusive: "?" } as const;

function heading(
  { result, sentence, concern, points, outOf }: RequirementVerdict,
  { ink, columns }: VerdictTextOptions,
) {
  const color = result === "pass" ? ink.good : ink.bad;
  const right = `${concern} · ${points} of ${outOf}`;
  const room = Math.max(20, columns - right.length - 5);
  const [first = "", ...rest] = wrapped(sentence, "", room);
  return [
    `${color(marks[result])}  ${ink.strong(first.padEnd(room))}  ${ink.quiet(right)}`,
    ...rest.map((line) => `   ${ink.strong(line)}`),
  ];
}

function counterexampleLines({ counterexample }: RequirementVerdict, { columns, full }: VerdictTextOptions): string[] {
  if (counterexample === null) return [];
  const { introduction, steps, conclusion, causeChain } = counterexample;
  const shown = full || steps.length <= stepsShown ? steps : [...steps.slice(0, 2), ...steps.slice(2 - stepsShown)];
  const left = steps.length - shown.length;
  return [
    ...wrapped(introduction, "   ", columns),
    ...shown.flatMap(({ sentence, because }, index) => [
      ...(left > 0 && index === 2 ? [`     … ${left} more`] : []),
      ...wrapped(sentence, `     ${index >= 2 ? index + 1 + left : index + 1}  `, columns),
      ...(because === null || !full ? [] : wrapped(`because ${because}`, "        ", columns)),
    ]),
    ...wrapped(conclusion, "   ", columns),
    ...causeChain.flatMap((cause) => wrapped(cause, "   ← ", columns)),
  ];
}

function fieldLines({ fields }: RequirementVerdict, { columns, ink }: VerdictTextOptions): string[] {
  return fields.flatMap(({ field, answered, expected, right, because }) => {
    const said = right ? `${field}: ${expected}` : `${field}: ${answered ?? "left out"}, but it is ${expected}`;
    return [
      ...wrapped(`${right ? ink.good("✓") : ink.bad("✗")} ${said}`, "   ", columns),
      ...(right || because === null ? [] : wrapped(because, "       ", columns)),
    ];
  });
}

function footer(verdict: Verdict, { ink, elapsedMs, columns }: VerdictTextOptions): string[] {
  const passed = verdict.requirements.filter(({ result }) => result === "pass").length;
  const held = verdict.requirements.reduce((sum, { points }) => sum + points, 0) - verdict.points;
  const isHeld =
    held > 0 && verdict.requirements.some(({ concern, result }) => concern === "safety" && result !== "pass");
  const gated = isHeld ? `: the ${held} gained ${held === 1 ? "counts" : "count"} once safety is met` : "";
  const hidden = verdict.hidden.run
    ? `hidden checks: ${verdict.hidden.passed} of ${verdict.hidden.of}`
    : "hidden checks are not run here";
  const time = elapsedMs === null ? "" : ` · ${(elapsedMs / 1000).toFixed(1)} s`;
  const points = `${verdict.points} of ${verdict.outOf} points${gated}${time}`;
  const checks = `visible checks: ${passed} of ${verdict.requirements.length}; ${hidden}`;
  return wrapped(`${points} · ${checks}`, "", columns).map(ink.quiet);
}

function problemsText({ problems }: Verdict, { ink, columns }: VerdictTextOptions): string {
  const lines = [`${ink.bad("!")}  ${ink.strong("This answer cannot be graded; it costs no attempt.")}`];
  for (const { file, line, column, what, why, remedy } of problems) {
    const where = line === null ? file : `${file}:${line}:${column ?? 1}`;
    lines.push(...wrapped(`${where}: ${what}`, "   ", columns));
    lines.push(...wrapped(`${why} — ${remedy}`, "     ", columns));
  }
  return `${lines.join("\n")}\n`;
}

/** Lines of at most `columns`; the first begins with `lead`, the others below its text. */
function wrapped(text: string, lead: string, columns: number): string[] {
  const room = Math.max(20, columns - lead.length);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  const hanging = " ".repeat(lead.length);
  return lines.map((part, index) => (index === 0 ? lead : hanging) + part);
}

function same(text: string): string {
  return text;
}
