import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Action } from "../../../lib/sim/action.js";
import { formatAction, parseAction } from "../../../lib/sim/scenario/action-text.js";
import { action, names } from "./arbitraries.js";

describe("the text of an action", () => {
  test.each<[string, Action]>([
    ["deliver p>1 produce", { type: "deliverRequest", client: "p", server: "1", channel: "produce" }],
    ["deliver 2<1 fetch orders-0", { type: "deliverResponse", client: "2", server: "1", channel: "fetch:orders-0" }],
    ["2 reads metadata", { type: "readMetadata", brokerId: 2 }],
    ["fire 1 isr-expiration", { type: "brokerTimer", brokerId: 1, timer: { name: "isrExpiration" } }],
    ["fire 2 fetch orders-0", { type: "brokerTimer", brokerId: 2, timer: { name: "fetch", partition: "orders-0" } }],
    ["fire controller session 2", { type: "controllerTimer", timer: { name: "session", brokerId: 2 } }],
    ["lapse 1 orders-0 2", { type: "lapse", brokerId: 1, partition: "orders-0", replicaId: 2 }],
    ["p send a b to orders-0", { type: "send", producer: "p", partition: "orders-0", values: ["a", "b"] }],
    [
      'p send "to" "m1..m3" to orders-0',
      { type: "send", producer: "p", partition: "orders-0", values: ["to", "m1..m3"] },
    ],
    ["crash 1 keeping orders-0=7", { type: "crashLosingTail", brokerId: 1, keep: { "orders-0": 7 } }],
    ["crash 1 keeping flushed", { type: "crashLosingTail", brokerId: 1, keep: {} }],
    ["slow 1 > 2 by 50ms", { type: "slowLink", from: "1", to: "2", delayMs: 50 }],
    ["throttle 3 to 10/s", { type: "throttle", brokerId: 3, bytesPerSecond: 10_240 }],
    ["throttle 3 to 512B/s", { type: "throttle", brokerId: 3, bytesPerSecond: 512 }],
    [
      "reassign orders-0 to 1,2,4 orders-1 cancel",
      {
        type: "admin",
        command: {
          type: "reassignPartitions",
          targets: [
            { partition: "orders-0", replicas: [1, 2, 4] },
            { partition: "orders-1", replicas: null },
          ],
        },
      },
    ],
    [
      "config orders min.insync.replicas=2 -segment.ms",
      {
        type: "admin",
        command: {
          type: "alterConfigs",
          scope: { kind: "topic", topic: "orders" },
          changes: { "min.insync.replicas": "2", "segment.ms": null },
        },
      },
    ],
  ])("%s", (text, expected) => {
    expect(formatAction(expected)).toBe(text);
    expect(parseAction(text, names)).toEqual({ ok: true, action: expected });
  });

  test("every action has exactly one text, which reads back as that action", () => {
    fc.assert(
      fc.property(action, (one) => {
        const text = formatAction(one);
        expect(text).not.toMatch(/[\n\r]/);
        expect(parseAction(text, names)).toEqual({ ok: true, action: one });
      }),
      { numRuns: 2000 },
    );
  });

  test("what is more or less than one action is refused", () => {
    for (const text of ["isolate 1 from 2", "heal", "p send a every 5ms to orders-0", "", "# crash 1", "crash 1 2"])
      expect(parseAction(text, names).ok, text).toBe(false);
  });
});
