import { describe, expect, it } from "vitest";
import { type LogRecord, MetadataLog } from "../../record/metadata-log.js";
import { firstTopic, type Recording, readRecording, recordingNames } from "../conformance/recording.js";

/** Recordings name topics; in a controller's log partitions have the id of theirs. */
function logOf({ metadataRecords }: Recording): LogRecord[] {
  return metadataRecords.map(({ offset, atMs, type, topic, data }) => ({
    offset,
    at: atMs,
    type,
    data: topic === undefined ? data : { ...data, topicId: topic },
  }));
}

const inProse = recordingNames.filter((name) => /^S\d/.test(name) && name !== "S31");

describe("the fold of the controller's log gives what was recorded by other means", () => {
  it.each(inProse)("%s", (name) => {
    const recording = readRecording(name);
    const records = logOf(recording);
    const folded = new MetadataLog();
    let read = 0;
    let compared = 0;
    for (const { observed, observedAtMs } of recording.steps) {
      const until = records.filter(({ at }) => at <= observedAtMs).length;
      folded.read(records.slice(read, until), 0);
      read = Math.max(read, until);
      const partition = folded.partitions.get(`${firstTopic(recording)}-0`);
      if (observed === undefined || partition === undefined) continue;
      const { leader, leaderEpoch, partitionEpoch, isr, elr, lastKnownElr } = observed;
      const recovering = observed.leaderRecoveryState === "RECOVERING";
      expect(partition).toMatchObject({ leader, leaderEpoch, partitionEpoch, isr, elr, lastKnownElr, recovering });
      compared++;
    }
    expect(compared).toBeGreaterThan(1);
    const epochs = ({ leaderEpochAfter, partitionEpochAfter }: Recording["metadataRecords"][number]) => [
      leaderEpochAfter,
      partitionEpochAfter,
    ];
    const written = folded.records.filter(({ type }) => type === "PartitionChangeRecord").map(epochs);
    const recorded = recording.metadataRecords.filter(({ type }) => type === "PartitionChangeRecord").map(epochs);
    expect(written).toEqual(recorded.slice(0, written.length));
  });

  it("brokers are fenced, unfenced, on their way down, and gone", () => {
    const log = new MetadataLog();
    const say = (offset: number, type: string, data: LogRecord["data"]) => log.read([{ offset, at: 0, type, data }], 0);
    say(5, "RegisterBrokerRecord", { brokerId: 2, fenced: true });
    expect(log.brokers.get(2)).toEqual({ brokerEpoch: 5, fenced: true, inControlledShutdown: false });
    say(6, "BrokerRegistrationChangeRecord", { brokerId: 2, fenced: -1 });
    say(7, "BrokerRegistrationChangeRecord", { brokerId: 2, inControlledShutdown: 1 });
    expect(log.brokers.get(2)).toEqual({ brokerEpoch: 5, fenced: false, inControlledShutdown: true });
    say(8, "UnregisterBrokerRecord", { brokerId: 2 });
    expect(log.brokers.get(2)).toBeUndefined();
    expect(log.nextOffset).toBe(9);
  });
});
