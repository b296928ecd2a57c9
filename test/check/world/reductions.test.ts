import { describe, expect, it } from "vitest";
import { allReductions, type Reductions } from "../../../lib/check/world/settle.js";
import { exploreWorld, type WorldQuestion } from "./world-question.js";

// The keys of an object that its type names in full.
const names = Object.keys(allReductions) as (keyof Reductions)[];

/** Saves choices and no states: a round that teaches nothing leads back to where it began. */
const savesNoStates = "onlyRoundsThatMatter";

/** Small enough to search without a reduction; one that holds and one that does not. */
const questions: readonly (WorldQuestion & { readonly outcome: string })[] = [
  { rf: 2, topic: { "min.insync.replicas": "1" }, faults: "crash 1", outcome: "holds" },
  { rf: 2, topic: { "min.insync.replicas": "1" }, faults: "crash 1", asks: "no-duplicate", outcome: "holds" },
  {
    rf: 2,
    topic: { "min.insync.replicas": "1" },
    producer: { "enable.idempotence": "false" },
    faults: "crash 1",
    asks: "no-duplicate",
    outcome: "violated",
  },
  {
    rf: 2,
    topic: { "min.insync.replicas": "1" },
    faults: "slow 1, power-loss 1",
    asks: "acked-survive",
    outcome: "violated",
  },
  {
    rf: 2,
    topic: { "min.insync.replicas": "1" },
    faults: "isolate-controller 1",
    producer: { acks: "1" },
    asks: "acked-survive",
    outcome: "violated",
  },
];

describe("reductions", () => {
  it.each(questions)(
    "leave $faults at RF $rf as it is: $asks $outcome",
    ({ outcome, ...question }) => {
      const reduced = exploreWorld(question);
      expect(reduced.findings[0]?.outcome).toBe(outcome);
      for (const name of names) {
        const without = exploreWorld(
          { ...question, reductions: { ...allReductions, [name]: false } },
          { maxStates: 30_000 },
        );
        expect([name, without.findings[0]?.outcome]).toEqual([name, outcome]);
        expect(["complete", "decided"]).toContain(without.statistics.endedBy);
        if (outcome !== "holds") continue;
        const saved = without.statistics.distinct - reduced.statistics.distinct;
        expect([name, saved > 0]).toEqual([
          name,
          name !== savesNoStates && !(name === "calmIsTheEnd" && question.asks === undefined),
        ]);
      }
    },
    240_000,
  );
});
