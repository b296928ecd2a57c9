import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { appendAsFollower, appendAsLeader, appendMarker } from "../../../lib/protocol/log/append.js";
import { assignEpoch, endOffsetFor, latestEpoch } from "../../../lib/protocol/log/epoch-entries.js";
import {
  emptyLog,
  logEndOffset,
  type ReplicaLog,
  readRecords,
  recordAt,
  recordsBetween,
} from "../../../lib/protocol/log/log.js";
import type { LogRecord } from "../../../lib/protocol/log/record.js";
import { raiseLogStart, truncateTo, truncationFor } from "../../../lib/protocol/log/truncation.js";
import { batchOf, fetchOnce, offer, record } from "./logs.js";

const allOf = (log: ReplicaLog): readonly LogRecord[] => recordsBetween(log, log.logStartOffset, logEndOffset(log));

describe("records in chunks", () => {
  type Change = { readonly append: number } | { readonly truncate: number } | { readonly raise: number };
  const change: fc.Arbitrary<Change> = fc.oneof(
    fc.record({ append: fc.integer({ min: 0, max: 150 }) }),
    fc.record({ truncate: fc.nat(300) }),
    fc.record({ raise: fc.nat(300) }),
  );

  it("behave as one array, and lie the same way whatever led to them", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), (changes) => {
        let log = emptyLog();
        let start = 0;
        let plain: LogRecord[] = [];
        let made = 0;
        for (const step of changes) {
          if ("append" in step) {
            const records = Array.from({ length: step.append }, () => record(`r${made++}`, 0));
            log = appendAsFollower(log, records);
            plain = [...plain, ...records];
          } else if ("truncate" in step) {
            log = truncateTo(log, step.truncate);
            if (step.truncate < start) {
              start = step.truncate;
              plain = [];
            } else plain = plain.slice(0, step.truncate - start);
          } else if (step.raise > start) {
            log = raiseLogStart(log, step.raise);
            plain = plain.slice(step.raise - start);
            start = step.raise;
          }
          expect([log.logStartOffset, logEndOffset(log)]).toEqual([start, start + plain.length]);
          expect(allOf(log)).toEqual(plain);
          expect(log.chunks).toEqual(appendAsFollower({ ...emptyLog(), logStartOffset: start }, plain).chunks);
          for (const offset of [start - 1, start, start + 63, start + 64, start + plain.length])
            expect(recordAt(log, offset)).toBe(offset < start ? undefined : plain[offset - start]);
        }
      }),
    );
  });

  it("are read in whole batches, at least one, at most so many records", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 60 }),
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 1, max: 12 }),
        (sizes, fromBatch, toBatch, maxRecords) => {
          const records = sizes.flatMap((size, batch) =>
            Array.from({ length: size }, (_, index) => record(`${batch}.${index}`, 0, { startsBatch: index === 0 })),
          );
          const log = appendAsFollower(emptyLog(), records);
          const borders = [...records.keys()].filter((offset) => records[offset]?.startsBatch);
          borders.push(records.length);
          const from = borders[fromBatch % borders.length] ?? 0;
          const to = borders[toBatch % borders.length] ?? 0;
          const read = readRecords(log, from, to, maxRecords);
          const fitting = borders.filter((border) => border > from && border <= to && border - from <= maxRecords);
          const first = borders.find((border) => border > from && border <= to);
          expect(read).toEqual(records.slice(from, fitting.at(-1) ?? first ?? from));
        },
      ),
    );
  });
});

