import { describe, expect, it } from "vitest";
import { gradeAnswer } from "../../lib/exercise/grade.js";
import { loadExercise } from "../../lib/exercise/load-exercise.js";

/** A prediction exercise without any `wrong` of its own: what is named is found by the detectors alone. */
function verdictOn(given: string, subject: string, answered: string) {
  const source = `version: 1
id: x
title: What comes next
kind: predict
kafka: "4.3"
difficulty: 1
minutes: 1
objectives: [Say what comes next]
given: |
${given.trim().replace(/^/gm, "  ")}
requirements:
  - id: state
    sentence: The state at the end
    concern: understanding
    points: 1
    fields: { asked: { ask: What is it?, subject: "${subject}" } }
`;
  const read = loadExercise("exercise.yaml", source);
  if (!read.ok) throw new Error(read.problems.map(({ what }) => what).join("\n"));
  return gradeAnswer(read.loaded, `prediction: { asked: ${JSON.stringify(answered)} }\n`);
}

const three = "cluster brokers=3 kafka=4.3\ntopic orders replicas=1,2,3 min.insync.replicas=2\nproducer p linger.ms=0";
const followerDies = `${three} acks=all\nat 0 p send a\nat 5s crash 3\nend 20s`;

// Each row: a run, what is asked, what somebody answers who holds the belief, what is so.
const rows = [
  { belief: "isr-keeps-the-dead", given: followerDies, subject: "isr", answered: "1,2,3", so: "1,2" },
  { belief: "epoch-counts-isr-changes", given: followerDies, subject: "epoch", answered: "1", so: "0" },
  {
    belief: "failover-is-instant",
    given: `${three}\nat 0 p send a\nat 5s crash 1\nend 6s`,
    subject: "leader",
    answered: "2",
    so: "1",
  },
  {
    belief: "high-watermark-is-log-end",
    given: `${three} acks=1\nat 0 p send a\nat 1s isolate 2 3 from 1\nat 2s p send b\nend 3s`,
    subject: "hw",
    answered: "2",
    so: "1",
  },
  {
    belief: "back-means-in-sync",
    given: `${three} acks=all\nat 0 p send a\nat 1s crash 3\nat 15s isolate 3 from 1\nat 16s start 3\nend 22s`,
    subject: "isr",
    answered: "1,2,3",
    so: "1,2",
  },
  {
    belief: "isolated-leader-steps-down",
    given: `${three} acks=1\nat 0 p send a\nat 1s isolate 1 from controller 2 3\nend 20s`,
    subject: "role(1)",
    answered: "follower",
    so: "leader",
  },
  {
    belief: "a-crash-loses-the-log",
    given: `${three} acks=all\nat 0 p send a\nat 1s crash 3\nend 5s`,
    subject: "leo(3)",
    answered: "0",
    so: "1",
  },
  {
    belief: "acks-one-is-visible",
    given: `${three} acks=1\nconsumer c auto.offset.reset=earliest\nat 0 p send a\nat 2s isolate 2 3 from 1\nat 2100ms p send b\nend 4s`,
    subject: "read(c)",
    answered: "a,b",
    so: "a",
  },
  {
    belief: "acks-all-means-every-replica",
    given: `${three} acks=all\nat 0 p send a\nat 1s crash 3\nat 15s p send b\nend 16s`,
    subject: "outcome(b)",
    answered: "pending",
    so: "acked",
  },
  {
    belief: "min-insync-is-a-quorum",
    given: `${three} acks=all\nat 0 p send a\nat 1s isolate 3 from 1\nat 2s p send b\nend 10s`,
    subject: "outcome(b)",
    answered: "acked",
    so: "pending",
  },
  {
    belief: "failed-means-not-written",
    given: `${three} acks=all delivery.timeout.ms=3000 request.timeout.ms=2000\nat 0 p send a\nat 1s isolate 2 3 from 1\nat 2s p send b\nat 9s heal\nend 15s`,
    subject: "ledger(b)",
    answered: "unknown-gone",
    so: "unknown-kept",
  },
  {
    belief: "preferred-leads-at-once",
    given: `${three} acks=all\nat 0 p send a\nat 1s crash 1\nat 20s start 1\nend 40s`,
    subject: "leader",
    answered: "1",
    so: "2",
  },
];

describe("a wrong prediction names the belief behind it", () => {
  it.each(rows)("$subject = $answered: $belief", ({ belief, given, subject, answered, so }) => {
    const verdict = verdictOn(given, subject, answered);
    expect(verdict.requirements[0]?.fields[0]).toMatchObject({ expected: so, right: false });
    expect(verdict.misconceptions.map(({ id }) => id)).toContain(belief);
  });

  it.each(rows)("what is so names none ($belief)", ({ given, subject, so }) => {
    expect(verdictOn(given, subject, so)).toMatchObject({ result: "pass", misconceptions: [] });
  });

  it("an answer that is merely wrong names none", () => {
    expect(verdictOn(followerDies, "epoch", "7").misconceptions).toEqual([]);
    expect(verdictOn(followerDies, "isr", "1").misconceptions).toEqual([]);
  });
});
