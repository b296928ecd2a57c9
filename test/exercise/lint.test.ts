import { describe, expect, it } from "vitest";
import { type ExerciseFiles, lintExercise } from "../../lib/exercise/lint.js";
import { loadExercise } from "../../lib/exercise/load-exercise.js";
import { mutationRow } from "../../lib/exercise/mutation.js";
import { readExerciseFiles } from "../../lib/exercise/store-course.js";
import { exerciseOf } from "./course.js";
import { exercisesOf, expectContent } from "./lint-course.js";

describe("the course's exercises of other kinds", () => {
  it.each(exercisesOf("other kinds"))("%s is content", expectContent);
});

/** A prediction with everything right about it: each row below spoils one thing. */
const source = `version: 1
id: after-a-crash
title: After a crash
kind: predict
kafka: "4.3"
difficulty: 1
minutes: 5
objectives: [Say who leads]
misconceptions: [isr-keeps-the-dead]
given: |
  cluster brokers=3 kafka=4.3 elr=off replica.lag.time.max.ms=4000
  topic orders replicas=1,2,3 min.insync.replicas=1
  producer p acks=all
  at 0    p send a
  at 1s   isolate 2 3 from 1
  at 2s   p send b
  at 12s  crash 1
  end 30s
requirements:
  - id: state
    sentence: The partition at the end
    concern: understanding
    points: 2
    fields: { isr: { ask: The ISR, subject: isr }, leader: { ask: The leader, subject: leader } }
questions: { state: Who was in the ISR when broker 1 died? }
hints: { state: [Look at the ISR., Then at who is alive., Only members of the ISR may lead.] }
`;

function load(text: string) {
  const read = loadExercise("exercise.yaml", text);
  if (!read.ok) throw new Error(read.problems.map(({ what }) => what).join("\n"));
  return read.loaded;
}

const files: ExerciseFiles = {
  loaded: load(source),
  folderName: "after-a-crash",
  readme: "# After a crash\n\nWhat is left?\n",
  starter: "prediction: { isr: }\n",
  solution: '# Only the ISR may lead cleanly.\nprediction: { isr: [1], leader: "-" }\n',
  wrong: [
    {
      name: "all.yaml",
      text: '# misconception: isr-keeps-the-dead\nprediction: { isr: [1, 2], leader: "-" }\n',
    },
  ],
  accepted: [{ name: "quoted.yaml", text: 'prediction: { isr: "1", leader: "-" }\n' }],
  strays: [],
};

const spoilt = (from: string, to: string): Partial<ExerciseFiles> => ({ loaded: load(source.replace(from, to)) });
const [wrong] = files.wrong;

