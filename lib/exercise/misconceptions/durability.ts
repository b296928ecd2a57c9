import type { Run } from "../../sim/scenario/run-scenario.js";
import type { Violation } from "../configure/require.js";
import { isrOf } from "../configure/story.js";
import { failedFor, type Misconception } from "./misconception.js";

const head = `cluster brokers=3 kafka=4.3 replica.lag.time.max.ms=4000
`;

/** Beliefs about what an acknowledgement promises. */
export const durabilityMisconceptions: readonly Misconception[] = [
  {
    id: "acks-zero-is-sent",
    belief: "A record that left the producer is in Kafka.",
    explanation:
      "With acks=0 the producer calls a record sent when its bytes are on their way. No broker has answered, and none will: a lost connection loses the record in silence.",
    scenario: `${head}topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=0

at 0    p send a
at 1s   isolate p from 1
at 2s   crash 1
at 2s   p send b
at 15s  expect ledger b=acked-lost
`,
    suggests: (evidence) => failedFor(evidence, "safety") && evidence.value("producer", "acks") === "0",
  },
  {
    id: "acks-one-is-replicated",
    belief: "A record that is acknowledged has been copied.",
    explanation:
      "acks=1 is the leader's word alone. The followers fetch a moment later; a leader that dies in between takes the record with it, and the election of a follower that never had it is perfectly clean.",
    scenario: `${head}topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=1

at 0       p send a
at 1s      isolate 2 3 from 1
at 1100ms  p send b
at 2s      crash 1
at 15s     expect ledger b=acked-lost
`,
    suggests: (evidence) => failedFor(evidence, "safety") && evidence.value("producer", "acks") === "1",
  },
  {
    id: "unclean-election-is-free",
    belief: "Unclean election only brings writes back sooner.",
    explanation:
      "An unclean leader may lack acknowledged records, and everybody else then cuts their log to match it. It is a choice of availability over what was acknowledged.",
    scenario: `${head}topic orders replicas=1,2,3 min.insync.replicas=1 unclean.leader.election.enable=true
producer p acks=all

at 0    p send a
at 1s   isolate 2 3 from 1
at 2s   p send b
at 12s  crash 1
at 25s  expect ledger b=acked-lost
`,
    suggests: ({ failed, value }) =>
      value("topic", "unclean.leader.election.enable") === "true" && failed.some(({ run }) => electedUnclean(run)),
  },
  {
    id: "acks-all-alone",
    belief: "acks=all alone is enough.",
    explanation:
      "acks=all waits for the in-sync replicas, however few they are. When the followers fall behind they leave the ISR, and then acks=all is one broker's word. min.insync.replicas says how few may answer.",
    scenario: `${head}topic orders replicas=1,2,3 min.insync.replicas=1
producer p acks=all

at 0    p send a
at 1s   isolate 2 3 from 1
at 2s   p send b
at 12s  expect isr=1 outcome(b)=acked
at 13s  wipe 1
at 24s  expect ledger b=acked-lost
`,
    suggests: ({ failed, value }) =>
      value("topic", "min.insync.replicas") === "1" &&
      value("topic", "replication.factor") !== "1" &&
      failed.some(
        ({ violation, run }) =>
          violation?.kind === "acked-lost" &&
          violation.send.acks === "all" &&
          run !== null &&
          ackedByOne(run, violation),
      ),
  },
  {
    id: "lowering-the-minimum-is-harmless",
    belief: "In an outage min.insync.replicas can be lowered for a while; the data is there.",
    explanation:
      "What is accepted from then on has as many copies as the ISR has members. With one member it has one, and the disk that holds it is the only witness.",
    scenario: `${head}topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=all

at 0    p send a
at 1s   crash 2
at 1s   crash 3
at 12s  config orders min.insync.replicas=1
at 13s  p send b
at 14s  expect isr=1 outcome(b)=acked
at 15s  wipe 1
at 26s  expect ledger b=acked-lost
`,
  },
  {
    id: "minimum-is-the-losses-borne",
    belief: "min.insync.replicas=2 survives the loss of two.",
    explanation:
      "A minimum of m means that an acknowledged record is on m brokers, so m - 1 of them may lose it. To bear two losses the minimum has to be three.",
    scenario: `${head}topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=all

at 0    p send a
at 1s   isolate 3 from 1
at 2s   p send b
at 12s  expect isr=1,2 outcome(b)=acked
at 13s  wipe 1
at 13s  wipe 2
at 24s  expect ledger b=acked-lost
`,
    suggests: ({ failed, value, isSet }) =>
      isSet("topic", "min.insync.replicas") &&
      Number(value("topic", "min.insync.replicas")) < Number(value("topic", "replication.factor")) &&
      failed.some(
        ({ violation, run }) =>
          violation?.kind === "acked-lost" &&
          violation.send.acks === "all" &&
          run !== null &&
          !ackedByOne(run, violation) &&
          !electedUnclean(run),
      ),
  },
  {
    id: "one-copy-is-a-log",
    belief: "Kafka keeps my records safe, so one copy will do.",
    explanation:
      "With replication.factor=1 a partition lives on one broker. When it is down nobody can write, and when its disk is gone, so are the records, whatever acks says.",
    scenario: `${head}topic orders replicas=1
producer p acks=all

at 0    p send a
at 1s   wipe 1
at 12s  expect ledger a=acked-lost
`,
    suggests: ({ failed, value }) => failed.length > 0 && value("topic", "replication.factor") === "1",
  },
];

function electedUnclean(run: Run | null): boolean {
  return run?.entries.some(({ changes }) => changes.some(({ rule }) => rule.includes("unclean"))) ?? false;
}

function ackedByOne(run: Run, { value, send }: Violation): boolean {
  const acked = run.entries.find(({ changes }) =>
    changes.some(({ fact }) => fact === `outcome/${send.producer}/${value}`),
  );
  return acked !== undefined && isrOf(acked.world, send.partition).length === 1;
}
