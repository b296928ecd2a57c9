import { describe, expect, test } from "vitest";
import { type ErrorCode, errors, exceptionText, isRetriable, refreshesMetadata } from "../../lib/kafka/errors.js";

// The table of the reference, section 13: code, name, retriable, refreshes metadata (confirmed on 4.3.1).
const table: readonly (readonly [number, ErrorCode, boolean, boolean])[] = [
  [-1, "UNKNOWN_SERVER_ERROR", false, false],
  [1, "OFFSET_OUT_OF_RANGE", false, false],
  [2, "CORRUPT_MESSAGE", true, false],
  [3, "UNKNOWN_TOPIC_OR_PARTITION", true, true],
  [5, "LEADER_NOT_AVAILABLE", true, true],
  [6, "NOT_LEADER_OR_FOLLOWER", true, true],
  [7, "REQUEST_TIMED_OUT", true, false],
  [8, "BROKER_NOT_AVAILABLE", false, false],
  [9, "REPLICA_NOT_AVAILABLE", true, true],
  [10, "MESSAGE_TOO_LARGE", false, false],
  [13, "NETWORK_EXCEPTION", true, true],
  [19, "NOT_ENOUGH_REPLICAS", true, false],
  [20, "NOT_ENOUGH_REPLICAS_AFTER_APPEND", true, false],
  [21, "INVALID_REQUIRED_ACKS", false, false],
  [38, "INVALID_REPLICATION_FACTOR", false, false],
  [41, "NOT_CONTROLLER", true, false],
  [42, "INVALID_REQUEST", false, false],
  [44, "POLICY_VIOLATION", false, false],
  [45, "OUT_OF_ORDER_SEQUENCE_NUMBER", false, false],
  [46, "DUPLICATE_SEQUENCE_NUMBER", false, false],
  [47, "INVALID_PRODUCER_EPOCH", false, false],
  [55, "OPERATION_NOT_ATTEMPTED", false, false],
  [56, "KAFKA_STORAGE_ERROR", true, true],
  [59, "UNKNOWN_PRODUCER_ID", false, false],
  [74, "FENCED_LEADER_EPOCH", true, true],
  [75, "UNKNOWN_LEADER_EPOCH", true, false],
  [77, "STALE_BROKER_EPOCH", false, false],
  [78, "OFFSET_NOT_AVAILABLE", true, false],
  [80, "PREFERRED_LEADER_NOT_AVAILABLE", true, true],
  [83, "ELIGIBLE_LEADERS_NOT_AVAILABLE", true, true],
  [84, "ELECTION_NOT_NEEDED", true, true],
  [95, "INVALID_UPDATE_VERSION", false, false],
  [100, "UNKNOWN_TOPIC_ID", true, true],
  [101, "DUPLICATE_BROKER_REGISTRATION", false, false],
  [102, "BROKER_ID_NOT_REGISTERED", false, false],
  [103, "INCONSISTENT_TOPIC_ID", true, true],
  [107, "INELIGIBLE_REPLICA", false, false],
  [108, "NEW_LEADER_ELECTED", false, false],
  [109, "OFFSET_MOVED_TO_TIERED_STORAGE", false, false],
];

describe("errors", () => {
  test.each(table)("%i %s", (code, name, retriable, metadata) => {
    expect([errors[name].code, isRetriable(name), refreshesMetadata(name)]).toEqual([code, retriable, metadata]);
  });

  test("codes and classes are unique", () => {
    const rows = Object.values(errors);
    expect(new Set(rows.map((row) => row.code)).size).toBe(rows.length);
    expect(new Set(rows.map((row) => row.exception)).size).toBe(rows.length);
  });

  test("6, 7, 13 and 20 leave the outcome open; 19 and 21 do not", () => {
    const outcome = (code: number) => Object.values(errors).find((row) => row.code === code)?.produce;
    expect([6, 7, 13, 20].map(outcome)).toEqual(["unknown", "unknown", "unknown", "unknown"]);
    expect([19, 21].map(outcome)).toEqual(["not-written", "not-written"]);
  });

  test("J-01 bad acks: code 21 and Kafka's own words", () => {
    expect(errors.INVALID_REQUIRED_ACKS.code).toBe(21);
    expect(exceptionText("INVALID_REQUIRED_ACKS")).toBe(
      "org.apache.kafka.common.errors.InvalidRequiredAcksException: Produce request specified an invalid value for required acks.",
    );
  });
});