describe("lint", () => {
  it("has nothing to say of a good exercise", () => expect(lintExercise(files)).toEqual([]));

  it.each<{ name: string; change: Partial<ExerciseFiles>; said: RegExp }>([
    { name: "another folder's name", change: { folderName: "x" }, said: /exercise\.yaml: id is after-a-crash: write/ },
    { name: "no task", change: { readme: null }, said: /README\.md: there is no task/ },
    { name: "a task without a title", change: { readme: "What is left?\n" }, said: /README\.md: it has no title/ },
    { name: "no starter", change: { starter: null }, said: /answer\.yaml: there is no starter/ },
    {
      name: "a starter that passes",
      change: { starter: files.solution },
      said: /answer\.yaml: its verdict is pass, not fail/,
    },
    { name: "no solution", change: { solution: null }, said: /solution\.yaml: there is no solution/ },
    {
      name: "a solution that fails",
      change: { solution: `# So.\n${files.starter}` },
      said: /solution\.yaml: its verdict is fail, not pass: state/,
    },
    {
      name: "a solution without an argument",
      change: { solution: 'prediction: { isr: [1], leader: "-" }\n' },
      said: /solution\.yaml: the first lines are no comment/,
    },
    {
      name: "an accepted answer that fails",
      change: { accepted: [{ name: "a.yaml", text: "prediction: { isr: [2] }\n" }] },
      said: /accepted\/a\.yaml: its verdict is fail, not pass/,
    },
    {
      name: "a wrong answer that passes",
      change: { wrong: [{ name: "w.yaml", text: `# misconception: isr-keeps-the-dead\n${files.solution}` }] },
      said: /wrong\/w\.yaml: its verdict is pass, not fail/,
    },
    {
      name: "a wrong answer that is ungradable",
      change: { wrong: [{ name: "w.yaml", text: "# misconception: isr-keeps-the-dead\nx: 1\n" }] },
      said: /wrong\/w\.yaml: its verdict is ungradable, not fail: there is no key/,
    },
    {
      name: "a wrong answer for another reason",
      change: { wrong: [{ name: "w.yaml", text: (wrong?.text ?? "").replace("isr: [1, 2]", "isr: [2]") }] },
      said: /wrong\/w\.yaml: it is to show isr-keeps-the-dead, but the verdict names/,
    },
    {
      name: "a wrong answer without a belief",
      change: { wrong: [{ name: "w.yaml", text: "prediction: { isr: [2] }\n" }] },
      said: /wrong\/w\.yaml: the first line names none/,
    },
    {
      name: "a belief without a wrong answer",
      change: { wrong: [] },
      said: /wrong\/: no answer shows isr-keeps-the-dead/,
    },
    {
      name: "a belief that is not listed",
      change: spoilt("misconceptions: [isr-keeps-the-dead]", "misconceptions: []"),
      said: /wrong\/all\.yaml: it shows isr-keeps-the-dead, which misconceptions/,
    },
    {
      name: "a belief that nobody knows",
      change: spoilt("misconceptions: [isr", "misconceptions: [nobody-believes, isr"),
      said: /there is no misconception nobody-believes/,
    },
    {
      name: "no question",
      change: spoilt("questions: { state:", "questions: { other:"),
      said: /questions has none for state/,
    },
    {
      name: "a question for nothing",
      change: spoilt("questions: { state:", "questions: { other:"),
      said: /other is no requirement/,
    },
    { name: "no hints", change: spoilt("hints: { state:", "hints: { other:"), said: /hints has none for state/ },
    {
      name: "hints that repeat themselves",
      change: spoilt("Then at who is alive.", "Look at the ISR."),
      said: /two hints for state say the same/,
    },
    {
      name: "a stray file",
      change: { strays: ["notes.txt"] },
      said: /notes\.txt: no part of an exercise has this name/,
    },
  ])("complains of $name", ({ change, said }) => {
    const texts = lintExercise({ ...files, ...change }).map(({ file, message }) => `${file}: ${message}`);
    expect(texts).toContainEqual(expect.stringMatching(said));
  });

  it("refuses a prediction of what never changes", () => {
    const still = source.replace(/ {2}at 1s[\s\S]*?end 30s/, "  end 30s").replace("subject: isr", "subject: epoch");
    const complaints = lintExercise({ ...files, loaded: load(still) });
    expect(complaints.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/no value that is asked for changes/),
    );
  });

  it("refuses an exercise that no bug of the model can fail", () => {
    const toothless = load(
      source.replace("subject: isr", "subject: replicas").replace("subject: leader", "subject: process(1)"),
    );
    const complaints = lintExercise({
      ...files,
      loaded: { ...toothless, exercise: { ...toothless.exercise, misconceptions: [] } },
      solution: "# As it was.\nprediction: { isr: [1, 2, 3], leader: down }\n",
      wrong: [],
      accepted: [],
    });
    expect(complaints.map(({ message }) => message)).toEqual([expect.stringMatching(/no bug seeded/)]);
  });

  it("shows of each bug which answer notices it", () => {
    const changesOf = (changed: ExerciseFiles) =>
      mutationRow(changed).find(({ variant }) => variant === "unclean-by-default")?.changes;
    // By default nobody leads when the ISR is gone; where that was otherwise, a follower that lags leads.
    expect(changesOf(files)).toBe("solution.yaml");
    const set = source.replace("min.insync.replicas=1", "min.insync.replicas=1 unclean.leader.election.enable=false");
    expect(changesOf({ ...files, loaded: load(set) })).toBeNull();
  });

  it("complains where a break exercise asks for more faults than are needed", () => {
    const exercise = readExerciseFiles(exerciseOf("15-break-acks-1"));
    const { text } = exercise.loaded;
    const read = loadExercise(
      "exercise.yaml",
      text.replace("faults: 1", "faults: 2").replace("faults: 6", "faults: 2"),
    );
    if (!read.ok) throw new Error("it reads");
    const texts = lintExercise({ ...exercise, loaded: read.loaded }).map(({ message }) => message);
    expect(texts).toContainEqual(expect.stringMatching(/fewer faults are enough \(1\)[\s\S]*isolate/));
  });

  it("compares what a diagnosis shows with what the run prints", () => {
    const exercise = readExerciseFiles(exerciseOf("34-the-silent-outage"));
    const readme = exercise.readme ?? "";
    const forged = readme.replace(/(UnderReplicatedPartitions\s+)\d+/, "$17");
    expect(forged).not.toBe(readme);
    const texts = lintExercise({ ...exercise, readme: forged }).map(({ message }) => message);
    expect(texts).toContainEqual(expect.stringMatching(/UnderReplicatedPartitions\s+7: at the end of given it is 0/));
    const bare = lintExercise({ ...exercise, readme: "# An outage\n" }).map(({ message }) => message);
    expect(bare).toContainEqual(expect.stringMatching(/shows no output/));
  });
});
