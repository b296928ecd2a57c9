/**
 * One measurement of the simulator, named on the command line; prints the figures as JSON. The cluster is a usual one:
 * three brokers, a topic of three partitions, a producer with acks=all, one with acks=1, and a consumer of everything.
 */
import type { Broker } from "../lib/protocol/broker/state.js";
import { next } from "../lib/sim/next.js";
import type { NodeSteps } from "../lib/sim/node-steps.js";
import { quietSteps } from "../lib/sim/quiet-steps.js";
import { parseScenario } from "../lib/sim/scenario/parse.js";
import { type Run, type RunOptions, runScenario } from "../lib/sim/scenario/run-scenario.js";
import { worldOf } from "../lib/sim/scenario/setup.js";

const STEPS = 100_000;

/** Sends that take the cluster past so many steps. */
const SENDS = 5000;

const values = (prefix: string): string => Array.from({ length: SENDS }, (_, index) => `${prefix}${index}`).join(" ");

const parsed = parseScenario(`cluster brokers=3 seed=1
topic orders partitions=3 replication.factor=3 min.insync.replicas=2
producer p acks=all linger.ms=0
producer q acks=1 linger.ms=0
consumer c topic=orders

at 1 p send ${values("p")} to orders-0 every 10ms
at 3 q send ${values("q")} to orders-1 every 10ms
end 60s
`);
if (!parsed.ok) throw new Error("the benchmark's scenario does not parse");
const { scenario } = parsed;

type Work = () => { readonly steps: number; readonly kept: unknown };

/** The whole run, up to `STEPS`. */
function simulated(options: RunOptions): () => { readonly steps: number; readonly kept: Run } {
  return () => {
    const run = runScenario(scenario, { ...options, maxSteps: STEPS });
    const { steps } = run.world;
    if (steps !== STEPS) throw new Error(`the run ends after ${steps} steps, too early to be measured`);
    return { steps, kept: run };
  };
}

/** What the brokers do in such a run, by themselves: each handles the same events again, without a world around it. */
function brokersAlone(): Work {
  type Call = Parameters<NodeSteps["stepBroker"]>;
  const calls: Call[] = [];
  const recording: NodeSteps = {
    ...quietSteps,
    stepBroker(...call) {
      calls.push(call);
      return quietSteps.stepBroker(...call);
    },
  };
  runScenario(scenario, {
    keepTrace: false,
    maxSteps: STEPS,
    onStep: ({ action }, before) => void next(before, action, recording),
  });
  const { brokers } = worldOf(scenario);
  return () => {
    const states = new Map(brokers.map((broker): [number, Broker] => [broker.brokerId, broker]));
    for (const [{ brokerId }, event, nowMs, rules] of calls) {
      const broker = states.get(brokerId);
      if (broker !== undefined) states.set(brokerId, quietSteps.stepBroker(broker, event, nowMs, rules).broker);
    }
    return { steps: calls.length, kept: states };
  };
}

const works: Readonly<Record<string, () => Work>> = {
  world: () => simulated({ keepTrace: false }),
  traced: () => simulated({ keepTrace: true }),
  hashed: () => () => {
    const { steps, kept } = simulated({ keepTrace: true })();
    return { steps, kept: { kept, hash: kept.hash } };
  },
  brokers: brokersAlone,
};

const [name = "", runs = "1"] = process.argv.slice(2);
const work = works[name]?.();
if (work === undefined) throw new Error(`nothing called ${name} is measured`);
const seconds: number[] = [];
const cpuSeconds: number[] = [];
let steps = 0;
// Kept one at a time, as a program would.
let kept: unknown = null;
for (let count = 0; count < Number(runs); count++) {
  kept = null;
  const [startMs, cpuBefore] = [performance.now(), process.cpuUsage()];
  ({ steps, kept } = work());
  seconds.push((performance.now() - startMs) / 1000);
  const { user, system } = process.cpuUsage(cpuBefore);
  cpuSeconds.push((user + system) / 1_000_000);
}
const peakRssMB = process.resourceUsage().maxRSS / 1024;
globalThis.gc?.();
const heapMB = process.memoryUsage().heapUsed / 1024 / 1024;
console.log(JSON.stringify({ steps, seconds, cpuSeconds, peakRssMB, heapMB, kept: kept !== null }));
