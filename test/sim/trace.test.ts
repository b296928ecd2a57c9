import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Change } from "../../lib/protocol/fact.js";
import { parseScenario } from "../../lib/sim/scenario/parse.js";
import { type Run, runScenario, worldBefore } from "../../lib/sim/scenario/run-scenario.js";
import { factLabel, factParts, formatFactValue, isDetail } from "../../lib/sim/trace-fact.js";
import { shortHash, TraceHasher } from "../../lib/sim/trace-hash.js";
import { traceStepJson, traceStepLine } from "../../lib/sim/trace-json.js";
import { traceLine } from "../../lib/sim/trace-text.js";

function runText(text: string): Run {
  const parsed = parseScenario(text);
  if (!parsed.ok) throw new Error(parsed.diagnostics.map(({ line, message }) => `${line}: ${message}`).join("\n"));
  return runScenario(parsed.scenario);
}

const run = runText("topic orders\nproducer p linger.ms=0\nat 0 p send a\nat 1s crash 1\nend 20s");

describe("the canonical line of a step", () => {
  const step = {
    step: 3,
    atMs: 7,
    action: "crash 1",
    line: null,
    causedBy: null,
    message: null,
    changes: [
      {
        fact: "process/1",
        from: "running",
        to: "down",
        rule: "world.crash",
        numbers: { zulu: 1, alpha: Number.NEGATIVE_INFINITY, mike: [Number.POSITIVE_INFINITY, 2] },
        because: [{ fact: "link/1>2", step: -1 }],
      },
    ],
    sent: [],
  } as const;

  test("has its keys in one order, free-form ones sorted, and words for infinite times", () => {
    expect(traceStepLine(step)).toBe(
      '{"step":3,"atMs":7,"action":"crash 1","line":null,"causedBy":null,"message":null,"changes":[{"fact":"process/1",' +
        '"from":"running","to":"down","rule":"world.crash","numbers":{"alpha":"long ago","mike":["never",2],"zulu":1},' +
        '"because":[{"fact":"link/1>2","step":-1}]}],"sent":[]}',
    );
  });

  test("is the same in whatever order its objects were made", () => {
    const { sent, changes, message, causedBy, line, action, atMs, step: number } = step;
    const change = changes[0];
    const numbers = { mike: change.numbers.mike, zulu: 1, alpha: Number.NEGATIVE_INFINITY };
    expect(
      traceStepLine({ sent, changes: [{ ...change, numbers }], message, causedBy, line, action, atMs, step: number }),
    ).toBe(traceStepLine(step));
  });

  test("is JSON that survives being read and written again", () => {
    run.entries.forEach((entry, index) => {
      const line = traceStepLine(traceStepJson(worldBefore(run, index), entry));
      expect(JSON.stringify(JSON.parse(line))).toBe(line);
    });
  });
});

describe("the hash", () => {
  test("is SHA-256 of the lines, each ended by a newline", () => {
    const hasher = new TraceHasher();
    expect(hasher.digest()).toBe(createHash("sha256").digest("hex"));
    hasher.add("one");
    hasher.add("zwei ü 日本 🜁");
    expect(hasher.digest()).toBe(createHash("sha256").update("one\nzwei ü 日本 🜁\n", "utf8").digest("hex"));
    // More may follow.
    hasher.add("three");
    expect(hasher.digest()).not.toBe(createHash("sha256").update("one\nzwei ü 日本 🜁\n", "utf8").digest("hex"));
    expect(shortHash(hasher.digest())).toMatch(/^[0-9a-f]{12}$/);
  });

  test("of a run is that of its steps", () => {
    const hash = createHash("sha256");
    run.entries.forEach((entry, index) => {
      hash.update(`${traceStepLine(traceStepJson(worldBefore(run, index), entry))}\n`);
    });
    expect(run.hash).toBe(hash.digest("hex"));
  });
});

describe("lines for people", () => {
  const lines = (all: boolean): string[] =>
    run.entries.flatMap((entry, index) => traceLine(worldBefore(run, index), entry, { all }) ?? []);

  test("with everything there is one line a step, without there are those that changed something or were asked for", () => {
    expect(lines(true).length).toBe(run.entries.length);
    const told = run.entries.filter(
      ({ changes, line }) => line !== null || changes.some((change) => !isDetail(change)),
    );
    expect(lines(false).length).toBe(told.length);
    expect(lines(false).length).toBeLessThan(lines(true).length / 2);
  });

  test("a line is one line", () => {
    for (const line of lines(true)) expect(line).not.toContain("\n");
  });
});

describe("names of facts", () => {
  test.each([
    ["hw/orders-0@1", "hw(1)", "orders-0 hw(1)"],
    ["remote-leo/orders-0@1<2", "remote-leo(1<2)", "orders-0 remote-leo(1<2)"],
    ["leader/orders-0", "leader", "orders-0 leader"],
    ["last-known-elr/my-topic-12", "last-known-elr", "my-topic-12 last-known-elr"],
    ["under-min-isr/orders-0@1", "under-min-isr(1)", "orders-0 under-min-isr(1)"],
    ["fenced/2", "fenced(2)", "fenced(2)"],
    ["outcome/p/a@b/c", "p outcome(a@b/c)", "p outcome(a@b/c)"],
    ["position/c/orders-0", "c position", "c position(orders-0)"],
    ["producer-epoch/p", "p producer-epoch", "p producer-epoch"],
    ["config/topic/orders/min.insync.replicas", "orders min.insync.replicas", "orders min.insync.replicas"],
    ["config/cluster/min.insync.replicas", "cluster min.insync.replicas", "cluster min.insync.replicas"],
    ["config/broker/2/x", "broker 2 x", "broker 2 x"],
    ["link/1>controller", "link 1 > controller", "link 1 > controller"],
  ])("%s", (fact, alone, amongOthers) => {
    expect([factLabel(fact, 1), factLabel(fact, 2)]).toEqual([alone, amongOthers]);
  });

  test("taken apart", () => {
    expect(factParts("hw/orders-0@1")).toEqual({ kind: "hw", rest: "orders-0", at: "1" });
    expect(factParts("outcome/p/a@b")).toEqual({ kind: "outcome", rest: "p/a@b", at: null });
  });

  test("values", () => {
    expect(
      [null, "", [], [1, "b"], true, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(formatFactValue),
    ).toEqual(["-", "-", "-", "1,b", "true", "0", "never", "long ago"]);
  });

  test("bookkeeping is left out of the short trace, answers only when all went well", () => {
    const change = (fact: string, to: Change["to"]): Pick<Change, "fact" | "to"> => ({ fact, to });
    expect(isDetail(change("metadata/1", 5))).toBe(true);
    expect(isDetail(change("registration-answer/1", "NONE"))).toBe(true);
    expect(isDetail(change("registration-answer/1", "DUPLICATE_BROKER_REGISTRATION"))).toBe(false);
    expect(isDetail(change("hw/orders-0@1", 5))).toBe(false);
  });
});
