/** Explores the model named on the command line once and prints its figures as JSON. Fails if its known answer does not come out. */
import { explore } from "../lib/check/explore.js";
import type { Model } from "../lib/check/model.js";
import { kip101 } from "../test/check/models/kip-101.js";
import { kip320 } from "../test/check/models/kip-320.js";
import { eightPuzzle } from "../test/check/models/puzzles.js";
import { truncateToHighWatermark } from "../test/check/models/truncate-to-high-watermark.js";
import { twoPhaseCommit } from "../test/check/models/two-phase-commit.js";

interface Known {
  /** Of a whole search; a search that ends at a violation is known by its depth. */
  readonly distinct?: number;
  readonly depth?: number;
  /** What TLC takes with two workers on two cores, start included, where that was measured. */
  readonly tlcSeconds?: number;
}

function measure<State, Action>(model: Model<State, Action>, known: Known): void {
  const startMs = performance.now();
  const { statistics } = explore(model);
  const seconds = (performance.now() - startMs) / 1000;
  const { distinct, generated, depth } = statistics;
  for (const [name, expected] of [["distinct", known.distinct] as const, ["depth", known.depth] as const]) {
    if (expected !== undefined && statistics[name] !== expected) {
      console.error(
        `${name} is ${statistics[name]}, and ${expected} is known to be right: the speed of a wrong count means nothing`,
      );
      process.exit(1);
    }
  }
  const peakRssMB = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ distinct, generated, depth, seconds, peakRssMB, tlcSeconds: known.tlcSeconds }));
}

const models: Readonly<Record<string, () => void>> = {
  Kip320: () => measure(kip320(), { distinct: 737_794, depth: 26, tlcSeconds: 737_794 / 15_000 }),
  KafkaTruncateToHighWatermark: () => measure(truncateToHighWatermark(), { depth: 9, tlcSeconds: 4.4 }),
  Kip101: () => measure(kip101(), { depth: 11, tlcSeconds: 9.4 }),
  TwoPhaseCommit7: () => measure(twoPhaseCommit(7), { distinct: 296_448 }),
  EightPuzzle: () => measure(eightPuzzle(), { distinct: 181_440, depth: 32 }),
};

models[process.argv[2] ?? ""]?.();
