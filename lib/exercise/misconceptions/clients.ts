import type { Misconception } from "./misconception.js";

/** Beliefs about what a producer knows. Choices and predictions name them. */
export const clientMisconceptions: readonly Misconception[] = [
  {
    id: "failed-means-not-written",
    belief: "A send that failed was not written.",
    explanation:
      "A timeout or a lost connection tells only that no answer came. The record may be in the log; sending it again yourself may write it twice.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3
producer p acks=all delivery.timeout.ms=3000 request.timeout.ms=2000 linger.ms=0

at 0    p send a
at 1s   isolate 2 3 from 1
at 2s   p send b
at 9s   heal
at 15s  expect ledger b=unknown-kept
`,
  },
  {
    id: "a-timeout-is-a-success",
    belief: "No error from the broker means that the record was written.",
    explanation:
      "A send that expires without an answer may never have reached a broker. Unknown means both are possible.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3
producer p acks=all delivery.timeout.ms=3000 request.timeout.ms=2000 linger.ms=0

at 1s   isolate p
at 2s   p send b
at 15s  expect leo(1)=0
`,
  },
  {
    id: "acks-means-fsync",
    belief: "An acknowledged record is on disk.",
    explanation:
      "Brokers answer when the record is in the page cache. What keeps it is that other brokers have it too; a power failure of all of them at once may take it.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1
producer p acks=all

at 0    p send a
at 1s   expect outcome(a)=acked
at 2s   crash 1 keeping orders-0=0
at 3s   expect ledger a=acked-lost
`,
  },
];
