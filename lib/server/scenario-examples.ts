import type { ScenarioExample } from "./services.js";

/** Named starting points for the sandbox. */
export const scenarioExamples: readonly ScenarioExample[] = [
  {
    name: "The leader crashes",
    sentence: "The plainest failover there is: nine seconds of waiting, then a new leader.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=all

at 0    p send a b c
at 1s   crash 1
at 2s   p send d
at 15s  expect leader=2 epoch=1 isr=2,3
at 15s  expect ledger c=acked-kept d=acked-kept
`,
  },
  {
    name: "Acknowledged, and gone",
    sentence: "acks=1 asks one broker; that broker dies before anyone has fetched.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=1

at 0      p send a
at 1s     isolate 2 3 from 1     # followers stop fetching, nobody has noticed
at 1100ms p send b
at 2s     crash 1
at 15s    expect leader=2 epoch=1
at 15s    expect ledger b=acked-lost
`,
  },
  {
    name: "The ISR is one broker",
    sentence: "acks=all waits for the ISR, and with min.insync.replicas=1 the ISR may be the leader alone.",
    scenario: `cluster brokers=3 kafka=4.3 replica.lag.time.max.ms=4000
topic orders replicas=1,2,3 min.insync.replicas=1
producer p acks=all

at 0    p send a
at 1s   isolate 2 3 from 1
at 2s   p send b                 # waits until the ISR has shrunk
at 12s  expect isr=1 outcome(b)=acked
at 13s  wipe 1
at 24s  expect ledger b=acked-lost
`,
  },
  {
    name: "Below the minimum",
    sentence: "With one in-sync replica too few the leader refuses acks=all, and keeps what it has.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=all delivery.timeout.ms=40000

at 0    p send a
at 1s   crash 2
at 1s   crash 3
at 12s  p send b
at 20s  expect isr=1 outcome(b)=pending
at 20s  start 2
at 30s  expect outcome(b)=acked
`,
  },
];