describe("epochs", () => {
  it("end where the first record of a later epoch stands", () => {
    const history = fc.array(
      fc.record({ skip: fc.integer({ min: 1, max: 3 }), writes: fc.integer({ min: 0, max: 3 }) }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(history, fc.nat(40), fc.boolean(), (terms, cutAt, cut) => {
        let log = emptyLog();
        let epoch = -1;
        for (const { skip, writes } of terms) {
          epoch += skip;
          log = assignEpoch(log, epoch, logEndOffset(log));
          for (let index = 0; index < writes; index++) log = appendAsFollower(log, [record("x", epoch)]);
        }
        if (cut) log = truncateTo(log, cutAt);
        // The oracle knows no cache: only the records, and the epoch that was noted last and is still there.
        const known = [...allOf(log).entries()].map(([offset, entry]) => ({ epoch: entry.leaderEpoch, offset }));
        if (!cut && epoch >= 0) known.push({ epoch, offset: logEndOffset(log) });
        for (let asked = -1; asked <= epoch + 1; asked++) {
          const latest = known.at(-1)?.epoch ?? -1;
          const floor = known.findLast((entry) => entry.epoch <= asked)?.epoch ?? asked;
          const expected =
            asked < 0 || asked > latest
              ? null
              : {
                  epoch: floor,
                  endOffset: known.find((entry) => entry.epoch > floor)?.offset ?? logEndOffset(log),
                };
          expect(endOffsetFor(log, asked)).toEqual(expected);
        }
      }),
    );
  });
});

describe("replication", () => {
  const replicas = 3;
  type Move =
    | { readonly elect: number }
    | { readonly write: number }
    | { readonly fetch: number }
    | { readonly loseTail: readonly [number, number] };
  const move: fc.Arbitrary<Move> = fc.oneof(
    fc.record({ elect: fc.nat(replicas - 1) }),
    fc.record({ write: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ fetch: fc.nat(replicas - 1) }),
    fc.record({ loseTail: fc.tuple(fc.nat(replicas - 1), fc.nat(6)) }),
  );

  /** Any replica may be elected, written to and fetched from; then the last leader's followers catch up. */
  function play(moves: readonly Move[], truncation: typeof truncationFor): ReplicaLog[] {
    const logs = Array.from({ length: replicas }, emptyLog);
    let leader = 0;
    let epoch = 0;
    let made = 0;
    const logOf = (replica: number): ReplicaLog => logs[replica] ?? emptyLog();
    const elect = (replica: number): void => {
      epoch += 1;
      leader = replica;
      logs[leader] = assignEpoch(logOf(leader), epoch, logEndOffset(logOf(leader)));
    };
    for (const step of moves) {
      if ("elect" in step) elect(step.elect);
      else if ("write" in step) {
        const records = Array.from({ length: step.write }, () => ({ value: `v${made++}`, timestampMs: 0 }));
        logs[leader] = appendAsLeader(logOf(leader), { records, producer: null, transactional: false }, epoch).log;
      } else if ("fetch" in step) {
        if (step.fetch !== leader) logs[step.fetch] = fetchOnce(logOf(step.fetch), logOf(leader), truncation).log;
      } else {
        const [replica, lost] = step.loseTail;
        logs[replica] = truncateTo(logOf(replica), Math.max(0, logEndOffset(logOf(replica)) - lost));
        // A leader that lost records is down, and comes back in a new epoch.
        if (replica === leader) elect((replica + 1) % replicas);
      }
    }
    elect(leader);
    for (let round = 0; round < 30; round++)
      for (let replica = 0; replica < replicas; replica++)
        if (replica !== leader) logs[replica] = fetchOnce(logOf(replica), logOf(leader), truncation).log;
    return logs;
  }

  function sameEpochSameRecord(logs: readonly ReplicaLog[]): boolean {
    return logs.every((a) =>
      logs.every((b) =>
        allOf(a).every((entry, offset) => {
          const other = recordAt(b, offset);
          return other === undefined || other.leaderEpoch !== entry.leaderEpoch || other === entry;
        }),
      ),
    );
  }

  it("LogMatching: equal offset and epoch mean the same record, and all logs become the leader's", () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
        const logs = play(moves, truncationFor);
        expect(sameEpochSameRecord(logs)).toBe(true);
        for (const log of logs) expect(allOf(log)).toEqual(allOf(logs[0] ?? emptyLog()));
      }),
      { numRuns: 500 },
    );
  });

  it("the answer without an epoch (before KIP-279) lets logs diverge", () => {
    const found = fc.check(
      fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
        const logs = play(moves, (log, diverging) => truncationFor(log, { ...diverging, epoch: -1 }));
        return logs.every((log) => JSON.stringify(allOf(log)) === JSON.stringify(allOf(logs[0] ?? emptyLog())));
      }),
      { numRuns: 5000, seed: 279 },
    );
    expect(found.failed).toBe(true);
  });
});

