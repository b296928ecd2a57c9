import { expect, test } from "vitest";
import { linkDelayMs } from "../../../lib/sim/network.js";
import { parseScenario } from "../../../lib/sim/scenario/parse.js";
import { worldOf } from "../../../lib/sim/scenario/setup.js";
import type { World } from "../../../lib/sim/world.js";

function world(cluster: string): World {
  const parsed = parseScenario(`cluster brokers=3 ${cluster}\ntopic orders\nproducer p\nconsumer c`);
  if (!parsed.ok) throw new Error(parsed.diagnostics[0].message);
  return worldOf(parsed.scenario);
}

const nodes = ["controller", "1", "2", "3", "p", "c"];
const delays = (at: World): number[] =>
  nodes.flatMap((from) => nodes.filter((to) => to !== from).map((to) => linkDelayMs(at.network, from, to)));
const seeds = Array.from({ length: 40 }, (_, seed) => seed);

test("without a seed every link and every phase is as the next", () => {
  const plain = world("delay=5ms");
  expect(new Set(delays(plain))).toEqual(new Set([5]));
  for (const phase of ["heartbeat", "isrExpiration", "highWatermarkCheckpoint"] as const)
    expect(new Set(plain.brokers.map(({ dueMs }) => dueMs[phase])).size).toBe(1);
});

test("a seed slows links by up to three times, never below the scenario's delay", () => {
  const all = seeds.flatMap((seed) => delays(world(`delay=5ms seed=${seed}`)));
  expect([Math.min(...all), Math.max(...all)]).toEqual([5, 15]);
});

test("a seed gives each broker phases of its own, all within the interval", () => {
  const brokers = seeds.flatMap((seed) => world(`seed=${seed}`).brokers);
  for (const [phase, interval] of [
    ["heartbeat", 2000],
    ["isrExpiration", 15_000],
    ["highWatermarkCheckpoint", 5000],
  ] as const) {
    const times = brokers.map(({ dueMs }) => dueMs[phase]);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...times)).toBeLessThanOrEqual(interval);
    expect(new Set(times).size).toBeGreaterThan(100);
  }
});

test("the same seed gives the same cluster", () => {
  expect(world("seed=7")).toEqual(world("seed=7"));
  expect(world("seed=7")).not.toEqual(world("seed=8"));
});
