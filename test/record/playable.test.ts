import { describe, expect, it } from "vitest";
import { parseScenario } from "../../lib/sim/scenario/parse.js";
import { unplayable } from "../../record/playable.js";

function complaints(text: string): string[] {
  const parsed = parseScenario(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return unplayable(parsed.scenario, "4.3.1").map(({ line, what, why }) => `${line}: ${what}: ${why}`);
}

describe("what a real cluster cannot play is said with its line", () => {
  it("a scenario that it can", () => {
    const text = `cluster brokers=3 kafka=4.3 elr=off replica.lag.time.max.ms=5000
topic orders
producer p acks=1
consumer c
at 0  p send a b every 20ms
at 1s isolate 2 from 1
at 1s cut 1 > p
at 2s crash 1 keeping orders-0=1
at 3s start 1
at 4s wipe 2
at 5s pause 3
at 6s pause controller
at 7s shutdown 1
at 8s config orders min.insync.replicas=2
at 9s slow 1 > 2 by 50ms
at 9s $ kafka-topics --list
end 10s`;
    expect(complaints(text)).toEqual([]);
  });

  it.each([
    ["cluster variant=truncate-to-high-watermark elr=off", "variant: the cluster has the rules of its release"],
    ["cluster seed=7", "seed: a real network has the delays it has"],
    ["cluster kafka=3.9", "kafka=3.9: the jars found are those of Kafka 4.3.1"],
  ])("%s", (head, said) => {
    expect(complaints(`${head}\ntopic orders`)).toEqual([expect.stringContaining(`1: ${said}`)]);
  });

  it.each([
    ["slow-disk 2 by 30ms", "the disk is the machine's"],
    ["controller failover", "there is one controller"],
    ["throttle 3 to 10/s", "set them with config"],
    ["pause p", "all clients live in one process"],
    ["fire controller session 3", "does this by itself"],
    ["2 reads metadata", "does this by itself"],
  ])("%s", (step, why) => {
    const [said, ...more] = complaints(`topic orders\nproducer p\nat 1s ${step}`);
    expect(more).toEqual([]);
    expect(said).toMatch(/^3: /);
    expect(said).toContain(why);
  });
});
