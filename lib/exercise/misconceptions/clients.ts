import { failedAndAbsent, unheardAndPresent } from "./foretold.js";
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
    foretold: failedAndAbsent,
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
    foretold: unheardAndPresent,
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
  {
    id: "idempotence-is-exactly-once",
    belief: "With an idempotent producer no record is ever twice in the log.",
    explanation:
      "The broker recognises what the producer itself sends again, within one session. A record that the application sends a second time, after an error or a restart, is a new record.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=all enable.idempotence=true linger.ms=0 request.timeout.ms=2000 delivery.timeout.ms=3000

at 0    p send a
at 1s   isolate 2 3 from 1
at 2s   p send b
at 6s   expect outcome(b)=unknown
at 6s   heal
at 7s   p send b
at 20s  expect log(1)=a,b,b
`,
  },
  {
    id: "one-in-flight-is-enough",
    belief: "With one request in flight retries are harmless.",
    explanation:
      "One in flight keeps the order. It does not keep a record from being written twice: when the answer is lost the producer sends it again, and without sequence numbers the broker cannot know it.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=all enable.idempotence=false max.in.flight.requests.per.connection=1 linger.ms=0

at 0       p send a
at 1s      p send b
at 1002ms  drop connections p 1
at 20s     expect log(1)=a,b,b
`,
    suggests: ({ failed, value }) =>
      value("producer", "enable.idempotence") === "false" &&
      value("producer", "max.in.flight.requests.per.connection") === "1" &&
      failed.some(({ violation }) => violation?.kind === "duplicate"),
  },
  {
    id: "retries-keep-order",
    belief: "Retries only delay a record.",
    explanation:
      "While one request is repeated, those behind it may have succeeded already; and a request whose answer was lost succeeds twice. Only batches that carry numbers can be put back in their order and recognised.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=all enable.idempotence=false linger.ms=0

at 0       p send a
at 1s      p send b
at 1002ms  drop connections p 1
at 20s     expect log(1)=a,b,b
`,
    suggests: ({ failed, value }) =>
      value("producer", "enable.idempotence") === "false" &&
      value("producer", "max.in.flight.requests.per.connection") !== "1" &&
      value("producer", "retries") !== "0" &&
      failed.some(({ violation }) => violation?.kind === "duplicate" || violation?.kind === "out-of-order"),
  },
  {
    id: "no-retries-no-trouble",
    belief: "Without retries there are no duplicates and no trouble.",
    explanation:
      "Then each broken connection is an error that somebody has to handle, and that somebody is the application: it does not know whether the record was written, and can only guess or send it again.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=all enable.idempotence=false retries=0 linger.ms=0

at 0       p send a
at 1s      p send b
at 1002ms  drop connections p 1
at 20s     expect outcome(b)=unknown
at 20s     expect ledger b=unknown-kept
`,
    suggests: ({ failed, value }) =>
      value("producer", "retries") === "0" && failed.some(({ violation }) => violation?.kind === "not-acked"),
  },
  {
    id: "in-flight-must-be-one",
    belief: "Order needs max.in.flight.requests.per.connection=1.",
    explanation:
      "An idempotent producer numbers its batches, and the broker takes them in order only, so up to five may be in flight. One at a time is as safe and pays a round trip for each batch.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=all enable.idempotence=true max.in.flight.requests.per.connection=5 linger.ms=0

at 0       p send a
at 1s      p send b c d e
at 1002ms  drop connections p 1
at 20s     expect log(1)=a,b,c,d,e
`,
    suggests: ({ failed, value }) =>
      value("producer", "max.in.flight.requests.per.connection") === "1" &&
      failed.some(({ concern }) => concern === "latency"),
  },
  {
    id: "retries-double-records",
    belief: "Whoever retries has to expect duplicates.",
    explanation:
      "Since 3.0 producers are idempotent unless told otherwise: a repeated batch carries the number it had, and the broker answers it without appending it again.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2
producer p linger.ms=0

at 0       p send a
at 1s      p send b
at 1002ms  drop connections p 1
at 20s     expect outcome(b)=acked log(1)=a,b
`,
  },
  {
    id: "read-committed-reads-all-committed",
    belief: "A read_committed consumer sees every record that is committed.",
    explanation:
      "It stops at the last stable offset: before the first record of a transaction that is still open. What others wrote after it waits as well.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3
producer t transactional.id=t1 linger.ms=0
producer p linger.ms=0
consumer c auto.offset.reset=earliest isolation.level=read_committed

at 0    t begin
at 0    t send a
at 1s   p send b
at 5s   expect hw=2 read(c)=-
at 6s   t commit
at 8s   expect read(c)=a,b
`,
  },
  {
    id: "any-replica-takes-writes",
    belief: "A record may be written to any in-sync replica.",
    explanation:
      "One broker gives a partition's records their offsets: the leader. The others refuse with NOT_LEADER_OR_FOLLOWER, and a producer that cannot reach the leader cannot write.",
    scenario: `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3
producer p linger.ms=0 delivery.timeout.ms=10000 request.timeout.ms=3000

at 0    p send a
at 1s   isolate p from 1
at 2s   p send b
at 20s  expect leader=1 isr=1,2,3 outcome(b)!=acked leo(2)=1
`,
  },
];