describe("what is noted of producers", () => {
  const batch = fc.record({
    producerId: fc.integer({ min: 1, max: 3 }),
    producerEpoch: fc.nat(1),
    sequence: fc.nat(6),
    count: fc.integer({ min: 1, max: 3 }),
    kind: fc.constantFrom("data", "data", "transactional", "commit", "abort"),
  });

  it("decides over a batch as the whole history of its producer does", () => {
    const offered = fc.record({
      producerEpoch: fc.nat(2),
      sequence: fc.nat(9),
      next: fc.boolean(),
      count: fc.integer({ min: 1, max: 2 }),
    });
    fc.assert(
      fc.property(fc.array(offered, { maxLength: 40 }), (batches) => {
        type Accepted = { epoch: number; first: number; last: number; offset: number };
        const accepted: Accepted[] = [];
        let log = emptyLog();
        for (const { producerEpoch, sequence, next, count } of batches) {
          const latest = accepted.at(-1);
          // Half of the offers fit, so that histories grow long enough for the window to matter.
          const epoch = next ? (latest?.epoch ?? 0) : producerEpoch;
          const first = next ? (latest?.last ?? -1) + 1 : sequence;
          const last = first + count - 1;
          const window = accepted.slice(-5).filter((batch) => batch.epoch === latest?.epoch);
          const known = window.find((batch) => batch.epoch === epoch && batch.first === first && batch.last === last);
          const wanted = latest === undefined ? first : epoch > latest.epoch ? 0 : latest.last + 1;
          const stale = latest !== undefined && epoch < latest.epoch;
          const expected =
            known !== undefined
              ? `duplicate@${known.offset}-${known.offset + count - 1}`
              : stale
                ? "INVALID_PRODUCER_EPOCH"
                : first === wanted
                  ? logEndOffset(log)
                  : "OUT_OF_ORDER_SEQUENCE_NUMBER";
          const result = offer(log, batchOf(1, epoch, first, count));
          expect(result.answer).toBe(expected);
          if (typeof expected === "number") accepted.push({ epoch, first, last, offset: expected });
          log = result.log;
        }
      }),
    );
  });

  it("is after a truncation what the remaining batches say", () => {
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 25 }), fc.nat(80), (batches, cutAt) => {
        let whole = emptyLog();
        let kept = emptyLog();
        let cut = false;
        batches.forEach(({ kind, count, producerId, producerEpoch, sequence }, leaderEpoch) => {
          const append = (log: ReplicaLog): ReplicaLog =>
            kind === "commit" || kind === "abort"
              ? appendMarker(log, { producerId, producerEpoch, outcome: kind }, leaderEpoch, leaderEpoch).log
              : appendAsFollower(
                  log,
                  Array.from({ length: count }, (_, index) =>
                    record(`${leaderEpoch}.${index}`, leaderEpoch, {
                      producer: { producerId, producerEpoch, sequence: sequence + index },
                      kind: kind === "transactional" ? "transactional" : "data",
                      startsBatch: index === 0,
                    }),
                  ),
                );
          whole = append(whole);
          if (logEndOffset(whole) > cutAt) cut = true;
          if (!cut) kept = append(kept);
        });
        expect(truncateTo(whole, cutAt)).toEqual(kept);
        expect(latestEpoch(kept)).toBe(recordAt(kept, logEndOffset(kept) - 1)?.leaderEpoch ?? -1);
      }),
    );
  });
});
