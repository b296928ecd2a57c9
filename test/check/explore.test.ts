import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SearchOptions } from "../../lib/check/budget.js";
import { explore, ModelError, Search } from "../../lib/check/explore.js";
import { endOf, type Model } from "../../lib/check/model.js";
import { always, leadsTo, sometimes } from "../../lib/check/properties.js";
import { graph, type Move } from "./models/graph.js";
import { dieHard, eightPuzzle, type Jugs } from "./models/puzzles.js";
import { sortedByFate, type TwoPhase, twoPhaseCommit, twoPhaseCommitBySymmetry } from "./models/two-phase-commit.js";

const fourGallons = sometimes<Jugs>("four gallons", ({ big }) => big === 4);

describe("counts that others have published", () => {
  it("DieHard: 16 distinct of 97 generated, depth 8 (TLC)", () => {
    expect(explore(dieHard()).statistics).toMatchObject({ distinct: 16, generated: 97, depth: 8, endedBy: "complete" });
  });

  it("DieHard: the film's solution takes six pourings", () => {
    const [finding] = explore(dieHard(), { properties: [fourGallons] }).findings;
    expect(finding?.outcome).toBe("holds");
    expect(finding?.path?.steps.map(({ action }) => action)).toEqual([
      "fill big",
      "big to small",
      "empty small",
      "big to small",
      "fill big",
      "big to small",
    ]);
  });

  it.each([
    [3, 288],
    [5, 8_832],
  ])("two-phase commit with %i participants: %i distinct states (TLC, Stateright)", (participants, distinct) => {
    const properties = [
      sometimes<TwoPhase>("all commit", (state) => state.participants.every((is) => is === "committed")),
      sometimes<TwoPhase>("all abort", (state) => state.participants.every((is) => is === "aborted")),
    ];
    const { findings, statistics } = explore(twoPhaseCommit(participants), { properties });
    expect(statistics).toMatchObject({ distinct, endedBy: "complete" });
    expect(findings.map(({ outcome }) => outcome)).toEqual(["holds", "holds", "holds"]);
  });

  // The Online Encyclopedia of Integer Sequences, A089473: positions of the eight-puzzle by number of moves.
  const positions = [
    ...[1, 2, 4, 8, 16, 20, 39, 62, 116, 152, 286, 396, 748, 1024, 1893, 2512, 4485, 5638, 9529, 10878, 16993, 17110],
    ...[23952, 20224, 24047, 15578, 14560, 6274, 3910, 760, 221, 2],
  ];

  it("the eight-puzzle: 181,440 positions, the farthest 31 moves away", () => {
    const { statistics } = explore(eightPuzzle());
    expect(statistics).toMatchObject({ distinct: 181_440, depth: positions.length, frontier: 0, endedBy: "complete" });
  });

  it.each([1, 5, 12, 18])("the eight-puzzle cut at depth %i: as many as lie within that many moves", (maxDepth) => {
    const { statistics } = explore(eightPuzzle(), { maxDepth });
    const within = positions.slice(0, maxDepth).reduce((sum, count) => sum + count, 0);
    expect(statistics).toMatchObject({
      distinct: within,
      depth: maxDepth,
      frontier: positions[maxDepth - 1],
      endedBy: "depth",
    });
  });
});

/** Edges of a random graph of up to eight states, as text, and its distances found another way. */
const randomGraph = fc
  .array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 20 })
  .map((pairs) => pairs.map(([from, to]) => `${from}>${to}`).join(" "));

function distances(text: string): number[] {
  const far = new Array<number>(8).fill(Number.POSITIVE_INFINITY);
  far[0] = 0;
  const edges = text.split(" ").filter((word) => word !== "");
  for (let round = 0; round < 8; round++) {
    for (const edge of edges) {
      const [from, to] = edge.split(">").map(Number);
      if (from === undefined || to === undefined) continue;
      far[to] = Math.min(far[to] ?? 0, (far[from] ?? 0) + 1);
    }
  }
  return far;
}

