import { failedFor, type Misconception } from "./misconception.js";

/** Beliefs about who may still write when something is down. */
export const availabilityMisconceptions: readonly Misconception[] = [
  {
    id: "more-insync-is-safer",
    belief: "The higher min.insync.replicas, the safer.",
    explanation:
      "min.insync.replicas is a floor for accepting writes. At the replication factor itself every broker has to be up and in sync: the loss of any one stops all acks=all writes, and no record is the safer for it.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=3
producer p acks=all

at 0    p send a
at 1s   crash 3
at 15s  p send b
at 40s  expect isr=1,2 outcome(b)=pending
`,
    suggests: ({ failed, value }) =>
      failed.some(({ concern }) => concern === "availability") &&
      Number(value("topic", "min.insync.replicas")) >= Number(value("topic", "replication.factor")) &&
      Number(value("topic", "replication.factor")) >= 3,
  },
  {
    id: "two-copies-survive-one",
    belief: "Two copies are enough to survive one broker.",
    explanation:
      "With two copies min.insync.replicas must choose: 2 stops writes when either broker is down, 1 lets a write be acknowledged with a single copy. Surviving one loss without stopping needs three.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2 min.insync.replicas=2
producer p acks=all

at 0    p send a
at 1s   crash 2
at 15s  p send b
at 40s  expect isr=1 outcome(b)=pending
`,
    suggests: ({ failed, value }) => failed.length > 0 && value("topic", "replication.factor") === "2",
  },
  {
    id: "acks-one-costs-only-speed",
    belief: "acks=1 is the safe way to stay available.",
    explanation:
      "acks=1 writes go on under the minimum ISR because the minimum does not apply to them. Nothing is waited for, so nothing is promised.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=1

at 0    p send a
at 1s   crash 2
at 1s   crash 3
at 12s  p send b
at 13s  expect isr=1 outcome(b)=acked
at 14s  wipe 1
at 20s  expect ledger b=acked-lost
`,
    suggests: (evidence) =>
      failedFor(evidence, "safety") &&
      evidence.value("producer", "acks") === "1" &&
      Number(evidence.value("topic", "min.insync.replicas")) >= 2,
  },
  {
    id: "minimum-above-copies-refuses",
    belief: "With min.insync.replicas above the replication factor every write is refused.",
    explanation:
      "Since 3.7 the minimum is taken as no more than the replication factor. What is left is the trap of a minimum at the replication factor: one broker away stops writes.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2 min.insync.replicas=3
producer p acks=all linger.ms=0

at 0    p send a
at 1s   expect outcome(a)=acked metric(1/UnderMinIsrPartitionCount)=0
at 2s   crash 2
at 15s  p send b
at 20s  expect outcome(b)=pending
`,
  },
];
