import type { Verdict } from "../verdict.js";
import type { ExerciseResult, LearnerResult } from "./results.js";

/** The results as JUnit XML, as build servers read it: a suite a learner, a case a requirement. */
export function junitXml(learners: readonly LearnerResult[], verdictOf: (key: string) => Verdict | undefined): string {
  const suites = learners.map((learner) => {
    const cases = learner.exercises.flatMap((result) => casesOf(result, verdictOf));
    const count = (kind: Case["kind"]): number => cases.filter((each) => each.kind === kind).length;
    const totals = `tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}"`;
    const head = `  <testsuite name=${attribute(learner.learner)} ${totals}>`;
    return [head, ...cases.map(caseXml), "  </testsuite>"].join("\n");
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", ...suites, "</testsuites>", ""].join("\n");
}

interface Case {
  readonly exercise: string;
  readonly name: string;
  readonly kind: "pass" | "failure" | "error" | "skipped";
  readonly message: string;
}

function casesOf(result: ExerciseResult, verdictOf: (key: string) => Verdict | undefined): readonly Case[] {
  const { exercise } = result;
  const verdict = result.key === null ? undefined : verdictOf(result.key);
  if (verdict === undefined || result.result === "missing")
    return [{ exercise, name: "handed in", kind: "skipped", message: "nothing was handed in" }];
  if (verdict.requirements.length === 0)
    return [{ exercise, name: "can be graded", kind: "error", message: problemText(result) }];
  return verdict.requirements.map((requirement): Case => {
    const kind = { pass: "pass", fail: "failure", inconclusive: "error" } as const;
    const message = requirement.counterexample?.conclusion ?? requirement.searched;
    return { exercise, name: requirement.sentence, kind: kind[requirement.result], message };
  });
}

function problemText({ problems }: ExerciseResult): string {
  return problems
    .map(({ file, line, what, remedy }) => `${file}${line === null ? "" : `:${line}`}: ${what}; ${remedy}`)
    .join("\n");
}

function caseXml({ exercise, name, kind, message }: Case): string {
  const head = `    <testcase classname=${attribute(exercise)} name=${attribute(name)}`;
  if (kind === "pass") return `${head}/>`;
  return `${head}><${kind} message=${attribute(message)}/></testcase>`;
}

/** Quoted and escaped; characters that XML 1.0 cannot hold at all become U+FFFD. */
function attribute(text: string): string {
  const escaped = text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\t", "&#9;")
    .replaceAll("\n", "&#10;")
    .replaceAll("\r", "&#13;");
  return `"${escaped}"`;
}