describe("breadth-first", () => {
  it("finds each state at its distance, by a path that exists", () => {
    fc.assert(
      fc.property(randomGraph, (text) => {
        const far = distances(text);
        const properties = far.map((_, goal) => sometimes<number>(`reach ${goal}`, (state) => state === goal));
        const { findings, statistics } = explore(graph(text), { properties });
        const reachable = far.filter((distance) => distance < Number.POSITIVE_INFINITY);
        if (statistics.endedBy === "complete") {
          expect(statistics.distinct).toBe(reachable.length);
          expect(statistics.depth).toBe(Math.max(...reachable) + 1);
        }
        for (const [goal, finding] of findings.entries()) {
          expect(finding.outcome).toBe(far[goal] === Number.POSITIVE_INFINITY ? "violated" : "holds");
          if (finding.path === undefined) continue;
          expect(finding.path.steps).toHaveLength(far[goal] ?? 0);
          expect(endOf(finding.path)).toBe(goal);
          for (const { action, state } of finding.path.steps) expect(state).toBe(action.to);
        }
      }),
    );
  });

  it("prefers the shorter of two ways to a violation even when the longer is offered first", () => {
    const bad = always<number>("never 9", (state) => state !== 9);
    const { findings } = explore(graph("0>1 1>2 2>9 0>5 5>9", [0], [bad]));
    expect(findings[0]?.path?.steps.map(({ state }) => state)).toEqual([5, 9]);
  });

  it("looks at initial states too", () => {
    const bad = always<number>("never 3", (state) => state !== 3);
    const { findings, statistics } = explore(graph("0>1", [0, 3], [bad]));
    expect(findings[0]).toMatchObject({ outcome: "violated", path: { init: 3, steps: [] } });
    expect(statistics).toMatchObject({ depth: 1, endedBy: "decided" });
  });

  it("counts an initial state once however often it is given, and generated states as often as they are made", () => {
    expect(explore(graph("0>1 0>1 1>1", [0, 0])).statistics).toMatchObject({ distinct: 2, generated: 5, depth: 2 });
  });

  it("does the same twice: counts, findings and paths", () => {
    const properties = [sometimes<TwoPhase>("committed", ({ decision }) => decision === "committed")];
    const run = () => explore(twoPhaseCommit(3), { properties });
    expect(run()).toEqual(run());
  });

  it("does the same in pieces as in one go", () => {
    const whole = explore(eightPuzzle(), { maxDepth: 15 });
    const search = new Search(eightPuzzle(), { maxDepth: 15 });
    let pieces = 0;
    for (; !search.advance(100); pieces++) expect(search.exploration().statistics.endedBy).toBeUndefined();
    expect(search.exploration()).toEqual(whole);
    expect(pieces).toBe(Math.floor((whole.statistics.distinct - whole.statistics.frontier) / 100));
  });
});

