import { describe, expect, it } from "vitest";
import { parsePredicate } from "../../../lib/check/predicate/parse.js";
import { isTrue } from "../../../lib/check/predicate/predicate.js";
import { parseScenario } from "../../../lib/sim/scenario/parse.js";
import { runScenario } from "../../../lib/sim/scenario/run-scenario.js";

const scenario = parseScenario(
  [
    "topic orders replicas=1,2,3 min.insync.replicas=1",
    "producer p linger.ms=0 acks=1",
    "at 0 p send a b",
    "at 1s isolate 2 3 from 1",
    "at 2s p send c",
    "end 3s",
  ].join("\n"),
);
if (!scenario.ok) throw new Error(scenario.diagnostics[0].message);
// Broker 1 leads with a, b and c; the others have heard of a and b, and nobody has noticed that they are cut off.
const { world } = runScenario(scenario.scenario, { keepTrace: false });

describe("a condition", () => {
  it.each([
    ["leader == 1", true],
    ["leader = 1 and epoch >= 0", true],
    ["leader == 2 or leader == 3", false],
    ["not leader == 2", true],
    ["hw < leo", true],
    ["leo(2) == 2 and leo == 3", true],
    ["log(1) == a,b,c", true],
    ["log(1) == b,a,c", false],
    ["log(2) == a,b", true],
    ["isr == {3, 2, 1}", true],
    ["isr == {leader}", false],
    ["role(1) == leader", true],
    ["role(2) == leader", false],
    ["acked(c)", true],
    ["acked(acks=1) and not acked(acks=all)", true],
    ["acked-lost", false],
    ["acked-lost or acked-kept and leader == 2", false],
    ["(acked-kept or acked-lost) and leader == 1", true],
  ])("%s", (text, expected) => {
    const parsed = parsePredicate(text);
    if (!parsed.ok) throw new Error(parsed.message);
    expect(isTrue(parsed.predicate, world, "orders-0")).toBe(expected);
  });

  it.each([
    ["", 1, "the end"],
    ["leader ==", 10, "the end"],
    ["isrr == {1}", 1, 'did you mean "isr"'],
    ["leader == 1 and (hw < leo", 26, 'expected ")"'],
    ["leader ~ 1", 8, "expected one of"],
    ["log(x) == a", 1, "takes a broker's id"],
    ["acked(retries=1)", 7, "expected acks=…"],
    ["isr == {1, 2", 13, 'expected "," or "}"'],
  ])("%s is no condition", (text, column, message) => {
    const parsed = parsePredicate(text);
    expect(parsed).toMatchObject({ ok: false, column });
    if (!parsed.ok) expect(parsed.message).toContain(message);
  });
});
