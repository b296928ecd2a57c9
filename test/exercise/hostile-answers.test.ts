import { describe, expect, it } from "vitest";
import { gradeAnswer } from "../../lib/exercise/grade.js";
import { exerciseOf } from "./course.js";

const loaded = exerciseOf("01-survive-one-broker");
const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n`;

interface Row {
  readonly name: string;
  readonly text: string;
  readonly what: RegExp;
  readonly line?: number;
  readonly column?: number;
  readonly remedy?: RegExp;
}

const rows: readonly Row[] = [
  {
    name: "an unknown key",
    text: "topic:\n  min.insync.replica: 2\n",
    what: /no topic setting "min.insync.replica"/,
    line: 2,
    column: 3,
    remedy: /did you mean "min\.insync\.replicas"\?/,
  },
  {
    name: "an unknown group",
    text: "topics:\n  acks: 1\n",
    what: /no group "topics"/,
    line: 1,
    column: 1,
    remedy: /did you mean "topic"\?/,
  },
  {
    name: "a key outside of its group",
    text: "acks: all\n",
    what: /acks stands outside of a group/,
    line: 1,
    remedy: /below `producer:`/,
  },
  {
    name: "a key in the wrong group",
    text: "topic:\n  acks: all\n",
    what: /acks is a producer setting/,
    line: 2,
    remedy: /below `producer:`/,
  },
  {
    name: "a real key that is fixed",
    text: "producer:\n  linger.ms: 5\n",
    what: /linger\.ms may not be set here/,
    line: 2,
  },
  {
    name: "a value of the wrong type",
    text: "topic:\n  min.insync.replicas: two\n",
    what: /Not a number of type INT/,
    line: 2,
  },
  {
    name: "a value out of range",
    text: "topic:\n  replication.factor: 0\n",
    what: /replication factor must be between 1 and 32767/,
    line: 2,
  },
  { name: "a negative value", text: "topic:\n  min.insync.replicas: -1\n", what: /at least 1/, line: 2 },
  { name: "an absurd value", text: "topic:\n  min.insync.replicas: 1e9\n", what: /Not a number of type INT/, line: 2 },
  { name: "more copies than brokers", text: "topic:\n  replication.factor: 5\n", what: /from 1 to 3/, line: 2 },
  {
    name: "settings that Kafka refuses together",
    text: "producer:\n  acks: 1\n  enable.idempotence: true\n",
    what: /Must set acks to all/,
    line: 2,
  },
  { name: "a list for a value", text: "topic:\n  min.insync.replicas: [2]\n", what: /no single value/, line: 2 },
  { name: "a list for a group", text: "topic: [1, 2]\n", what: /topic is not a group/, line: 1 },
  { name: "a repeated key", text: "producer:\n  acks: all\n  acks: 1\n", what: /a second time/, line: 3 },
  { name: "a tab", text: "producer:\n\tacks: all\n", what: /tab|not YAML/, line: 2 },
  { name: "no YAML at all", text: "acks = all, { [\n", what: /not YAML|group of keys/, line: 1 },
  { name: "nothing", text: "", what: /empty/ },
  { name: "two documents", text: "topic: {}\n---\ntopic: {}\n", what: /second document/, line: 2 },
  { name: "an anchor", text: "topic: &t\n  min.insync.replicas: 2\n", what: /anchor/ },
  { name: "a bomb of aliases", text: bomb, what: /anchor/, line: 1 },
  { name: "a tag", text: "topic: !!js/function 'x'\n", what: /tag/ },
  { name: "__proto__", text: "__proto__:\n  polluted: true\n", what: /__proto__ is not a key/, line: 1 },
  { name: "constructor", text: "topic:\n  constructor: 1\n", what: /constructor is not a key/, line: 2 },
  { name: "bottomless nesting", text: `topic: ${"[".repeat(30_000)}`, what: /nested too deeply|not YAML/ },
  { name: "deep but whole nesting", text: `topic: ${"[".repeat(60)}${"]".repeat(60)}\n`, what: /nested too deeply/ },
  { name: "a very long file", text: `# ${"x".repeat(200_000)}\n`, what: /characters/ },
  { name: "binary", text: "\u0000\u0001\u0002", what: /not text/ },
  { name: "another version", text: "version: 2\n", what: /version is 2/, line: 1 },
];

describe("answers that cannot be graded", () => {
  it.each(rows)("$name: the place, the reason and what to do", ({ text, what, line, column, remedy }) => {
    const verdict = gradeAnswer(loaded, text);
    expect(verdict.result).toBe("ungradable");
    expect(verdict.points).toBe(0);
    const [problem] = verdict.problems;
    expect(problem?.what).toMatch(what);
    expect(problem?.why).not.toBe("");
    expect(problem?.remedy).toMatch(remedy ?? /./);
    if (line !== undefined) expect(problem?.line).toBe(line);
    if (column !== undefined) expect(problem?.column).toBe(column);
    expect(Object.prototype).not.toHaveProperty("polluted");
  });

  it("numbers as text and text as numbers are what Kafka would take them for", () => {
    const verdict = gradeAnswer(
      loaded,
      'topic: { replication.factor: "3", min.insync.replicas: "3" }\nproducer: { acks: "-1" }\n',
    );
    expect(verdict.result).toBe("fail");
    expect(verdict.misconceptions[0]?.id).toBe("more-insync-is-safer");
  });
});