describe("what the answer is", () => {
  const goals = [
    always<Jugs>("small never full", ({ small }) => small < 3),
    sometimes<Jugs>("four", ({ big }) => big === 4),
    sometimes<Jugs>("six", ({ big }) => big === 6),
    always<Jugs>("never overflows", ({ small, big }) => small <= 3 && big <= 5),
  ];

  it("after the first violation, the rest is inconclusive", () => {
    const { findings, statistics } = explore(dieHard(), { properties: goals });
    expect(findings.map(({ outcome }) => outcome)).toEqual([
      "violated",
      "inconclusive",
      "inconclusive",
      "inconclusive",
    ]);
    expect(statistics.endedBy).toBe("decided");
  });

  it("going on decides every property, each by its own shortest path", () => {
    const { findings, statistics } = explore(dieHard(), { properties: goals, stopAt: "all-decided" });
    expect(findings.map(({ outcome, path }) => [outcome, path?.steps.length])).toEqual([
      ["violated", 1],
      ["holds", 6],
      ["violated", undefined],
      ["holds", undefined],
    ]);
    expect(statistics.endedBy).toBe("complete");
  });

  it("a goal that is reached ends the search when nothing else was asked", () => {
    const { statistics } = explore(dieHard(), { properties: [fourGallons] });
    expect(statistics.endedBy).toBe("decided");
    expect(statistics.frontier).toBeGreaterThan(0);
  });

  it("without any question the whole model is counted", () => {
    expect(explore(dieHard()).statistics.endedBy).toBe("complete");
  });

  const undecidable = [always<string>("always", () => true), sometimes<string>("sometimes", () => false)];
  let clock = 0;
  const cuts: [string, SearchOptions<string>][] = [
    ["states", { maxStates: 1000 }],
    ["depth", { maxDepth: 10 }],
    ["memory", { maxBytes: 1_000_000, usedBytes: () => clock++ * 100_000 }],
    ["memory", { maxBytes: 200_000 }],
    ["time", { maxMs: 40, nowMs: () => clock++ * 10 }],
    ["interrupt", { interrupted: () => clock++ > 5 }],
  ];
  it.each(cuts)("a search cut by %s is inconclusive, never “holds”", (endedBy, options) => {
    clock = 0;
    const { findings, statistics } = explore(eightPuzzle(), { properties: undecidable, ...options });
    expect(statistics.endedBy).toBe(endedBy);
    expect(statistics.distinct).toBeLessThan(181_440);
    expect(statistics.frontier).toBeGreaterThan(0);
    expect(findings.map(({ outcome, path }) => [outcome, path])).toEqual([
      ["inconclusive", undefined],
      ["inconclusive", undefined],
    ]);
  });

  it("maxStates stops between two states, so at most one state's successors beyond it", () => {
    const { statistics } = explore(eightPuzzle(), { maxStates: 1000 });
    expect(statistics.distinct).toBeGreaterThanOrEqual(1000);
    expect(statistics.distinct).toBeLessThan(1004);
  });

  it("a violation found before the cut still counts", () => {
    const one = always<string>("gap stays in the corner", (cells) => cells.startsWith("0"));
    const { findings } = explore(eightPuzzle(), { properties: [one], maxDepth: 2, stopAt: "all-decided" });
    expect(findings[0]).toMatchObject({ outcome: "violated", path: { steps: [{ state: "312045678" }] } });
  });

  it("reports progress by the caller's clock", () => {
    const seen: (number | undefined)[] = [];
    let now = 0;
    explore(eightPuzzle(), {
      maxStates: 5000,
      nowMs: () => (now += 5),
      progress: ({ distinct, elapsedMs, endedBy, distinctPerSecond }) => {
        expect(endedBy).toBeUndefined();
        expect(distinctPerSecond).toBe(Math.round((distinct * 1000) / (elapsedMs ?? 0)));
        seen.push(elapsedMs);
      },
    });
    expect(seen.length).toBeGreaterThan(3);
    expect(seen).toEqual([...seen].sort((one, other) => (one ?? 0) - (other ?? 0)));
  });

  it.each([
    [{ maxMs: 5 }, "maxMs needs a clock"],
    [{ maxDepth: 0 }, "maxDepth must be more than 0, not 0"],
  ])("%j is refused", (options, complaint) => {
    expect(() => explore(dieHard(), options)).toThrow(complaint);
  });
});

describe("within", () => {
  const counter: Model<number, 1> = {
    init: () => [0],
    actions: () => [1],
    next: (state) => state + 1,
    invariants: [],
    key: (state, into) => into.integer(state),
    within: (state) => state <= 10,
  };

  it("drops what lies outside, and says how much that was", () => {
    const outside = sometimes<number>("eleven", (state) => state === 11);
    // Endless without its bounds; the limit is there in case they fail.
    const { findings, statistics } = explore(counter, { properties: [outside], maxStates: 1000 });
    expect(statistics).toMatchObject({ distinct: 11, generated: 12, outside: 1, depth: 11, endedBy: "complete" });
    expect(findings[0]?.outcome).toBe("violated");
  });

  it("drops initial states too", () => {
    const { statistics } = explore({ ...counter, init: () => [20] }, { maxStates: 1000 });
    expect(statistics).toMatchObject({ distinct: 0, outside: 1, endedBy: "complete" });
  });
});

