import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { lessonNames, notesOf, proseOf, readLesson } from "./lesson-files.js";

const lessons = lessonNames.map((name) => {
  const notebook = readLesson(name);
  return { name, number: Number(name.slice(0, 2)), notes: notesOf(notebook), prose: proseOf(notebook) };
});
const terms = lessons.flatMap(({ number, notes }) =>
  notes.terms.map(({ term, meaning }) => ({ term, meaning, number })),
);

/** What stands in bold, without the marks of code. */
function boldIn(prose: string): readonly string[] {
  return [...prose.matchAll(/\*\*([^*]+)\*\*/g)].map(([, text = ""]) => text.replaceAll("`", ""));
}

describe("terms", () => {
  it("are introduced once, in one lesson", () => {
    expect(terms.map(({ term }) => term).filter((term, index, all) => all.indexOf(term) !== index)).toEqual([]);
  });

  it.each(lessons)("of $name are what stands in bold there, each with one sentence", ({ notes, prose }) => {
    expect(notes.terms.map(({ term }) => term)).toEqual(boldIn(prose));
    for (const { meaning } of notes.terms) expect(meaning).toMatch(/^[A-Z][^\n]*\.$/);
  });
});

describe("links", () => {
  it.each(lessons)("of $name to exercises lead somewhere and are in its metadata", ({ notes, prose }) => {
    const linked = [...prose.matchAll(/\]\(exercise:([^)]+)\)/g)].map(([, id = ""]) => id);
    expect([...new Set(linked)].sort()).toEqual([...notes.exercises].sort());
    for (const id of linked) expect(existsSync(new URL(`../../exercises/${id}`, import.meta.url)), id).toBe(true);
    expect(linked.length).toBeGreaterThan(0);
  });
});

it("the objectives in the text are those of the metadata", () => {
  for (const { name, notes, prose } of lessons) {
    const list = /You will be able to:\n\n((?:- .*\n)+)/.exec(prose)?.[1]?.trim().split("\n") ?? [];
    const plain = list.map((line) => line.replace(/^- /, "").replace(/[;.]$/, "").replaceAll("`", ""));
    expect(plain, name).toHaveLength(notes.objectives.length);
    for (const [index, objective] of notes.objectives.entries())
      expect(plain[index]?.startsWith(objective.replaceAll("`", "")), `${name}: ${objective}`).toBe(true);
  }
});

it("the index of the course says what the lessons say (npx vitest run test/course/lessons-index.test.ts -u writes it)", async () => {
  const table = lessons.map(
    ({ name, number, notes }) =>
      `| ${number} | [${notes.title}](${name}) | ${notes.minutes} | ${notes.objectives.join("; ")} |`,
  );
  const sorted = [...terms].sort((a, b) => (a.term.toLowerCase() < b.term.toLowerCase() ? -1 : 1));
  const index = sorted.map(({ term, meaning, number }) => `| ${term} | ${meaning} | ${number} |`);
  const text = [
    "# Lessons",
    "",
    "Made from the lessons' own metadata; a test holds it.",
    "",
    "| | lesson | minutes | you will be able to |",
    "| --- | --- | --- | --- |",
    ...table,
    "",
    "## Index of terms",
    "",
    "| term | meaning | lesson |",
    "| --- | --- | --- |",
    ...index,
    "",
  ].join("\n");
  await expect(text).toMatchFileSnapshot("../../notebooks/README.md");
});
