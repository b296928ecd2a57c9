import { nearest } from "../core/nearest.js";
import { parseScenario } from "../sim/scenario/parse.js";
import { subjectOf } from "../sim/scenario/subjects.js";
import { searchedProducer, searchedTopic } from "./configure/explore.js";
import { stepTextOf } from "./configure/sweep.js";
import type { ChoiceFields, ConfigureExercise, Exercise } from "./exercise-format.js";
import type { Problem } from "./verdict.js";
import { withHead } from "./whole-scenario.js";
import type { PathPart, YamlText } from "./yaml-text.js";

/** What is wrong with an exercise whose form is right: texts that are no scenarios, names that nothing has. */
export function contentProblems(exercise: Exercise, text: YamlText): readonly Problem[] {
  return [...scenarioProblems(exercise, text), ...lineProblems(exercise, text), ...nameProblems(exercise, text)];
}

/** Scenario texts inside the file, read with the head in front of them. */
function scenarioProblems(exercise: Exercise, text: YamlText): readonly Problem[] {
  const given = "given" in exercise ? exercise.given : "";
  const headLines = given.split("\n").length - (given.endsWith("\n") ? 1 : 0);
  const parts: { readonly path: readonly string[]; readonly source: string }[] = [{ path: ["given"], source: given }];
  if (exercise.kind === "configure")
    for (const [name, { steps }] of Object.entries(exercise.situations))
      parts.push({ path: ["situations", name, "steps"], source: withHead(given, steps) });
  return parts.flatMap(({ path, source }) => {
    const parsed = parseScenario(source);
    if (parsed.ok) return [];
    return parsed.diagnostics.map(({ line, message, hint }) => {
      const inHead = line <= headLines;
      return {
        file: text.file,
        ...text.placeOf(inHead ? ["given"] : path),
        what: message,
        why: `line ${inHead ? line : line - headLines} of ${inHead ? "given" : path.join(".")} is not a scenario line`,
        remedy: hint ?? "see the scenario language",
      };
    });
  });
}

/** Single lines of a scenario that stand for themselves: faults, steps of a runbook, claims, subjects. */
function lineProblems(exercise: Exercise, text: YamlText): readonly Problem[] {
  const { lines, head } = linesOf(exercise);
  if (!parseScenario(head).ok) return [];
  return lines.flatMap(({ path, line, shown }): Problem[] => {
    const parsed = parseScenario(withHead(head, `${line}\n`));
    if (parsed.ok) return [];
    const [{ message, hint }] = parsed.diagnostics;
    return [
      {
        file: text.file,
        ...text.placeOf(path),
        what: message,
        why: `"${shown}" is not what a scenario line can say`,
        remedy: hint ?? "see the scenario language",
      },
    ];
  });
}

interface CheckedLine {
  readonly path: readonly PathPart[];
  readonly line: string;
  /** As it stands in the file. */
  readonly shown: string;
}

function linesOf(exercise: Exercise): { readonly head: string; readonly lines: readonly CheckedLine[] } {
  const given = "given" in exercise ? exercise.given : "";
  // What follows goes on after the last line, whatever its time.
  const head = given.replace(/^end .*$/gm, "");
  const at = `at ${lastDay}`;
  switch (exercise.kind) {
    case "configure":
      return {
        head,
        lines: exercise.requirements.flatMap(({ check }, index) =>
          "sweep" in check
            ? check.sweep.fault.map((shown, number): CheckedLine => {
                const line = `${at} ${stepTextOf(shown).replaceAll("{broker}", "1")}`;
                return { path: ["requirements", index, "check", "sweep", "fault", number], line, shown };
              })
            : [],
        ),
      };
    case "operate":
      return {
        head,
        lines: [
          ...Object.entries(exercise.actions).map(
            ([id, { step }]): CheckedLine => ({ path: ["actions", id, "step"], line: `${at} ${step}`, shown: step }),
          ),
          ...exercise.requirements.flatMap(({ expect }, index): CheckedLine[] =>
            expect === undefined
              ? []
              : [{ path: ["requirements", index, "expect"], line: `${at} expect ${expect}`, shown: expect }],
          ),
        ],
      };
    case "predict":
      return {
        head,
        lines: exercise.requirements.flatMap(({ fields }, index) =>
          Object.entries(fields).map(([id, { subject }]): CheckedLine => {
            const claim = claimAbout(subject);
            const path = ["requirements", index, "fields", id, "subject"];
            return { path, line: `${at} expect ${claim}`, shown: subject };
          }),
        ),
      };
    default:
      return { head, lines: [] };
  }
}

/** Later than anything an exercise does. */
const lastDay = "86400s";

/** A claim about a subject, with a value that it could have. */
function claimAbout(subject: string): string {
  const ledger = /^ledger\((.+)\)$/.exec(subject)?.[1];
  if (ledger !== undefined) return `ledger ${ledger}=acked-kept`;
  const value = subjectOf(/^[a-z-]*/.exec(subject)?.[0] ?? "")?.words?.[0] ?? "0";
  return `${subject}=${value}`;
}

/** Names that one part of the file uses and another has to define, and choices without one right option. */
function nameProblems(exercise: Exercise, text: YamlText): readonly Problem[] {
  if (exercise.kind === "configure") return checkProblems(exercise, text);
  if (exercise.kind !== "choose" && exercise.kind !== "diagnose") return [];
  return exercise.requirements.flatMap(({ fields }, index) => optionProblems(fields, index, text));
}

function optionProblems(fields: ChoiceFields, index: number, text: YamlText): readonly Problem[] {
  return Object.entries(fields).flatMap(([field, { options }]): Problem[] => {
    const rights = Object.values(options).filter(({ right }) => right).length;
    if (rights === 1) return [];
    return [
      {
        file: text.file,
        ...text.placeOf(["requirements", index, "fields", field, "options"]),
        what: `${rights === 0 ? "no option" : `${rights} options`} of ${field} ${rights === 0 ? "is" : "are"} right`,
        why: "of the options of a field exactly one is right",
        remedy: rights === 0 ? "write `right: true` below one of them" : "leave `right: true` with one of them",
      },
    ];
  });
}

function checkProblems(exercise: ConfigureExercise, text: YamlText): readonly Problem[] {
  return exercise.requirements.flatMap(({ check }, index): Problem[] => {
    const place = (...path: readonly string[]) => ({
      file: text.file,
      ...text.placeOf(["requirements", index, "check", ...path]),
    });
    if ("explore" in check) {
      const words = exercise.given.split(/\s+/);
      const names = (type: string, name: string): boolean =>
        words.some((word, at) => word === type && words[at + 1] === name);
      if (names("topic", searchedTopic) && names("producer", searchedProducer)) return [];
      return [
        {
          ...place("explore"),
          what: "there is nothing to explore",
          why: `a search is about the topic ${searchedTopic} and the producer ${searchedProducer}, and given has not both`,
          remedy: `name them \`topic ${searchedTopic}\` and \`producer ${searchedProducer}\` in given`,
        },
      ];
    }
    const [how, asked] =
      "sweep" in check ? ["sweep", check.sweep] : "play" in check ? ["play", check.play] : ["limit", check.limit];
    return asked.situations.flatMap((name) => {
      if (exercise.situations[name] !== undefined) return [];
      const known = Object.keys(exercise.situations);
      const meant = nearest(name, known);
      return [
        {
          ...place(how, "situations"),
          what: `there is no situation "${name}"`,
          why: "a check runs what stands below `situations` under this name",
          remedy: meant === null ? `the names are ${known.join(", ") || "none yet"}` : `did you mean "${meant}"?`,
        },
      ];
    });
  });
}
