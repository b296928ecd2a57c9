import type { Verdict } from "../../lib/exercise/verdict.js";
import { clusterServices } from "../../lib/server/cluster-services.js";
import type { CourseServices, ExerciseDetail } from "../../lib/server/services.js";

/** The model, and one exercise with a verdict written by hand: for tests of the page, never of a grade. */
export function fakeServices(): CourseServices {
  let draft: string | undefined;
  let passed = false;
  const attempts: ExerciseDetail["attempts"][number][] = [];
  const detail = (): ExerciseDetail => ({
    id: "01-survive-one-broker",
    title: "Survive one broker",
    kind: "configure",
    minutes: 8,
    difficulty: 1,
    lesson: "01-copies",
    objective: "Choose settings that keep accepting writes and lose nothing when any one broker dies.",
    progress: {
      state: passed ? "passed" : attempts.length > 0 ? "tried" : "untouched",
      attempts: attempts.length,
      bestPoints: passed ? 7 : 0,
      possiblePoints: 7,
    },
    readme: "Keep accepting writes, and lose nothing that was acknowledged, when any one broker dies.",
    starter: starterText,
    ...(draft === undefined ? {} : { draft }),
    form,
    attempts,
    hints: 3,
  });
  return {
    ...clusterServices(),
    exercises: async () => [detail()],
    exercise: async (id) => (id === detail().id ? detail() : undefined),
    grade: async (_id, answerText) => {
      const verdict = verdictOf(answerText);
      if (verdict.result === "pass") passed = true;
      if (verdict.result !== "ungradable") {
        attempts.push({
          number: attempts.length + 1,
          atMs: 1_700_000_000_000,
          result: verdict.result,
          points: { earned: verdict.points, possible: verdict.outOf },
          answerText,
        });
      }
      return { verdict, elapsedMs: 612 };
    },
    hint: async (_id, _text, rung) =>
      rung > 3
        ? undefined
        : { rung, rungs: 3, text: `Look at the smallest in-sync set that may still accept a write (${rung}).` },
    solution: async () =>
      passed
        ? {
            answerText: starterText.replace("min.insync.replicas: 1", "min.insync.replicas: 2"),
            argument: "Because two of three must have it.",
          }
        : undefined,
    saveDraft: async (_id, text) => {
      draft = text;
    },
  };
}

const starterText = `# Keep accepting writes; lose nothing acknowledged.
topic:
  replication.factor: 3
  min.insync.replicas: 1
  unclean.leader.election.enable: false
producer:
  acks: all
`;

const form: ExerciseDetail["form"] = [
  {
    title: "Topic",
    fields: [
      {
        path: ["topic", "replication.factor"],
        label: "replication.factor",
        input: { type: "integer", minimum: 1, maximum: 5 },
        defaultText: "1",
        help: "How many copies of each partition there are.",
      },
      {
        path: ["topic", "min.insync.replicas"],
        label: "min.insync.replicas",
        input: { type: "integer", minimum: 1, maximum: 5 },
        defaultText: "1",
        help: "How small the in-sync set may be when acks=all is accepted.",
      },
      {
        path: ["topic", "unclean.leader.election.enable"],
        label: "unclean.leader.election.enable",
        input: { type: "boolean" },
        defaultText: "false",
      },
    ],
  },
  {
    title: "Producer",
    fields: [
      {
        path: ["producer", "acks"],
        label: "acks",
        input: {
          type: "one-of",
          options: [
            { value: "all", label: "all" },
            { value: 1, label: "1" },
            { value: 0, label: "0" },
          ],
        },
        defaultText: "all",
      },
    ],
  },
];

function verdictOf(answerText: string): Verdict {
  const base = {
    format: "highwater-verdict",
    version: 1,
    exercise: { id: "01-survive-one-broker", title: "Survive one broker", kind: "configure" },
    hidden: { run: false, passed: 0, of: 2 },
    hash: "3f9a1c77d2",
    misconceptions: [],
    question: null,
    problems: [],
  } as const;
  if (answerText.includes("min.insync.replica:")) {
    const problem = {
      file: "answer.yaml",
      line: 4,
      column: 3,
      what: "`min.insync.replica` is not a topic setting.",
      why: "Kafka would ignore it.",
      remedy: "Did you mean `min.insync.replicas`?",
    };
    return { ...base, result: "ungradable", points: 0, outOf: 7, requirements: [], problems: [problem] };
  }
  const isSafe = answerText.includes("min.insync.replicas: 2");
  return {
    ...base,
    result: isSafe ? "pass" : "fail",
    points: isSafe ? 7 : 0,
    outOf: 7,
    requirements: [
      {
        id: "safety",
        sentence: isSafe ? "Acknowledged writes survive the loss of any one broker" : "Acknowledged writes can be lost",
        concern: "safety",
        result: isSafe ? "pass" : "fail",
        points: isSafe ? 4 : 0,
        outOf: 4,
        searched: "41,208 states, all schedules with ≤ 2 faults and ≤ 3 records",
        next: isSafe ? "A third fault would break it: two disks lost in a row." : null,
        counterexample: isSafe ? null : counterexample,
        fields: [],
      },
      {
        id: "availability",
        sentence: "Writes go on when one broker dies",
        concern: "availability",
        result: "pass",
        points: 3,
        outOf: 3,
        searched: "1,204 states, all schedules with one fault",
        next: null,
        counterexample: null,
        fields: [],
      },
    ],
    misconceptions: isSafe
      ? []
      : [
          {
            id: "acks-all-alone",
            belief: "acks=all alone is enough.",
            explanation: "acks=all waits for the in-sync set, and the set may be the leader alone.",
            scenario: "cluster brokers=3",
          },
        ],
    question: isSafe ? null : "Which setting decides how small the ISR may be when acks=all answers?",
  };
}

const counterexample = {
  introduction: "With your configuration, two faults are enough, and no fewer:",
  steps: [
    { sentence: "followers 2 and 3 fall behind", because: "their fetches stop" },
    { sentence: "p sends x, broker 1 acknowledges it", because: "acks=all waits for the ISR, and the ISR is {1}" },
    { sentence: "broker 1 loses its disk", because: null },
  ],
  conclusion: "x was acknowledged and is gone.",
  scenario:
    "cluster brokers=3 kafka=4.3\ntopic orders partitions=1 replication.factor=3 min.insync.replicas=1\nproducer p acks=all\n\nat 0      isolate 2 3 from 1\nat 31s    p send x\nat 32s    wipe 1\n",
  failsAtStep: 2,
  causeChain: ["min.insync.replicas=1 lets an ISR of one accept writes"],
  key: "topic.min.insync.replicas",
} as const;
