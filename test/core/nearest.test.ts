import { expect, test } from "vitest";
import { nearest } from "../../lib/core/nearest.js";

const keys = ["min.insync.replicas", "replication.factor", "acks", "retries", "linger.ms"];

test.each([
  ["min.insync.replica", "min.insync.replicas"],
  ["min-insync-replicas", "min.insync.replicas"],
  ["MIN.INSYNC.REPLICAS", "min.insync.replicas"],
  ["aks", "acks"],
  ["akcs", "acks"],
  ["lingerms", "linger.ms"],
  ["retrise", "retries"],
  ["repl", "replication.factor"],
])("%s means %s", (word, meant) => {
  expect(nearest(word, keys)).toBe(meant);
});

test.each([["banana"], ["x"], [""], ["replicas"], ["re"]])("%s is near nothing", (word) => {
  expect(nearest(word, keys)).toBeNull();
});

test("ties go to the first", () => {
  expect(nearest("cat", ["bat", "hat"])).toBe("bat");
});
