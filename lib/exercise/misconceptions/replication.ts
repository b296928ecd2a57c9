import {
  answersAtTheMinimum,
  countsEveryChange,
  electsAtOnce,
  electsTheLongestLog,
  emptiesTheKilled,
  keepsTheDead,
  readsBeyondHighWatermark,
  stepsDownUntold,
  takesBackAtOnce,
  takesLogEndForHighWatermark,
  waitsForOutsiders,
} from "./foretold.js";
import type { Misconception } from "./misconception.js";

/** Beliefs about leaders, followers and high watermarks. Choices and predictions name them. */
export const replicationMisconceptions: readonly Misconception[] = [
  {
    id: "isr-keeps-the-dead",
    belief: "A dead broker stays in the ISR until it is back.",
    explanation:
      "When its session has ended the controller takes the broker out of every ISR at once. It comes back only after it has caught up and the leader has asked for it.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2
producer p

at 0    p send a
at 1s   crash 3
at 15s  expect isr=1,2
`,
    foretold: keepsTheDead,
  },
  {
    id: "failover-is-instant",
    belief: "The next leader is there as soon as the old one is gone.",
    explanation:
      "Nobody tells the controller that a process was killed. It waits until the session has ended, nine seconds after the last heartbeat by default, and only then elects.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3
producer p

at 1s   crash 1
at 4s   expect leader=1 epoch=0
at 15s  expect leader=2 epoch=1
`,
    foretold: electsAtOnce,
  },
  {
    id: "epoch-counts-isr-changes",
    belief: "Every change of the ISR begins a new leader epoch.",
    explanation:
      "There are two counters. The partition epoch moves with every change of the partition's state; the leader epoch only when a leadership begins.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3
producer p

at 0    p send a
at 1s   crash 3
at 15s  expect isr=1,2 epoch=0 partition-epoch=1
`,
    foretold: countsEveryChange,
  },
  {
    id: "high-watermark-is-log-end",
    belief: "What the leader has is what consumers can read.",
    explanation:
      "Consumers read up to the high watermark: what every in-sync replica is known to have. The leader's log may go on well beyond it.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3
producer p acks=1

at 0      p send a
at 1s     isolate 2 3 from 1
at 1100ms p send b
at 2s     expect leo(1)=2 hw(1)=1
`,
    foretold: takesLogEndForHighWatermark,
  },
  {
    id: "acks-all-means-every-replica",
    belief: "acks=all waits for every replica.",
    explanation:
      "It waits for the members of the ISR at that moment. A replica that has left the ISR is not waited for, and it does not have the record.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=all

at 0    p send a
at 1s   crash 3
at 15s  p send b
at 16s  expect outcome(b)=acked leo(3)=1
`,
    foretold: waitsForOutsiders,
  },
  {
    id: "min-insync-is-a-quorum",
    belief: "acks=all answers as soon as min.insync.replicas brokers have the record.",
    explanation:
      "min.insync.replicas decides whether a write is accepted at all. Once accepted, every member of the ISR has to fetch it, however many that are.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=all

at 0    p send a
at 1s   isolate 3 from 1
at 2s   p send b
at 10s  expect leo(2)=2 outcome(b)=pending
`,
    foretold: answersAtTheMinimum,
  },
  {
    id: "acks-one-is-visible",
    belief: "A record that was acknowledged can be read.",
    explanation:
      "acks=1 is answered from the leader's log. The record becomes readable when the high watermark has passed it, and that waits for the followers.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3
producer p acks=1
consumer c auto.offset.reset=earliest

at 0      p send a
at 2s     isolate 2 3 from 1
at 2100ms p send b
at 4s     expect outcome(b)=acked read(c)=a
`,
    foretold: readsBeyondHighWatermark,
  },
  {
    id: "isolated-leader-steps-down",
    belief: "A leader that is cut off from the controller stops leading.",
    explanation:
      "It cannot know that another leads. It goes on answering acks=1 until it hears of a newer epoch, and what it took in between is truncated.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3
producer p acks=1

at 0    p send a
at 1s   isolate 1 from controller 2 3
at 20s  expect leader=2 role(1)=leader
`,
    foretold: stepsDownUntold,
  },
  {
    id: "unclean-takes-the-best",
    belief: "Unclean election takes the replica that has most.",
    explanation:
      "It takes the first replica of the assignment that is alive, whatever its log holds. Nobody compares logs.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 unclean.leader.election.enable=true
producer p acks=1

at 0    p send a
at 1s   crash 2
at 15s  p send b
at 16s  crash 3
at 30s  p send c
at 31s  crash 1
at 45s  start 2
at 60s  expect leader=2 leo(2)=1
`,
    foretold: electsTheLongestLog,
  },
  {
    id: "under-min-isr-is-down",
    belief: "Below min.insync.replicas the partition is down.",
    explanation:
      "Only acks=all writes are refused. Reads go on, and acks=1 writes are still accepted: without being safer for it.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=1

at 0    p send a
at 1s   crash 2
at 1s   crash 3
at 15s  p send b
at 16s  expect isr=1 outcome(b)=acked
`,
  },
  {
    id: "a-crash-loses-the-log",
    belief: "A broker that is killed takes its records with it.",
    explanation:
      "kill -9 ends the process. What it had written is in the operating system's page cache and on its disk, and is there when it starts again. A lost disk, or lost power before a flush, is another matter.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1
producer p

at 0    p send a
at 1s   crash 1
at 20s  start 1
at 40s  expect leader=1
at 40s  expect ledger a=acked-kept
`,
    foretold: emptiesTheKilled,
  },
  {
    id: "back-means-in-sync",
    belief: "A broker that is up again is in the ISR again.",
    explanation:
      "It first has to fetch everything it missed. Then the leader proposes it, and the controller has to agree.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3
producer p

at 0    p send a
at 1s   crash 3
at 15s  isolate 3 from 1
at 16s  start 3
at 22s  expect process(3)=running isr=1,2
`,
    foretold: takesBackAtOnce,
  },
  {
    id: "leader-pushes",
    belief: "The leader sends each record to its followers.",
    explanation:
      "Followers ask. A fetch says from which offset, so it is at once the request for more and the proof of what the follower has. A follower that cannot ask gets nothing, however open the other direction is.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3
producer p acks=1 linger.ms=0

at 0    p send a
at 5s   cut 2 > 1
at 6s   p send b c
at 20s  expect leo(1)=3 leo(2)<3 leo(3)=3
`,
  },
  {
    id: "replicas-spread-themselves",
    belief: "When a broker joins the cluster, it takes over some of the replicas.",
    explanation:
      "Replicas stand where the assignment puts them. A new broker is empty until somebody creates topics or reassigns partitions to it.",
    scenario: `cluster brokers=4 kafka=4.3
topic orders replicas=1,2,3
producer p linger.ms=0

at 0     p send a
at 5s    crash 4
at 20s   start 4
at 600s  expect replicas=1,2,3 metric(4/PartitionCount)=0
`,
  },
  {
    id: "high-watermark-never-falls",
    belief: "A high watermark never goes back.",
    explanation:
      "A leader's does not while it leads. A follower takes that of its leader's answers, and a new leader may know a smaller one than the follower had heard of.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=all linger.ms=0

at 0        p send a
at 5s       p send b
at 5300ms   cut 1 > 2
at 5600ms   crash 1
at 5700ms   isolate 3 from 2
at 15s      p send c
at 19s      expect leader=2 hw(2)=1 hw(3)=2
at 20s      heal
at 20003ms  expect hw(3)=1
at 30s      expect hw(3)=3
`,
  },
  {
    id: "beyond-high-watermark-is-an-error",
    belief: "Reading beyond the high watermark is an error.",
    explanation:
      "Between the high watermark and the log end a consumer gets an empty answer and asks again. Only beyond the log end is an offset out of range.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3
producer p acks=1 linger.ms=0
consumer c auto.offset.reset=none

at 0    c seek orders-0 to 0
at 0    p send a
at 1s   isolate 2 3 from 1
at 2s   p send b c
at 3s   c seek orders-0 to 2
at 10s  expect hw=1 leo=3 position(c)=2 reading(c)=fetching
`,
  },
];
