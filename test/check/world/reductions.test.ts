import { describe, expect, it } from "vitest";
import { allReductions, type Reductions } from "../../../lib/check/world/settle.js";
import { exploreWorld, type WorldQuestion } from "./world-question.js";

const names: readonly (keyof Reductions)[] = [
  "roundsAreWhole",
  "onlyRoundsThatMatter",
  "alterPartitionAnswersWithMetadata",
  "proposalsArriveAtOnce",
  "metadataOfNoConcern",
  "clientsAreQuick",
  "calmIsTheEnd",
];

/** Small enough to search without a reduction; one that holds and one that does not. */
const questions: readonly (WorldQuestion & { readonly outcome: string })[] = [
  { rf: 2, topic: { "min.insync.replicas": "1" }, faults: "crash 1", outcome: "holds" },
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
    "leave $faults at RF $rf as it is: $outcome",
    ({ outcome, ...question }) => {
      const reduced = exploreWorld(question);
      expect(reduced.findings[0]?.outcome).toBe(outcome);
      for (const name of names) {
        // A client that may pause for ever tries for ever, and each try is a state of its own.
        if (name === "clientsAreQuick" && outcome === "holds") continue;
        const without = exploreWorld(
          { ...question, reductions: { ...allReductions, [name]: false } },
          { maxStates: 30_000 },
        );
        expect([name, without.findings[0]?.outcome]).toEqual([name, outcome]);
        expect(without.statistics.distinct).toBeGreaterThanOrEqual(
          outcome === "holds" ? reduced.statistics.distinct : 1,
        );
      }
    },
    240_000,
  );
});
