import { describe, expect, test } from "vitest";
import { controllerGauges } from "../../../lib/protocol/controller/metrics.js";
import type { Controller } from "../../../lib/protocol/controller/state.js";
import type { MetadataRecord } from "../../../lib/protocol/metadata/record.js";
import { readRecording, recordingNames } from "./recordings.js";
import { replay } from "./replay.js";

describe.each(recordingNames)("the controller of %s", (name) => {
  const recording = readRecording(name);
  const { replayed, states } = replay(recording);

  test("writes what the real one wrote, input by input", () => {
    for (const { input, recorded, written } of replayed) {
      expect({ input, records: comparable(written) }).toEqual({ input, records: comparable(recorded) });
    }
    expect(replayed.length).toBeGreaterThan(5);
  });

  test("shows the gauges and meters the real one showed", () => {
    let compared = 0;
    for (const { step, observedAtMs, metrics } of recording.steps) {
      if (metrics?.controller === undefined) continue;
      // The state that was observed is that after the last input before the observation.
      const controller = states.findLast(({ atMs }) => atMs <= observedAtMs)?.controller;
      if (controller === undefined) continue;
      const shown = Object.keys(metrics.controller).map((key) => [key, gauge(controller, key)]);
      expect({ step, ...Object.fromEntries(shown) }).toEqual({ step, ...metrics.controller });
      compared++;
    }
    expect(compared).toBeGreaterThan(0);
  });
});

function gauge(controller: Controller, key: string): number | undefined {
  return Object.entries(controllerGauges(controller)).find(([name]) => name === key)?.[1];
}

/**
 * Without what a recording does not show (directories, racks), and with partitions and configuration keys in one order:
 * within a batch a real controller visits them in the order of a hash.
 */
function comparable(records: readonly MetadataRecord[]): readonly Shown[] {
  const shown = records.map((record) => {
    switch (record.type) {
      case "PartitionRecord":
        return { ...record, directories: [] };
      case "PartitionChangeRecord": {
        const { directories: _, ...rest } = record;
        return rest;
      }
      case "RegisterBrokerRecord":
        return { ...record, directoryId: 0 };
      default:
        return record;
    }
  });
  return inOneOrder(inOneOrder(shown, "PartitionChangeRecord"), "ConfigRecord");
}

/** The records of one type sorted among themselves; all others keep their places. */
function inOneOrder(records: readonly Shown[], type: string): readonly Shown[] {
  const sorted = records.filter((record) => record.type === type).sort(byText);
  return records.map((record) => (record.type === type ? (sorted.shift() ?? record) : record));
}

function byText(a: Shown, b: Shown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

type Shown = { readonly type: MetadataRecord["type"] };
