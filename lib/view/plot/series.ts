import { emptyList, itemsOf } from "../../core/append-list.js";
import type { TopicPartition } from "../../protocol/ids.js";
import { logEndOffset } from "../../protocol/log/log.js";
import type { TraceEntry } from "../../sim/trace.js";
import { partitionView } from "../partition-view.js";

/** A value over time that stays until the next point. Times are virtual milliseconds, values integers. */
export interface Series {
  readonly name: string;
  readonly points: readonly { readonly atMs: number; readonly value: number }[];
}

/** Log end offset of each replica over a run. */
export function logEndSeries(entries: readonly TraceEntry[], partition: TopicPartition): readonly Series[] {
  return perBroker(entries, partition, "LEO", (replica) => replica.logEndOffset);
}

/** High watermark of each replica, as that replica knows it. */
export function highWatermarkSeries(entries: readonly TraceEntry[], partition: TopicPartition): readonly Series[] {
  return perBroker(entries, partition, "HW", (replica) => replica.highWatermark);
}

/** Number of in-sync replicas, as the controller has stored it. */
export function isrSizeSeries(entries: readonly TraceEntry[], partition: TopicPartition): Series {
  return {
    name: "ISR size",
    points: changesOnly(
      entries.flatMap(({ atMs, world }) => {
        const view = partitionView(world, partition);
        return view === null ? [] : [{ atMs, value: view.isr.length }];
      }),
    ),
  };
}

/** How many records each follower's log is behind the leader's. */
export function lagSeries(entries: readonly TraceEntry[], partition: TopicPartition): readonly Series[] {
  const names = brokersOf(entries, partition);
  return names.map((brokerId) => ({
    name: `lag of broker ${brokerId}`,
    points: changesOnly(
      entries.flatMap(({ atMs, world }) => {
        const registration = world.controller.image.partitions.find((candidate) => candidate.partition === partition);
        const end = (id: number): number | null => {
          const broker = world.brokers.find((candidate) => candidate.brokerId === id);
          const replica = broker?.replicas.find((candidate) => candidate.partition === partition);
          return replica === undefined ? null : logEndOffset(replica.log);
        };
        const leaderEnd = registration === undefined ? null : end(registration.leader);
        const ownEnd = end(brokerId);
        return leaderEnd === null || ownEnd === null ? [] : [{ atMs, value: Math.max(0, leaderEnd - ownEnd) }];
      }),
    ),
  }));
}

/** Milliseconds from a send to the answer its application got, one point a send that was acknowledged. */
export function ackLatencySeries(entries: readonly TraceEntry[]): readonly Series[] {
  const sends = itemsOf(entries.at(-1)?.world.history.sends ?? emptyList);
  const producers = [...new Set(sends.map((send) => send.producer))].sort();
  return producers.map((producer) => ({
    name: `${producer} (acks=${sends.find((send) => send.producer === producer)?.acks})`,
    points: sends
      .filter((send) => send.producer === producer && send.outcome?.result === "acked" && send.endedAtMs !== null)
      .map((send) => ({ atMs: send.sentAtMs, value: (send.endedAtMs ?? send.sentAtMs) - send.sentAtMs })),
  }));
}

function perBroker(
  entries: readonly TraceEntry[],
  partition: TopicPartition,
  label: string,
  read: (replica: { readonly logEndOffset: number; readonly highWatermark: number }) => number,
): readonly Series[] {
  return brokersOf(entries, partition).map((brokerId) => ({
    name: `${label} of broker ${brokerId}`,
    points: changesOnly(
      entries.flatMap(({ atMs, world }) => {
        const replica = partitionView(world, partition)?.replicas.find((candidate) => candidate.brokerId === brokerId);
        return replica === undefined ? [] : [{ atMs, value: read(replica) }];
      }),
    ),
  }));
}

function brokersOf(entries: readonly TraceEntry[], partition: TopicPartition): readonly number[] {
  const last = entries.at(-1);
  const view = last === undefined ? null : partitionView(last.world, partition);
  return (view?.replicas ?? []).map((replica) => replica.brokerId).sort((a, b) => a - b);
}

/** First and last point, and each at which the value is another than before. */
function changesOnly(points: Series["points"]): Series["points"] {
  return points.filter(
    (point, index) => index === 0 || index === points.length - 1 || point.value !== points[index - 1]?.value,
  );
}
