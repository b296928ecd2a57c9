import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SearchOptions } from "../../lib/check/budget.js";
import { explore } from "../../lib/check/explore.js";
import type { Model } from "../../lib/check/model.js";
import { leadsTo, sometimes } from "../../lib/check/properties.js";
import { graph, type Move } from "./models/graph.js";

/** Asks whether every state in `from` leads to one in `to`. */
function ask(
  model: Model<number, Move>,
  from: readonly number[],
  to: readonly number[],
  options: SearchOptions<number> = {},
) {
  const promise = leadsTo<number>(
    `${from} leads to ${to}`,
    (state) => from.includes(state),
    (state) => to.includes(state),
  );
  const [finding] = explore(model, { properties: [promise], ...options }).findings;
  if (finding === undefined) throw new Error("one property, one finding");
  const { path, loopsFrom = 0 } = finding;
  const states = path === undefined ? [] : [path.init, ...path.steps.map(({ state }) => state)];
  return {
    outcome: finding.outcome,
    /** States before the loop, then the loop (which ends where it begins). */
    stem: states.slice(0, loopsFrom + 1),
    loop: states.slice(loopsFrom + 1),
    moves: path?.steps.slice(loopsFrom).map(({ action }) => action) ?? [],
  };
}

describe("leads-to under weak fairness", () => {
  it("holds where a promised action has to be taken in the end", () => {
    expect(ask(graph("0>1:go"), [0], [1]).outcome).toBe("holds");
  });

  it("is broken by staying where one is, if nothing promises otherwise", () => {
    expect(ask(graph("0>1"), [0], [1])).toMatchObject({ outcome: "violated", stem: [0], loop: [] });
  });

  it("is broken by a dead end", () => {
    expect(ask(graph("0>1:go 0>2:go"), [0], [1])).toMatchObject({ outcome: "violated", stem: [0, 2], loop: [] });
  });

  it("holds at once where the goal holds already", () => {
    expect(ask(graph("0>1"), [0], [0]).outcome).toBe("holds");
  });

  it("holds where nothing ever opens the promise", () => {
    expect(ask(graph("0>1"), [7], [1]).outcome).toBe("holds");
  });

  it("does not let a loop go on for ever beside an action that stays possible", () => {
    expect(ask(graph("0>1:tick 1>0:tick 0>2:go 1>2:go"), [0], [2]).outcome).toBe("holds");
  });

  it("lets a loop go on that makes the action impossible again and again: that would take strong fairness", () => {
    // A lossy line: sent (1) or not (0); while it is lost each time, `deliver` is never possible for long.
    const line = graph("0>1:send 1>0 1>2:deliver");
    expect(ask(line, [0], [2])).toMatchObject({ outcome: "violated", stem: [0], loop: [1, 0] });
  });

  it("counts an action that changes nothing neither as possible nor as taken", () => {
    expect(ask(graph("0>0:go"), [0], [1])).toMatchObject({ outcome: "violated", stem: [0], loop: [] });
    expect(ask(graph("0>0:go 0>1:go"), [0], [1]).outcome).toBe("holds");
  });

  it("gives the shortest way to where it goes wrong", () => {
    const model = graph("0>1:a 1>2:a 2>3:a 3>4:a 0>5:b 5>6:b 6>5:b 4>9:a");
    expect(ask(model, [0], [9])).toMatchObject({ outcome: "violated", stem: [0, 5] });
  });

  it("goes round through every promise, by edges that exist", () => {
    // Both ticks are possible everywhere, and the shortest loop takes only one of them.
    const found = ask(graph("0>1:a 1>0:a 1>2:b 2>0:a 0>2:b 2>1:b"), [0], [9]);
    expect(found.outcome).toBe("violated");
    expect(new Set(found.moves.map(({ promise }) => promise))).toEqual(new Set(["a", "b"]));
    expect(found.loop.at(-1)).toBe(found.stem.at(-1));
  });

  it("several promises are judged each for itself", () => {
    const properties = [
      leadsTo<number>(
        "0 leads to 2",
        (state) => state === 0,
        (state) => state === 2,
      ),
      leadsTo<number>(
        "2 leads to 0",
        (state) => state === 2,
        (state) => state === 0,
      ),
    ];
    const { findings } = explore(graph("0>1:go 1>2:go"), { properties });
    expect(findings.map(({ outcome }) => outcome)).toEqual(["holds", "violated"]);
  });
});

describe("what other checkers have missed", () => {
  it("a loop that never gets there (Stateright calls it a known false negative)", () => {
    expect(ask(graph("0>2:go 2>4:go 4>2:go"), [0], [1])).toMatchObject({
      outcome: "violated",
      stem: [0, 2],
      loop: [4, 2],
    });
  });

  it("a state reached first by a way that kept the promise, then by one that did not (Stateright, likewise)", () => {
    const model = graph("1>4:go 0>2:go 2>4:go 4>6:go", [1, 0]);
    expect(ask(model, [0], [1, 3, 5])).toMatchObject({ outcome: "violated", stem: [0, 2, 4, 6], loop: [] });
  });

  it("a loop in both directions between two states (tlaplus issue 201)", () => {
    // A: x' = x + 1 mod 3, promised; B: any x. Going to and fro between 0 and 1 takes A again and again.
    const model = graph("0>1:A 1>2:A 2>0:A 0>1 0>2 1>0 1>2 2>0 2>1");
    expect(ask(model, [0], [2])).toMatchObject({ outcome: "violated", stem: [0], loop: [1, 0] });
    // Without the way back A must go all the way round.
    expect(ask(graph("0>1:A 1>2:A 2>0:A"), [0], [2]).outcome).toBe("holds");
  });
});

