import type { Misconception } from "./misconception.js";

/** Beliefs that Kafka itself once had. Their scenarios run by the rules of that time. */
export const historyMisconceptions: readonly Misconception[] = [
  {
    id: "high-watermark-decides-truncation",
    belief: "What is above a follower's high watermark was not committed, so it may be cut off.",
    explanation:
      "A follower learns of the high watermark one fetch late. What it holds above its own may be committed all the same, and if nobody else is left with it, it is gone. So it was before 0.11 (KIP-101).",
    scenario: `cluster brokers=3 kafka=4.3 variant=truncate-to-high-watermark
topic orders replicas=1,2,3
producer p acks=all linger.ms=0

at 0        p send a
at 10s      p send b
at 10100ms  crash 1
at 10200ms  isolate 2 from 3 controller
at 60s      expect leader=3
at 60s      expect ledger b=acked-lost
`,
  },
  {
    id: "an-end-offset-is-enough",
    belief: "To truncate, a follower needs to know at which offset its epoch ends.",
    explanation:
      "If the leader never had that epoch, the offset it can give belongs to an older one, and the follower keeps records that nobody else has. The answer has to name the epoch it is about (KIP-279).",
    scenario: `cluster brokers=3 kafka=4.3 variant=kip-101
topic orders replicas=1,2,3
producer p acks=all linger.ms=0
producer q acks=1 linger.ms=0

at 0    p send a
at 2s   isolate 2 from 1
at 3s   q send b
at 4s   isolate 2 from 3
at 4s   crash 1
at 20s  q send x
at 21s  crash 2
at 40s  p send y
at 41s  heal
at 42s  start 2
at 50s  expect isr=2,3 log(2)=a,x,y log(3)=a,b,y
`,
  },
  {
    id: "a-shrink-counts-when-proposed",
    belief: "A leader that takes a follower out of the ISR need not wait for it any more.",
    explanation:
      "Until the change is stored the controller may still elect that follower, and elects it cleanly. A leader that commits without it commits what the next leader lacks. So it was before 2.7 (KIP-497).",
    scenario: `cluster brokers=3 kafka=4.3 variant=isr-shrunk-before-stored replica.lag.time.max.ms=4000
topic orders replicas=1,2,3
producer p acks=all linger.ms=0

at 0        p send a
at 10s      isolate 1 from controller 2 3
at 10500ms  p send x
at 40s      expect leader=2 outcome(x)=acked
at 40s      expect ledger x=acked-lost
`,
  },
  {
    id: "written-below-is-committed",
    belief: "What the leader takes below the minimum may be read.",
    explanation:
      "One broker may have it, and the next leader lacks it: somebody has read what never was. Since 3.7 the high watermark stands still below min.insync.replicas (KIP-966).",
    scenario: `cluster brokers=3 kafka=4.3 variant=high-watermark-under-min-isr replica.lag.time.max.ms=4000
topic orders replicas=1,2,3 min.insync.replicas=2
producer q acks=1 linger.ms=0
consumer c auto.offset.reset=earliest

at 0    q send a
at 10s  isolate 2 3 from 1
at 11s  q send x
at 19s  expect isr=1 read(c)=a,x
at 20s  crash 1
at 50s  expect leader=2 log(2)=a
`,
  },
  {
    id: "the-last-one-has-it-all",
    belief: "The last member of the ISR has everything, so it alone may lead.",
    explanation:
      "It had everything. If it loses its unflushed records and comes back, it leads without them, while others that left the ISR still have them. Eligible leader replicas remember who they are (KIP-966).",
    scenario: `cluster brokers=3 kafka=4.3 elr=off replica.lag.time.max.ms=4000
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=all linger.ms=0

at 0    p send a
at 10s  isolate 2 3 from 1
at 11s  p send x
at 20s  crash 1 keeping orders-0=0
at 21s  heal
at 35s  start 1
at 36s  expect leader=1
at 60s  expect ledger a=acked-lost
`,
  },
];
