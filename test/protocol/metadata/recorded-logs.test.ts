import { describe, expect, test } from "vitest";
import { rulesFor } from "../../../lib/kafka/versions.js";
import { noLeader } from "../../../lib/protocol/ids.js";
import { applyMetadataRecord, emptyImage } from "../../../lib/protocol/metadata/apply.js";
import { type MetadataImage, partitionOf } from "../../../lib/protocol/metadata/image.js";
import {
  partitionOfRecord,
  type RecordedPartition,
  type Recording,
  readRecording,
  recordingNames,
  toMetadataRecord,
} from "../controller/recordings.js";

/** The recorded log up to a moment. */
function imageAt({ metadataRecords }: Recording, atMs: number): MetadataImage {
  let image = emptyImage({});
  for (const recorded of metadataRecords) {
    const record = recorded.atMs <= atMs ? toMetadataRecord(recorded) : null;
    if (record !== null) image = applyMetadataRecord(image, record, recorded.offset, rulesFor("4.3"));
  }
  return image;
}

describe.each(recordingNames)("the metadata log of %s", (name) => {
  const recording = readRecording(name);

  test("gives every partition the epochs the real one had after each record", () => {
    let image = emptyImage({});
    let compared = 0;
    for (const recorded of recording.metadataRecords) {
      const record = toMetadataRecord(recorded);
      if (record === null) continue;
      image = applyMetadataRecord(image, record, recorded.offset, rulesFor("4.3"));
      expect(image.nextOffset).toBe(recorded.offset + 1);
      if (recorded.leaderEpochAfter === undefined) continue;
      const { leaderEpoch, partitionEpoch } = partitionOf(image, partitionOfRecord(recorded)) ?? {};
      expect({ offset: recorded.offset, leaderEpoch, partitionEpoch }).toEqual({
        offset: recorded.offset,
        leaderEpoch: recorded.leaderEpochAfter,
        partitionEpoch: recorded.partitionEpochAfter,
      });
      compared++;
    }
    expect(compared).toBeGreaterThan(0);
  });

  test("gives the state that was observed at each step", () => {
    const topics = recording.metadataRecords.filter(({ type }) => type === "TopicRecord");
    for (const { step, observed, observedOther, observedAtMs } of recording.steps) {
      const image = imageAt(recording, observedAtMs);
      const seen: [string, RecordedPartition | undefined][] = [
        [topics[0]?.topic ?? "", observed],
        ...Object.entries(observedOther ?? {}),
      ];
      for (const [topic, expected] of seen) {
        if (expected === undefined || expected === null || expected.leaderEpoch === undefined) continue;
        const partition = partitionOf(image, topic.includes("-") ? topic : `${topic}-0`);
        expect({ step, topic, ...stateOf(partition) }).toEqual({ step, topic, ...expectedState(expected) });
      }
    }
  });
});

function stateOf(partition: ReturnType<typeof partitionOf>): object {
  if (partition === undefined) return {};
  const { leader, leaderEpoch, partitionEpoch, isr, eligibleLeaderReplicas, lastKnownElr, leaderRecoveryState } =
    partition;
  return {
    leader: leader === noLeader ? null : leader,
    leaderEpoch,
    partitionEpoch,
    isr,
    elr: eligibleLeaderReplicas,
    lastKnownElr,
    leaderRecoveryState,
  };
}

function expectedState(expected: RecordedPartition): object {
  const { leader, leaderEpoch, partitionEpoch, isr, elr, lastKnownElr, leaderRecoveryState } = expected;
  return {
    leader,
    leaderEpoch,
    partitionEpoch,
    isr,
    elr,
    lastKnownElr,
    leaderRecoveryState: leaderRecoveryState?.toLowerCase() ?? "recovered",
  };
}
