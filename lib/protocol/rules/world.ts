import type { Rule } from "./rule.js";

/** What the world around the nodes does: not Kafka's rules, but causes that "why?" ends at. */
export const worldRules = {
  "world.crash": {
    sentence: "A killed process loses its memory; its log survives in the page cache and on disk.",
    source: "kill -9; log.flush.interval.messages",
    versions: "all",
  },
  "world.power-loss": {
    sentence:
      "A machine that loses power loses what was not flushed, which by default is everything since the last segment roll.",
    source: "log.flush.interval.messages, flush.ms; Vanlightly/kafka-tlaplus kip-966 section 5.1",
    versions: "all",
  },
  "world.disk-loss": {
    sentence: "A replaced disk is empty and has a new directory id.",
    source: "KIP-858",
    versions: "all",
  },
  "world.start": {
    sentence: "A started process reads its logs and checkpoints, then asks the controller to register it.",
    source: "BrokerLifecycleManager, LogLoader",
    versions: "all",
  },
  "world.exit": {
    sentence: "A controlled shutdown is over: logs are flushed, and a clean-shutdown file is left behind.",
    source: "BrokerServer.shutdown, KAFKA-18635",
    versions: "all",
  },
  "world.cut": {
    sentence: "Nothing passes from one node to the other; what is under way waits, as TCP retransmits.",
    source: "a network partition",
    versions: "all",
  },
  "world.heal": {
    sentence: "Messages pass again, and what was held arrives.",
    source: "a network partition that ends",
    versions: "all",
  },
  "world.time-passes": {
    sentence: "More than replica.lag.time.max.ms passes without the follower having caught up.",
    source: "Replica.isCaughtUp",
    versions: "all",
  },
} as const satisfies Record<string, Rule>;
