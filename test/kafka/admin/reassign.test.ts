import { describe, expect, test } from "vitest";
import {
  reassignmentCancelled,
  reassignmentJson,
  reassignmentList,
  reassignmentRefused,
  reassignmentStarted,
  verifyOutput,
} from "../../../lib/kafka/admin.js";

const orders = { topic: "orders", partition: 0 };
const status = { ...orders, inProgress: true, current: [1, 2, 3], target: [2, 3] };

// What no recording shows; texts from ReassignPartitionsCommand.
describe("reassignments on their way", () => {
  test("--verify leaves throttles alone while anything moves", () => {
    expect(verifyOutput([status], { brokers: [1, 2, 3], anyInProgress: true }).text).toBe(
      "Status of partition reassignment:\nReassignment of partition orders-0 is still in progress.\n\n",
    );
    const done = { ...status, inProgress: false, current: [2, 3] };
    expect(verifyOutput([done], { brokers: [1, 2, 3], anyInProgress: true }).text).not.toContain("Clearing");
    expect(verifyOutput([done], { brokers: [1], anyInProgress: false, preserveThrottles: true }).text).not.toContain(
      "Clearing",
    );
    expect(verifyOutput([done], { brokers: [1], anyInProgress: false }).text).toBe(
      "Status of partition reassignment:\nReassignment of partition orders-0 is completed.\n\n" +
        "Clearing broker-level throttles on brokers 1,2,3\nClearing topic-level throttles on topic orders\n",
    );
  });

  test("--list", () => {
    const moving = [
      { topic: "plain", partition: 0, replicas: [3, 1], adding: [3], removing: [1] },
      { ...orders, replicas: [1, 2, 3], adding: [3], removing: [] },
    ];
    expect(reassignmentList(moving).text).toBe(
      "Current partition reassignments:\n" +
        "orders-0: replicas: 1,2,3. adding: 3.\n" +
        "plain-0: replicas: 3,1. adding: 3. removing: 1.\n",
    );
  });

  test("--cancel", () => {
    const two = [orders, { topic: "plain", partition: 1 }];
    expect(reassignmentCancelled(two, [status], { brokers: [1], preserveThrottles: true })).toEqual({
      text:
        "Successfully cancelled partition reassignments for: orders-0,plain-1\n" +
        "None of the specified partition moves are active.",
      exitStatus: 0,
    });
  });

  test("--execute, refused in part, and in plural", () => {
    const current = [
      { topic: "b", partition: 0, replicas: [1] },
      { ...orders, replicas: [1, 2] },
    ];
    const json =
      '{"version":1,"partitions":[{"topic":"b","partition":0,"replicas":[1],"log_dirs":["any"]},' +
      '{"topic":"orders","partition":0,"replicas":[1,2],"log_dirs":["any","any"]}]}';
    expect(reassignmentJson(current)).toBe(json);
    const head = `Current partition replica assignment\n\n${json}\n\nSave this to use as the --reassignment-json-file option during rollback\n`;
    expect(reassignmentStarted(current).text).toBe(
      `${head}Successfully started partition reassignments for b-0,orders-0\n`,
    );
    expect(reassignmentRefused(current, [{ ...orders, message: "no" }])).toEqual({
      text: `${head}Error reassigning partition(s):\norders-0: no\n`,
      exitStatus: 1,
    });
  });
});
