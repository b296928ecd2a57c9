/**
 * Counts the states of small questions about the Kafka world with all reductions, and without each of them, and prints the
 * figures as JSON. A verdict that changes fails the benchmark: a reduction may save states, never answers.
 */
import { allReductions, type Reductions } from "../lib/check/world/settle.js";
import { exploreWorld, type WorldQuestion } from "../test/check/world/world-question.js";

const maxStates = Number(process.argv[2] ?? 100_000);

const questions: Readonly<Record<string, WorldQuestion>> = {
  "RF 2, crash 1": { rf: 2, topic: { "min.insync.replicas": "1" }, faults: "crash 1", asks: "acked-survive" },
  "RF 2, slow 1 and crash 1": {
    rf: 2,
    topic: { "min.insync.replicas": "1" },
    faults: "slow 1, crash 1",
    asks: "acked-survive",
  },
  "RF 3, crash 1": { rf: 3, topic: { "min.insync.replicas": "2" }, faults: "crash 1", asks: "acked-survive" },
};

// The keys of an object that its type names in full.
const names = Object.keys(allReductions) as (keyof Reductions)[];

const rows = Object.entries(questions).flatMap(([question, asked]) => {
  const all = exploreWorld(asked, { maxStates });
  return names.map((reduction) => {
    const without = exploreWorld({ ...asked, reductions: { ...allReductions, [reduction]: false } }, { maxStates });
    const isCut = without.statistics.endedBy === "states";
    const [one, other] = [all.findings[0]?.outcome, without.findings[0]?.outcome];
    if (!isCut && one !== other) {
      console.error(`${question}: ${one} with all reductions, ${other} without ${reduction}`);
      process.exit(1);
    }
    return { question, reduction, with: all.statistics.distinct, without: without.statistics.distinct, isCut };
  });
});
console.log(JSON.stringify(rows));