describe("a search that did not see everything", () => {
  const chain = graph("0>1:go 1>2:go 2>3:go 3>4:go 4>5:go");

  it("is inconclusive when cut", () => {
    expect(ask(chain, [0], [5]).outcome).toBe("holds");
    expect(ask(chain, [0], [5], { maxDepth: 3 }).outcome).toBe("inconclusive");
  });

  it("is inconclusive when cut before the promise was ever opened", () => {
    expect(ask(chain, [4], [5], { maxDepth: 3 }).outcome).toBe("inconclusive");
  });

  it("is judged even when all else was decided long before", () => {
    const properties = [
      sometimes<number>("one", (state) => state === 1),
      leadsTo<number>(
        "0 leads to 9",
        (state) => state === 0,
        (state) => state === 9,
      ),
    ];
    const { findings } = explore(chain, { properties });
    expect(findings.map(({ outcome, path }) => [outcome, path?.steps.length])).toEqual([
      ["holds", 1],
      ["violated", 5],
    ]);
  });

  it("does not take a state it has not gone on from for a dead end", () => {
    expect(ask(chain, [0], [9], { maxDepth: 3 }).outcome).toBe("inconclusive");
    expect(ask(chain, [0], [9])).toMatchObject({ outcome: "violated", stem: [0, 1, 2, 3, 4, 5] });
  });

  it("is inconclusive where an open run leaves the bounds, rather than vacuously true", () => {
    const bounded: Model<number, Move> = { ...chain, within: (state) => state <= 2 };
    expect(ask(bounded, [0], [5]).outcome).toBe("inconclusive");
    expect(ask(bounded, [0], [1]).outcome).toBe("holds");
  });

  it("still finds a loop within what it saw", () => {
    const model = graph("0>1:go 1>0:go 0>2:far 2>3:far 3>4:far");
    expect(ask(model, [0], [9], { maxDepth: 3 })).toMatchObject({
      outcome: "violated",
      stem: [0],
      loop: [1, 0],
    });
    expect(ask(graph("0>1 1>2 2>3"), [0], [9], { maxDepth: 2 })).toMatchObject({ outcome: "violated", stem: [0] });
  });
});

/** Random graphs of up to six states whose edges may be promised by a, b or nothing. */
const labelled = fc
  .array(fc.tuple(fc.nat(5), fc.nat(5), fc.constantFrom("", ":a", ":b")), { minLength: 1, maxLength: 14 })
  .map((edges) => edges.map(([from, to, promise]) => `${from}>${to}${promise}`).join(" "));

/**
 * The definition, tried out: some run is fair and breaks the promise if and only if some set of states can be its end, that
 * is: reached with the promise open, without the goal, strongly connected, and for each promise not possible in one
 * of its states or taken on one of its edges.
 */
function brokenByDefinition(model: Model<number, Move>, from: readonly number[], to: readonly number[]): boolean {
  const movesOf = (state: number) => model.actions(state).filter((move) => move.to !== state);
  const closure = (starts: readonly number[], allowed: (state: number) => boolean): Set<number> => {
    const met = new Set(starts.filter(allowed));
    for (const state of met) for (const move of movesOf(state)) if (allowed(move.to)) met.add(move.to);
    return met;
  };
  const reachable = closure(model.init(), () => true);
  const open = closure(
    [...reachable].filter((state) => from.includes(state)),
    (state) => !to.includes(state),
  );
  for (let bits = 1; bits < 1 << 6; bits++) {
    const set = [0, 1, 2, 3, 4, 5].filter((state) => (bits & (1 << state)) !== 0);
    if (!set.every((state) => open.has(state))) continue;
    const isConnected = set.every((start) => closure([start], (state) => set.includes(state)).size === set.length);
    const isFair = ["a", "b"].every((promise) => {
      const idle = set.some((state) => !movesOf(state).some((move) => move.promise === promise));
      return idle || set.some((state) => movesOf(state).some((m) => m.promise === promise && set.includes(m.to)));
    });
    if (isConnected && isFair) return true;
  }
  return false;
}

describe("against the definition", () => {
  it("random graphs: the same verdict, and a run that is one", () => {
    fc.assert(
      fc.property(labelled, fc.subarray([0, 1, 2, 3, 4, 5]), fc.subarray([0, 1, 2, 3, 4, 5]), (text, from, to) => {
        const model = graph(text);
        const found = ask(model, from, to);
        expect(found.outcome).toBe(brokenByDefinition(model, from, to) ? "violated" : "holds");
        if (found.outcome !== "violated") return;
        const run = [...found.stem, ...found.loop];
        const opensAt = run.findLastIndex((state) => to.includes(state)) + 1;
        expect(run.slice(opensAt).some((state) => from.includes(state))).toBe(true);
        expect(found.loop.some((state) => to.includes(state))).toBe(false);
        expect(found.loop.length === 0 || found.loop.at(-1) === found.stem.at(-1)).toBe(true);
        const loop = found.loop.length === 0 ? found.stem.slice(-1) : found.loop;
        for (const promise of ["a", "b"]) {
          const idle = loop.some((s) => !model.actions(s).some((m) => m.promise === promise && m.to !== s));
          expect(idle || found.moves.some((move) => move.promise === promise)).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
