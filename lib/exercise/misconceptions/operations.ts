import { preferredLeadsAtOnce } from "./foretold.js";
import { failedFor, type Misconception } from "./misconception.js";

/** Beliefs about a cluster that somebody runs: who comes back when, what shows where, which clock decides. */
export const operationMisconceptions: readonly Misconception[] = [
  {
    id: "silence-leaves-the-isr",
    belief: "A follower that stops fetching leaves the ISR after replica.lag.time.max.ms.",
    explanation:
      "A follower whose log ends where the leader's ends is caught up, however long it has been silent. While nothing is written nobody falls behind; the first record that it does not fetch starts the matter.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=all linger.ms=0

at 0     p send a
at 10s   isolate 3 from 1
at 120s  expect isr=1,2,3
at 121s  p send b
at 140s  expect isr=1,2
`,
  },
  {
    id: "lag-time-is-a-deadline",
    belief: "A follower is out of the ISR as soon as replica.lag.time.max.ms has passed.",
    explanation:
      "The leader looks every half of that time, so a follower that fell behind leaves after once to one and a half times the setting. A write that waits for it waits as long.",
    scenario: `cluster brokers=3 kafka=4.3 replica.lag.time.max.ms=20000
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=all linger.ms=0

at 0     p send a
at 11s   isolate 3 from 1
at 12s   p send b
at 38s   expect isr=1,2,3 outcome(b)=pending
at 41s   expect isr=1,2 outcome(b)=acked
`,
    suggests: (evidence) =>
      evidence.isSet("broker", "replica.lag.time.max.ms") &&
      evidence.failed.some(({ violation }) => violation?.kind === "late-ack") &&
      !failedFor(evidence, "safety"),
  },
  {
    id: "short-lag-time-is-safer",
    belief: "The sooner a slow follower is thrown out, the safer.",
    explanation:
      "What is acknowledged while a follower is out is on one broker fewer. A lag time shorter than the pauses that the network has anyway makes acks=all mean fewer copies each time.",
    scenario: `cluster brokers=3 kafka=4.3 replica.lag.time.max.ms=4000
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=all linger.ms=0

at 0    p send a
at 1s   isolate 3 from 1
at 2s   p send b
at 9s   expect isr=1,2 outcome(b)=acked
at 9s   wipe 1
at 9s   wipe 2
at 10s  heal
at 30s  expect ledger b=acked-lost
`,
    suggests: (evidence) => evidence.isSet("broker", "replica.lag.time.max.ms") && failedFor(evidence, "safety"),
  },
  {
    id: "whoever-leaves-is-eligible",
    belief: "Every replica that has left the ISR is an eligible leader replica.",
    explanation:
      "Only those that left when the ISR was going below min.insync.replicas: from then on nothing is committed without them. A replica that left earlier may lack records that were committed after it.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=all linger.ms=0

at 0    p send a
at 1s   crash 3
at 15s  p send b
at 16s  crash 2
at 30s  expect isr=1 elr=2
`,
  },
  {
    id: "any-survivor-may-lead",
    belief: "Some replica is up, so there is a leader.",
    explanation:
      "A replica that is in neither the ISR nor the ELR may lack committed records. Unless unclean election is allowed it waits, and the partition with it.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=all linger.ms=0

at 0    p send a
at 1s   crash 3
at 15s  p send b
at 16s  crash 2
at 30s  crash 1
at 45s  start 3
at 60s  expect process(3)=running leader=-
`,
  },
  {
    id: "preferred-leads-at-once",
    belief: "The preferred leader leads again as soon as it is back.",
    explanation:
      "A leader that is valid stays. The preferred one has to be in the ISR first, and then waits for the periodic rebalance, five minutes apart, or for an operator.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3
producer p

at 0    p send a
at 1s   crash 1
at 20s  start 1
at 60s  expect leader=2 isr=1,2,3
`,
    foretold: preferredLeadsAtOnce,
  },
  {
    id: "logs-are-merged",
    belief: "When an old leader returns, its records and the new leader's are put together.",
    explanation:
      "A follower asks where its last epoch ends in the leader's log, cuts off what lies beyond, and fetches the rest. What only the old leader had is gone.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=1 linger.ms=0

at 0    p send a
at 1s   isolate 2 3 from 1
at 2s   p send b
at 3s   crash 1
at 15s  heal
at 15s  p send c
at 20s  start 1
at 40s  expect log(1)=a,c log(2)=a,c
`,
  },
  {
    id: "high-watermark-comes-along",
    belief: "A new leader knows at once what was committed.",
    explanation:
      "It has the records and not the high watermark: that is told one fetch later. It may move its own only when every in-sync replica has fetched from it.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=all linger.ms=0

at 0        p send a
at 5s       p send b
at 5100ms   expect hw(1)=2 hw(2)=1 leo(2)=2
at 5100ms   isolate 3 from 2
at 5100ms   crash 1
at 20s      expect leader=2 hw(2)=1 leo(2)=2
`,
  },
  {
    id: "isr-list-decides",
    belief: "The first broker of the Isr column is elected.",
    explanation:
      "Candidates are tried in the order of the Replicas column. The order of the ISR is how it happens to be stored.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=3,2,1 min.insync.replicas=2
producer p acks=all linger.ms=0

at 0    p send a
at 1s   crash 2
at 15s  start 2
at 25s  expect leader=3 isr=1,2,3
at 26s  crash 3
at 40s  expect leader=2
`,
  },
  {
    id: "under-replicated-shows-all",
    belief: "An outage shows in UnderReplicatedPartitions.",
    explanation:
      "Leaders report that number, each for the partitions it leads. A partition without a leader is reported by nobody; only the controller's OfflinePartitionsCount has it.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2 min.insync.replicas=2
producer p acks=all linger.ms=0

at 0    p send a
at 1s   crash 1
at 15s  expect metric(2/UnderReplicatedPartitions)=1
at 16s  crash 2
at 30s  expect metric(3/UnderReplicatedPartitions)=0 metric(controller/OfflinePartitionsCount)=1
`,
  },
  {
    id: "a-shrink-means-a-death",
    belief: "Whoever left the ISR has died.",
    explanation:
      "A follower that lives and cannot keep up leaves as well, put out by its leader. A death is the controller's business and shows in FencedBrokerCount; a shrink that the leader asked for shows in its IsrShrinksPerSec.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=all linger.ms=0

at 0    p send a
at 1s   isolate 3 from 1
at 2s   p send b
at 50s  expect isr=1,2 broker(3)=active metric(1/IsrShrinksPerSec)=1 metric(controller/FencedBrokerCount)=0
`,
  },
  {
    id: "only-unclean-loses",
    belief: "An acknowledged record can only vanish by an unclean election.",
    explanation:
      "A clean election keeps what was committed. A record that acks=1 acknowledged may not have been committed yet; then the cleanest of elections leaves it behind.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=1 linger.ms=0

at 0       p send a
at 1s      isolate 2 3 from 1
at 1100ms  p send b
at 2s      crash 1
at 15s     expect leader=2 metric(controller/UncleanLeaderElectionsPerSec)=0
at 15s     expect ledger b=acked-lost
`,
  },
  {
    id: "longer-lag-time-cures",
    belief: "A longer replica.lag.time.max.ms makes a slow follower harmless.",
    explanation:
      "It keeps the follower in the ISR for longer, and for as long every acks=all write waits for it. The setting says how long the rest of the cluster bears with it, not how fast it is.",
    scenario: `cluster brokers=3 kafka=4.3 replica.lag.time.max.ms=120000
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=all linger.ms=0 delivery.timeout.ms=180000

at 0    p send a
at 1s   isolate 3 from 1
at 2s   p send b
at 100s expect isr=1,2,3 outcome(b)=pending
`,
  },
  {
    id: "config-acts-at-once",
    belief: "Setting unclean.leader.election.enable=true elects a leader.",
    explanation:
      "A change of configuration is no event for the election. The controller reads the setting at the next event that concerns the partition, or at its look every five minutes; kafka-leader-election.sh does it now.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2
producer p acks=all linger.ms=0

at 0    p send a
at 1s   crash 2
at 15s  p send b
at 16s  crash 1
at 30s  start 2
at 40s  config orders unclean.leader.election.enable=true
at 60s  expect leader=-
at 61s  elect unclean orders-0
at 62s  expect leader=2
`,
  },
  {
    id: "elr-election-is-unclean",
    belief: "Electing somebody who is not in the ISR loses records.",
    explanation:
      "An eligible leader replica left the ISR when nothing could be committed any more, so it has every committed record. Its election is clean and counts as such.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=all linger.ms=0

at 0    p send a
at 1s   isolate 2 3 from 1
at 2s   p send b
at 50s  expect isr=1 elr=2,3
at 51s  crash 1
at 70s  expect leader=2 recovery=recovered metric(controller/UncleanLeaderElectionsPerSec)=0
at 70s  expect ledger a=acked-kept
`,
  },
];
