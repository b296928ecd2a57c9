import { always, atLeast, defineGroup, oneOf } from "./definition.js";

/** Keys of a consumer that decide what it sees. */
export const consumerKeys = defineGroup("consumer", {
  "isolation.level": {
    type: "string",
    defaults: always("read_uncommitted"),
    validator: oneOf("read_committed", "read_uncommitted"),
    update: "read-only",
    decides: "Whether records of open and aborted transactions are read.",
    help: "Neither level reads above the high watermark. read_committed also stops at the first open transaction.",
  },
  "auto.offset.reset": {
    type: "string",
    defaults: always("latest"),
    validator: { kind: "offset-reset" },
    update: "read-only",
    decides: "Where a consumer goes on when it has no valid position.",
    help: "latest skips what is there, earliest reads it again, none throws. It also decides what happens when records under the position were lost. Kafka 4.0 and later also take by_duration, which this library does not model.",
  },
  "client.rack": {
    type: "string",
    defaults: always(""),
    update: "read-only",
    decides: "The rack a consumer stands in.",
    help: "With replica.selector.class on the brokers it lets the consumer read from a near follower.",
  },
  "fetch.min.bytes": {
    type: "int",
    defaults: always("1"),
    validator: atLeast(0),
    unit: "bytes",
    update: "read-only",
    decides: "How much must be there before a consumer's fetch is answered early.",
    help: "Larger values trade latency for fewer requests.",
  },
  "fetch.max.wait.ms": {
    type: "int",
    defaults: always("500"),
    validator: atLeast(0),
    unit: "ms",
    update: "read-only",
    decides: "How long a broker holds a consumer's fetch while it has nothing new.",
    help: "An advance of the high watermark answers it at once.",
  },
  "request.timeout.ms": {
    type: "int",
    defaults: always("30000"),
    validator: atLeast(0),
    unit: "ms",
    update: "read-only",
    decides: "How long the consumer waits for one answer.",
    help: "When it passes, the consumer asks again.",
  },
  "retry.backoff.ms": {
    type: "long",
    defaults: always("100"),
    validator: atLeast(0),
    unit: "ms",
    update: "read-only",
    decides: "How long the consumer waits before it repeats a failed request.",
    help: "From 3.7 on the wait doubles with each retry (KIP-580).",
  },
});