describe("symmetry", () => {
  it.each([3, 4, 5])("meets exactly one state of each orbit of two-phase commit with %i participants", (count) => {
    const orbits = new Set<string>();
    const watching = always<TwoPhase>(
      "watch",
      (state) => orbits.add(JSON.stringify(sortedByFate(state))) !== undefined,
    );
    explore(twoPhaseCommit(count), { properties: [watching] });
    const { findings, statistics } = explore(twoPhaseCommitBySymmetry(count));
    expect(statistics).toMatchObject({ distinct: orbits.size, endedBy: "complete" });
    expect(findings[0]?.outcome).toBe("holds");
  });

  it("keeps depths, and gives paths of states that were really reached", () => {
    const allCommit = sometimes<TwoPhase>("all", ({ participants }) => participants.every((is) => is === "committed"));
    const plain = explore(twoPhaseCommit(4), { properties: [allCommit] });
    const reduced = explore(twoPhaseCommitBySymmetry(4), { properties: [allCommit] });
    expect(reduced.statistics.depth).toBe(plain.statistics.depth);
    const path = reduced.findings[1]?.path;
    expect(path?.steps).toHaveLength(plain.findings[1]?.path?.steps.length ?? 0);
    const model = twoPhaseCommit(4);
    let state = path?.init;
    for (const step of path?.steps ?? []) {
      expect(state && model.actions(state)).toContainEqual(step.action);
      state = state && model.next(state, step.action);
      expect(step.state).toEqual(state);
    }
  });

  it("is refused together with leads-to", () => {
    const promise = leadsTo<TwoPhase>(
      "ends",
      () => true,
      () => true,
    );
    expect(() => explore(twoPhaseCommitBySymmetry(2), { properties: [promise] })).toThrow("Leave symmetry out");
  });
});

describe("mistakes in a model", () => {
  it("next that changes the state it was given", () => {
    const model: Model<{ count: number }, "up"> = {
      init: () => [{ count: 0 }],
      actions: ({ count }) => (count < 5 ? ["up"] : []),
      next: (state) => {
        state.count++;
        return state;
      },
      invariants: [],
      key: (state, into) => into.value(state),
    };
    expect(() => explore(model)).toThrow("must leave it as it was and make a new one");
  });

  it("something kept outside the state", () => {
    let calls = 0;
    const model: Model<number, 1> = {
      init: () => [0],
      actions: () => [1],
      next: (state) => state + (calls++ < 5 ? 1 : 2),
      invariants: [always("below 4", (state) => state < 4)],
      key: (state, into) => into.integer(state),
    };
    expect(() => explore(model)).toThrow(/went another way at step 2.*kept outside the state/s);
  });

  it("actions in an order that depends on how a Set was filled", () => {
    const shared = new Set(["b", "a"]);
    const model: Model<string, string> = {
      init: () => [""],
      actions: () => {
        const [first] = shared;
        if (first !== undefined) shared.delete(first);
        return [...shared.add(first ?? "")];
      },
      next: (state, action) => (state.length < 3 ? state + action : undefined),
      invariants: [always("not bbb", (state) => state !== "bbb")],
      key: (state, into) => into.text(state),
    };
    expect(() => explore(model)).toThrow("went another way");
  });

  it("an exception says in which state, and keeps its cause", () => {
    const cause = new Error("no such broker");
    const model: Model<number, Move> = {
      ...graph("0>1 1>2 2>3"),
      next: (state, move) => {
        if (state === 2) throw cause;
        return move.to;
      },
    };
    try {
      explore(model);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ModelError);
      expect(error).toMatchObject({ message: expect.stringContaining("2 steps from the start"), cause });
      expect(error).toMatchObject({ path: { steps: [{ state: 1 }, { state: 2 }] } });
    }
  });

  it("no initial state", () => {
    expect(() => explore(graph("0>1", []))).toThrow("at least one initial state");
  });
});
