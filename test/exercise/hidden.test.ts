import { describe, expect, it } from "vitest";
import { gradeAnswer } from "../../lib/exercise/grade.js";
import { loadHidden } from "../../lib/exercise/hidden.js";
import { exerciseOf } from "./course.js";

const loaded = exerciseOf("15-break-acks-1");
const right = "scenario: |\n  at 10050ms isolate 1 from controller 2 3\n";

const file = (requirement: string, head = "exercise: 15-break-acks-1"): string =>
  `version: 1\n${head}\nrequirements:\n  - { id: other, sentence: It is lost elsewhere too, concern: understanding, points: 3, ${requirement} }\n`;

function hiddenOf(text: string) {
  const read = loadHidden("hidden.yaml", text, loaded);
  if (!read.ok) throw new Error(read.problems[0]?.what);
  return read.hidden;
}

describe("hidden checks", () => {
  it("count in points and result, and say nothing of themselves", () => {
    const plain = gradeAnswer(loaded, right);
    expect(plain).toMatchObject({ result: "pass", hidden: { run: false, passed: 0, of: 0 } });
    const met = gradeAnswer(loaded, right, { hidden: hiddenOf(file("fate: acked-lost, faults: 2")) });
    expect(met).toMatchObject({ result: "pass", hidden: { run: true, passed: 1, of: 1 } });
    expect([met.points, met.outOf]).toEqual([plain.points + 3, plain.outOf + 3]);
    const missed = gradeAnswer(loaded, right, { hidden: hiddenOf(file("fate: duplicate, faults: 2")) });
    expect(missed).toMatchObject({ result: "fail", points: plain.points, hidden: { run: true, passed: 0, of: 1 } });
    expect(missed.requirements).toEqual(plain.requirements);
    expect(JSON.stringify(missed)).not.toContain("elsewhere");
  });

  it("are part of the hash", () => {
    const [one, other] = ["faults: 1", "faults: 2"].map((faults) =>
      gradeAnswer(loaded, right, { hidden: hiddenOf(file(`fate: acked-lost, ${faults}`)) }),
    );
    expect(one?.hash).not.toBe(other?.hash);
    expect(one?.hash).not.toBe(gradeAnswer(loaded, right).hash);
  });

  it("an attack that is impossible on the hidden cluster has not met what is asked there", () => {
    const given =
      "cluster brokers=1 kafka=4.3\\ntopic orders replicas=1\\nproducer p acks=1\\nat 0 p send a\\nend 80s\\n";
    const hidden = hiddenOf(
      `version: 1\nexercise: 15-break-acks-1\ngiven: "${given}"\nrequirements:\n  - { id: other, sentence: Lost as well, concern: understanding, points: 3, fate: acked-lost, faults: 2 }\n`,
    );
    const verdict = gradeAnswer(loaded, right, { hidden });
    expect(verdict).toMatchObject({ result: "fail", hidden: { passed: 0, of: 1 } });
    expect(verdict.points).toBe(gradeAnswer(loaded, right).points);
  });

  it("an ungradable answer is ungradable, with what could have been had", () => {
    const verdict = gradeAnswer(loaded, "scenario: 1\n", { hidden: hiddenOf(file("fate: duplicate, faults: 1")) });
    expect(verdict).toMatchObject({ result: "ungradable", points: 0, hidden: { run: true, passed: 0, of: 1 } });
  });

  it.each([
    {
      name: "for another exercise",
      text: file("fate: duplicate, faults: 1", "exercise: 16-other"),
      what: /16-other/,
      line: 2,
    },
    { name: "an unknown key", text: file("fate: duplicate, fault: 1"), what: /fault/, line: 4 },
    { name: "no YAML", text: "{", what: /YAML/, line: 1 },
  ])("a broken file is told with its place: $name", ({ text, what, line }) => {
    const read = loadHidden("hidden.yaml", text, loaded);
    expect(read.ok).toBe(false);
    if (read.ok) return;
    expect(read.problems.map((problem) => problem.what).join("\n")).toMatch(what);
    expect(read.problems[0]?.line).toBe(line);
  });

  it("a prediction has none", () => {
    const read = loadHidden("hidden.yaml", "version: 1\n", exerciseOf("02-after-the-crash"));
    expect(read.ok ? "" : read.problems[0]?.what).toMatch(/predict exercise has no hidden checks/);
  });
});
