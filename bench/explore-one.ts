/**
 * Explores the model named on the command line once, on as many threads as the next argument says, and prints the figures as JSON.
 * Fails if the known answer does not come out: the speed of a wrong count means nothing.
 */
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { explore } from "../lib/check/explore.js";
import type { Model } from "../lib/check/model.js";
import { type Crew, exploreInParallel } from "../lib/check/parallel.js";
import { serveExploration } from "../lib/check/parallel-worker.js";
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

interface Bench {
  measure(workers: number): Promise<void>;
  serve(): void;
}

const benches: Readonly<Record<string, Bench>> = {
  Kip320: bench(kip320(), { distinct: 737_794, depth: 26, tlcSeconds: 737_794 / 15_000 }),
  KafkaTruncateToHighWatermark: bench(truncateToHighWatermark(), { depth: 9, tlcSeconds: 4.4 }),
  Kip101: bench(kip101(), { depth: 11, tlcSeconds: 9.4 }),
  TwoPhaseCommit7: bench(twoPhaseCommit(7), { distinct: 296_448 }),
  EightPuzzle: bench(eightPuzzle(), { distinct: 181_440, depth: 32 }),
};

function bench<State, Action>(model: Model<State, Action>, known: Known): Bench {
  return {
    async measure(workers) {
      const startMs = performance.now();
      const { statistics } = workers > 1 ? await exploreInParallel(model, {}, crew(workers)) : explore(model);
      const seconds = (performance.now() - startMs) / 1000;
      const { distinct, generated, depth } = statistics;
      for (const name of ["distinct", "depth"] as const) {
        const expected = known[name];
        if (expected === undefined || statistics[name] === expected) continue;
        console.error(`${name} is ${statistics[name]}, and ${expected} is known to be right`);
        process.exit(1);
      }
      const peakRssMB = process.resourceUsage().maxRSS / 1024;
      console.log(JSON.stringify({ distinct, generated, depth, seconds, peakRssMB, tlcSeconds: known.tlcSeconds }));
    },
    serve() {
      const port = parentPort;
      if (port === null) throw new Error("a worker has a parent");
      serveExploration(model, [], {
        post: (message) => port.postMessage(message),
        listen: (onMessage) => void port.on("message", onMessage),
        close: () => port.close(),
      });
    },
  };
}

const name = isMainThread ? process.argv[2] : String(workerData);

function crew(workers: number): Crew {
  return {
    workers,
    connect() {
      const worker = new Worker(new URL(import.meta.url), { workerData: name });
      return {
        post: (message) => worker.postMessage(message),
        listen(onMessage, onFailure) {
          worker.on("message", onMessage);
          worker.on("error", onFailure);
        },
        close: () => void worker.terminate(),
      };
    },
  };
}

const chosen = benches[name ?? ""];
if (chosen === undefined) throw new Error(`no model called ${name}`);
if (isMainThread) await chosen.measure(Number(process.argv[3] ?? 1));
else chosen.serve();
