import { always, atLeast, between, defineGroup } from "./definition.js";

/** Keys that the controller reads from its properties file. */
export const controllerKeys = defineGroup("controller", {
  "broker.session.timeout.ms": {
    type: "int",
    defaults: always("9000"),
    unit: "ms",
    update: "read-only",
    since: "3.6",
    decides: "How long a broker may be silent before the controller fences it.",
    help: "A crashed leader is replaced this long after its last heartbeat. Shorter means faster failover, and fencing by a long pause. A session of exactly this age is still valid.",
  },
  "auto.leader.rebalance.enable": {
    type: "boolean",
    defaults: always("true"),
    update: "read-only",
    decides: "Whether the controller gives leadership back to preferred replicas by itself.",
    help: "Without it a returned broker leads nothing until someone runs kafka-leader-election.",
  },
  "leader.imbalance.check.interval.seconds": {
    type: "long",
    defaults: always("300"),
    validator: atLeast(1),
    unit: "s",
    update: "read-only",
    decides: "How often the controller looks for partitions that their preferred replica does not lead.",
    help: "A returned preferred leader takes over at the first check after it has rejoined the ISR. The clock starts with the controller.",
  },
  "leader.imbalance.per.broker.percentage": {
    type: "int",
    defaults: always("10"),
    unit: "%",
    update: "read-only",
    until: "4.0",
    decides: "How unbalanced a broker must be before a ZooKeeper controller moves leaders back.",
    help: "KRaft controllers never looked at it: they move every partition that can be moved.",
  },
  "unclean.leader.election.interval.ms": {
    type: "long",
    defaults: always("300000"),
    validator: atLeast(1),
    unit: "ms",
    update: "read-only",
    since: "3.9",
    decides: "How often the controller looks for leaderless partitions that may be led uncleanly.",
    help: "An internal key. It matters when unclean election is allowed after the partition has lost its leader; otherwise the election happens in the event itself.",
  },
});

/** Features of the cluster, changed with `kafka-features` or when the cluster is formatted. */
export const featureKeys = defineGroup("feature", {
  "eligible.leader.replicas.version": {
    type: "int",
    defaults: { "2.8": "0", "4.1": "1" },
    validator: between(0, 1),
    update: "feature",
    since: "4.0",
    decides: "Whether replicas that left an ISR below its minimum may still be elected cleanly.",
    help: "0 is off, 1 is on (KIP-966). Clusters formatted with 4.1 or later start with 1; upgraded clusters keep what they had until the feature is upgraded.",
  },
});
