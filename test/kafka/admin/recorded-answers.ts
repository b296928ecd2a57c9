import {
  type ElectionResult,
  type FeatureDescription,
  reassignmentCancelled,
  reassignmentFailed,
  reassignmentInTheWay,
  reassignmentList,
  reassignmentStarted,
  reassignmentTopicNotFound,
  type ToolOutput,
  unknownBroker,
  verifyOutput,
} from "../../../lib/kafka/admin.js";

// What the controller answers, in its words: the tools only repeat them.
export const refusals = {
  topicExists: (name: string) => `Topic '${name}' already exists.`,
  topicUnknown: (name: string) => `The topic '${name}' does not exist.`,
  tooFewBrokers: (factor: number, brokers: number) =>
    `Unable to replicate the partition ${factor} time(s): The target replication factor of ${factor} cannot be reached because only ${brokers} broker(s) are registered or some brokers have all their log directories cordoned.`,
  unknownBroker: (broker: number) =>
    `The manual partition assignment includes broker ${broker}, but no such broker is registered.`,
  names: new Map([
    [
      "a b",
      "Topic name is invalid: 'a b' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'",
    ],
    ["..", "Topic name is invalid: '..' is not allowed"],
  ]),
};

const preferred = "PREFERRED_LEADER_NOT_AVAILABLE";
const eligible = "ELIGIBLE_LEADERS_NOT_AVAILABLE";
const result = (name: string, error: ElectionResult["error"], message?: string): ElectionResult => ({
  topic: name.slice(0, name.lastIndexOf("-")),
  partition: Number(name.slice(name.lastIndexOf("-") + 1)),
  error,
  ...(message === undefined ? {} : { message }),
});

/** What the controller answered to each recorded election, in the order of the recording. */
export const elections: { readonly [scenario: string]: readonly (readonly ElectionResult[])[] } = {
  S04: [
    [result("orders-0", "NONE")],
    [result("orders-0", "ELECTION_NOT_NEEDED")],
    [],
    [result("orders-0", "ELECTION_NOT_NEEDED")],
    [result("orders-0", preferred)],
    [result("nosuch-0", "UNKNOWN_TOPIC_OR_PARTITION", "No such topic as nosuch")],
  ],
  S31: [[result("plain-0", "NONE")], [result("plain-0", preferred), result("orders.v1-1", preferred)], []],
  S33: [
    [result("orders-0", preferred), result("solo-0", preferred)],
    [result("solo-0", eligible)],
    [result("orders-0", "NONE"), result("solo-0", eligible)],
  ],
  "two-brokers": [
    [result("one-7", "UNKNOWN_TOPIC_OR_PARTITION", "No such partition as one-7")],
    [result("one-0", "ELECTION_NOT_NEEDED")],
    [],
  ],
};

const one = { topic: "one", partition: 0 };

/** The reassignments of the two-broker recording, by their file and order. */
export const reassignments: readonly (readonly [string, ToolOutput])[] = [
  ["--list", reassignmentList([])],
  [
    "--verify",
    verifyOutput([{ ...one, inProgress: false, current: [2], target: [1, 2] }], {
      brokers: [1, 2],
      anyInProgress: false,
    }),
  ],
  [
    "--cancel",
    reassignmentCancelled([], [{ ...one, inProgress: false, current: [2], target: [1, 2] }], { brokers: [1, 2] }),
  ],
  ["--execute", reassignmentStarted([{ ...one, replicas: [2], logDirs: ["d2"] }])],
  ["r9.json", reassignmentInTheWay()],
  ["rempty.json", reassignmentFailed("Partition replica list cannot be empty")],
  [
    "rdup.json",
    reassignmentFailed(
      "Partition replica lists may not contain duplicate entries: one-0 contains multiple entries for 1",
    ),
  ],
  ["rnope.json", reassignmentInTheWay()],
  // rbad.json is not JSON; its message is that of a Java library and is not reproduced.
  ["rbad.json", { text: "", exitStatus: 1 }],
  [
    "--verify",
    verifyOutput([{ ...one, inProgress: false, current: [1, 2], target: [1, 2] }], {
      brokers: [1, 2],
      anyInProgress: false,
    }),
  ],
  [
    "rother.json",
    verifyOutput([{ topic: "one", partition: 1, inProgress: false, current: [1], target: [2, 1] }], {
      brokers: [1, 2],
      anyInProgress: false,
    }),
  ],
  ["rs9.json", reassignmentFailed(unknownBroker(9))],
  ["rsn.json", reassignmentTopicNotFound("nope")],
];

export const features: readonly FeatureDescription[] = [
  { name: "transaction.version", minVersion: "0", maxVersion: "2", finalizedLevel: "2" },
  { name: "eligible.leader.replicas.version", minVersion: "0", maxVersion: "1", finalizedLevel: "1" },
  { name: "group.version", minVersion: "0", maxVersion: "1", finalizedLevel: "1" },
  { name: "kraft.version", minVersion: "0", maxVersion: "1", finalizedLevel: "0" },
  { name: "metadata.version", minVersion: "3.3-IV3", maxVersion: "4.3-IV0", finalizedLevel: "4.3-IV0" },
  { name: "share.version", minVersion: "0", maxVersion: "1", finalizedLevel: "1" },
  { name: "streams.version", minVersion: "0", maxVersion: "1", finalizedLevel: "1" },
];
