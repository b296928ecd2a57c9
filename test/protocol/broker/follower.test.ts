import { describe, expect, test } from "vitest";
import { rulesFor } from "../../../lib/kafka/versions.js";
import { emptyLog } from "../../../lib/protocol/log/log.js";
import { raiseLogStart } from "../../../lib/protocol/log/truncation.js";
import { logOfEpochs, logWithEpochs } from "../log/logs.js";
import { BrokerUnderTest, logTo, T } from "./broker-under-test.js";
import { Replication } from "./replication.js";

/** Broker 1 leads in `leaderEpoch` with records of `leaderEpochs`; broker 2 follows with its own. */
function pair(
  leaderEpoch: number,
  leaderEpochs: readonly number[],
  followerEpochs: readonly number[],
  rules = rulesFor("4.3"),
) {
  return new Replication(
    { replicas: [1, 2], isr: [1], leader: 1, leaderEpoch, rules },
    { 1: { log: logOfEpochs(leaderEpochs) }, 2: { log: logOfEpochs(followerEpochs) } },
  );
}

describe("I. follower truncation", () => {
  test.each([
    ["I-01 behind in the same epoch", 2, [1, 1, 1, 1], [1, 1], ["fetch(2,e1): data 2-3", "fetch(4,e1): nothing new"]],
    ["I-02 behind in an older epoch", 3, [1, 1, 2, 2], [1, 1], ["fetch(2,e1): data 2-3", "fetch(4,e2): nothing new"]],
    [
      "I-03 ahead in the same epoch",
      2,
      [1, 1],
      [1, 1, 1, 1],
      ["fetch(4,e1): diverging 1@2, truncate 2", "fetch(2,e1): nothing new"],
    ],
    [
      "I-04 ahead in a later epoch",
      3,
      [1, 1],
      [1, 1, 2, 2],
      ["fetch(4,e2): diverging 1@2, truncate 2", "fetch(2,e1): nothing new"],
    ],
    [
      "I-05 fork with different epochs",
      4,
      [1, 1, 3, 3],
      [1, 1, 2, 2],
      ["fetch(4,e2): diverging 1@2, truncate 2", "fetch(2,e1): data 2-3", "fetch(4,e3): nothing new"],
    ],
    [
      "I-06 fork inside an older epoch",
      3,
      [1, 1],
      [1, 2, 2],
      ["fetch(3,e2): diverging 1@2, truncate 1", "fetch(1,e1): data 1-1", "fetch(2,e1): nothing new"],
    ],
    [
      "I-07 nothing in common",
      4,
      [1, 3],
      [2],
      ["fetch(1,e2): diverging 1@1, truncate 0", "fetch(0): data 0-1", "fetch(2,e3): nothing new"],
    ],
  ])("%s", (_, leaderEpoch, leaderEpochs, followerEpochs, expected) => {
    const replication = pair(leaderEpoch, leaderEpochs, followerEpochs);
    expect(replication.rounds(2)).toEqual(expected);
    expect(replication.log(2)).toBe(replication.log(1));
  });

  test("I-08 fully disjoint epochs converge", () => {
    // A third, silent member of the ISR keeps the leader's high watermark where the case has it.
    const replication = new Replication(
      { replicas: [1, 2, 3], leader: 1, leaderEpoch: 5 },
      { 1: { log: logOfEpochs([1, 3, 5]), highWatermark: 2 }, 2: { log: logOfEpochs([0, 2, 4]) } },
    );
    expect(replication.rounds(2).at(-1)).toBe("fetch(3,e5): nothing new");
    expect(replication.log(2)).toBe("1:1.0 3:3.1 5:5.2");
    expect([replication.broker(2).logEnd, replication.broker(2).highWatermark]).toEqual([3, 2]);
  });

  test("I-09 a diverging answer carries no data and no high watermark", () => {
    const replication = new Replication(
      { replicas: [1, 2], leader: 1, leaderEpoch: 5, isr: [1, 2] },
      {
        1: { log: logOfEpochs([0, 0, 2, 5, 5]), highWatermark: 4 },
        2: { log: logOfEpochs([0, 0, 2, 4, 4, 4]), highWatermark: 1 },
      },
    );
    const follower = replication.broker(2);
    expect(replication.round(2)).toBe("fetch(6,e4): diverging 2@3, truncate 3");
    expect([follower.logEnd, follower.highWatermark]).toEqual([3, 1]);
    expect(replication.round(2)).toBe("fetch(3,e2): data 3-4");
    expect([follower.logEnd, follower.highWatermark, replication.lastEpoch(2)]).toEqual([5, 4, 5]);
    expect(replication.round(2)).toBe("fetch(5,e5): nothing new");
  });

  /** A leader that has lost its log, with a log start of its own. */
  function leaderWith(log: ReturnType<typeof logTo>, followerLog: ReturnType<typeof logTo>, highWatermark = 0) {
    const replication = new Replication(
      { replicas: [1, 2], leader: 1, leaderEpoch: 5, isr: [1] },
      { 1: { log, highWatermark }, 2: { log: followerLog } },
    );
    return replication;
  }

  test("I-10 leader log emptied under the follower", () => {
    const replication = leaderWith(emptyLog(), logTo(3));
    // The case comes from a test without epochs; with them the fetch tells it (epoch 0 ends at 0).
    expect(replication.round(2)).toBe("fetch(3,e0): diverging 0@0, truncate 0");
    const follower = replication.broker(2);
    expect([follower.logEnd, follower.highWatermark, follower.replica.log.logStartOffset]).toEqual([0, 0, 0]);
  });

  test("I-10, Q-08 without epochs: out of range, then cut to the leader's end", () => {
    const rules = rulesFor("4.3", {}, "truncate-to-high-watermark");
    const replication = new Replication(
      { replicas: [1, 2], leader: 1, leaderEpoch: 5, isr: [1], rules },
      { 1: { log: logTo(5) }, 2: { log: logTo(9), highWatermark: 9 } },
    );
    expect(replication.round(2)).toBe("fetch(9): OFFSET_OUT_OF_RANGE, latest?: 5, truncate 5");
    expect([replication.broker(2).logEnd, replication.broker(2).highWatermark]).toEqual([5, 5]);
  });

  test("I-11 follower below the leader's log start", () => {
    const leaderLog = raiseLogStart(logOfEpochs([4, 4, 4]), 2);
    const replication = leaderWith(leaderLog, logTo(1), 2);
    expect(replication.round(2)).toBe("fetch(1,e0): OFFSET_OUT_OF_RANGE, latest?: 3, earliest?: 2");
    const follower = replication.broker(2);
    expect([follower.replica.log.logStartOffset, follower.logEnd, follower.highWatermark]).toEqual([2, 2, 2]);
    expect(replication.rounds(2)).toEqual(["fetch(2): data 2-2", "fetch(3,e4): nothing new"]);
    expect(replication.log(2)).toBe(replication.log(1));
  });

  /** A follower with LEO 200 and the cache of the case; the leader's answers are given. */
  function answering(highWatermark: number, cache: string, end: number) {
    const follower = new BrokerUnderTest({
      replicas: [1, 2],
      leader: 2,
      leaderEpoch: 9,
      log: logWithEpochs(cache, end),
      highWatermark,
    });
    return (epoch: number, endOffset: number) => {
      follower.timer({ name: "fetch", partition: "orders-0" });
      follower.response("2", "fetch:orders-0", {
        type: "FetchResponse",
        partition: "orders-0",
        error: "NONE",
        fetchOffset: follower.logEnd,
        records: [],
        highWatermark: 160,
        lastStableOffset: 160,
        logStartOffset: 0,
        divergingEpoch: { epoch, endOffset },
        currentLeader: null,
        preferredReadReplica: null,
        abortedTransactions: [],
      });
      return [follower.logEnd, follower.highWatermark];
    };
  }

  test("I-12 several rounds when the follower lacks the epoch", () => {
    const answer = answering(115, "1@100,2@119,4@129,5@149", 200);
    expect(answer(4, 140)).toEqual([140, 115]);
    expect(answer(3, 130)).toEqual([129, 115]);
    expect(answer(2, 120)).toEqual([120, 115]);
  });

  test("I-12 the last answer cuts at the follower's own end of the epoch", () => {
    // The case's answers come from a mock: end(3) = (2,129) and end(2) = (1,119) cannot both be of one cache. Here epoch 2
    // is missing, above it is there.
    const answer = answering(115, "1@100,3@119,4@129,5@149", 200);
    expect(answer(4, 140)).toEqual([140, 115]);
    expect(answer(2, 120)).toEqual([119, 115]);
  });

  test("I-13 truncation above the high watermark leaves it alone", () => {
    const answer = answering(130, "4@0,5@149", 150);
    expect(answer(4, 140)).toEqual([140, 130]);
  });

  test("I-14 truncation below the high watermark takes it down", () => {
    const answer = answering(130, "4@0,5@149", 150);
    expect(answer(4, 120)).toEqual([120, 120]);
  });

  test("L-05 KIP-279: the follower has an epoch the leader never saw", () => {
    const leaderEpochs = [...Array(10).fill(0), ...Array(5).fill(1), ...Array(5).fill(3)];
    const followerEpochs = [...Array(10).fill(0), ...Array(10).fill(2)];
    const today = pair(3, leaderEpochs, followerEpochs);
    expect(today.rounds(2)).toEqual([
      "fetch(20,e2): diverging 1@15, truncate 10",
      "fetch(10,e0): data 10-19",
      "fetch(20,e3): nothing new",
    ]);
    expect(today.log(2)).toBe(today.log(1));
  });

  test("L-05 before KIP-279 the answer is an offset only, and five records differ for ever", () => {
    const leaderEpochs = [...Array(10).fill(0), ...Array(5).fill(1), ...Array(5).fill(3)];
    const followerEpochs = [...Array(10).fill(0), ...Array(10).fill(2)];
    const before = pair(3, leaderEpochs, followerEpochs, rulesFor("4.3", {}, "kip-101"));
    expect(before.rounds(2)).toEqual([
      "end of e2?: -1@15, truncate 15",
      "fetch(15): data 15-19",
      "fetch(20): nothing new",
    ]);
    const [leader, follower] = [before.log(1).split(" "), before.log(2).split(" ")];
    expect(follower.flatMap((record, offset) => (record === leader[offset] ? [] : [offset]))).toEqual([
      10, 11, 12, 13, 14,
    ]);
  });

  test("between KIP-279 and KIP-320 the follower asks again until both know the epoch", () => {
    const leaderEpochs = [...Array(10).fill(0), ...Array(5).fill(1), ...Array(5).fill(3)];
    const followerEpochs = [...Array(10).fill(0), ...Array(10).fill(2)];
    const between = pair(3, leaderEpochs, followerEpochs, rulesFor("4.3", {}, "kip-279"));
    expect(between.rounds(2)).toEqual([
      "end of e2?: 1@15, truncate 10",
      "end of e0?: 0@10",
      "fetch(10): data 10-19",
      "fetch(20): nothing new",
    ]);
    expect(between.log(2)).toBe(between.log(1));
  });

  test("before KIP-101 a new epoch cuts at the high watermark without asking", () => {
    const rules = rulesFor("4.3", {}, "truncate-to-high-watermark");
    const follower = new BrokerUnderTest({ replicas: [1, 2], leader: 2, log: logTo(5), highWatermark: 3, rules });
    expect(String(follower)).toBe("follower of 2@5 pe1 leo 3 hw 3 idle");
    expect(follower.news).toContain("leo/orders-0@1: 5 > 3 (follower.truncate-to-high-watermark)");
  });

  test("before KIP-279 an epoch the leader does not know at all cuts at the high watermark", () => {
    const rules = rulesFor("4.3", {}, "kip-101");
    const replication = new Replication(
      { replicas: [1, 2], leader: 1, leaderEpoch: 3, isr: [1], rules },
      { 1: { log: logOfEpochs([0, 3]) }, 2: { log: logOfEpochs([0, 0, 4, 4]), highWatermark: 2 } },
    );
    expect(replication.round(2)).toBe("end of e4?: unknown, truncate 2");
  });
});

describe("the follower's fetcher", () => {
  function following() {
    const follower = new BrokerUnderTest({ replicas: [1, 2], leader: 2, leaderEpoch: 5, log: logTo(2) });
    return follower.timer({ name: "fetch", partition: "orders-0" });
  }

  const answer = {
    type: "FetchResponse",
    partition: "orders-0",
    error: "NONE",
    fetchOffset: 2,
    records: [],
    highWatermark: 1,
    lastStableOffset: 1,
    logStartOffset: 0,
    divergingEpoch: null,
    currentLeader: null,
    preferredReadReplica: null,
    abortedTransactions: [],
  } as const;

  test("what it sends", () => {
    const follower = following();
    expect(follower.effects).toEqual([
      {
        type: "request",
        to: "2",
        channel: "fetch:orders-0",
        request: {
          type: "FetchRequest",
          partition: "orders-0",
          replicaId: 1,
          brokerEpoch: 101,
          fetchOffset: 2,
          currentLeaderEpoch: 5,
          lastFetchedEpoch: 0,
          isolation: "logEnd",
          maxWaitMs: 500,
          minBytes: 1,
          maxRecords: 1024,
          rack: null,
        },
      },
    ]);
    expect(follower.follower.fetcher).toEqual({ state: "fetching", fetchOffset: 2, timesOutAtMs: T + 30_000 });
  });

  test("fetches again at once after an answer", () => {
    const follower = following()
      .at(T + 7)
      .response("2", "fetch:orders-0", answer);
    expect(follower.follower.fetcher).toEqual({ state: "idle", dueMs: T + 7 });
    expect(follower.news).toEqual(["hw/orders-0@1: 0 > 1 (hw.follower-takes-leaders)"]);
  });

  test("the high watermark can go backwards, and never beyond the own log end", () => {
    const follower = following().response("2", "fetch:orders-0", { ...answer, highWatermark: 9 });
    expect(follower.highWatermark).toBe(2);
    follower.timer({ name: "fetch", partition: "orders-0" }).response("2", "fetch:orders-0", answer);
    expect(follower.highWatermark).toBe(1);
  });

  test.each(["NOT_LEADER_OR_FOLLOWER", "UNKNOWN_LEADER_EPOCH", "UNKNOWN_TOPIC_OR_PARTITION"] as const)(
    "%s: again after the backoff",
    (error) => {
      const follower = following().response("2", "fetch:orders-0", { ...answer, error });
      expect(follower.follower.fetcher).toEqual({ state: "idle", dueMs: T + 1000 });
    },
  );

  test("FENCED_LEADER_EPOCH: waits for metadata", () => {
    const follower = following().response("2", "fetch:orders-0", { ...answer, error: "FENCED_LEADER_EPOCH" });
    expect(follower.follower.fetcher).toEqual({ state: "stopped", reason: "fenced-epoch" });
    follower.metadata({ leaderEpoch: 6, partitionEpoch: 2 });
    expect(follower.follower.fetcher.state).toBe("idle");
  });

  test.each([
    ["from somebody else", "3", {}],
    ["for another offset", "2", { fetchOffset: 1 }],
  ])("an answer %s is dropped", (_, from, more) => {
    const follower = following();
    const { broker } = follower;
    follower.response(from, "fetch:orders-0", { ...answer, ...more });
    expect(follower.broker).toBe(broker);
  });

  test("no answer in time: the channel is closed, the next fetch follows after the backoff", () => {
    const follower = following()
      .at(T + 30_000)
      .timer({ name: "fetch", partition: "orders-0" });
    expect(follower.effects).toEqual([{ type: "disconnect", peer: "2", channel: "fetch:orders-0" }]);
    expect(follower.follower.fetcher).toEqual({ state: "idle", dueMs: T + 31_000 });
  });

  test("the leader dies", () => {
    const follower = following().event({ type: "disconnected", peer: "2", channel: "fetch:orders-0" });
    expect(follower.follower.fetcher).toEqual({ state: "idle", dueMs: T + 1000 });
    const { broker } = follower;
    follower.event({ type: "disconnected", peer: "2", channel: "fetch:orders-0" });
    expect(follower.broker).toBe(broker);
  });

  test("an error while it asks for offsets: again after the backoff, or never in this epoch", () => {
    const outOfRange = { ...answer, error: "OFFSET_OUT_OF_RANGE" } as const;
    const offsets = { type: "ListOffsetsResponse", partition: "orders-0", offset: -1, leaderEpoch: -1 } as const;
    const asking = () => following().response("2", "fetch:orders-0", outOfRange);
    expect(asking().follower.fetcher).toMatchObject({ state: "listingOffsets", target: "latest" });
    const later = asking().response("2", "fetch:orders-0", { ...offsets, error: "NOT_LEADER_OR_FOLLOWER" });
    expect(later.follower.fetcher).toEqual({ state: "idle", dueMs: T + 1000 });
    const never = asking().response("2", "fetch:orders-0", { ...offsets, error: "FENCED_LEADER_EPOCH" });
    expect(never.follower.fetcher).toEqual({ state: "stopped", reason: "fenced-epoch" });
  });

  test.each([
    ["as far", 2],
    ["further", 4],
  ])("out of range although the leader's log reaches %s: the log stays, the fetch is tried again", (_, offset) => {
    const outOfRange = { ...answer, error: "OFFSET_OUT_OF_RANGE" } as const;
    const follower = following().response("2", "fetch:orders-0", outOfRange);
    const offsets = { type: "ListOffsetsResponse", partition: "orders-0", error: "NONE", leaderEpoch: 5 } as const;
    follower.response("2", "fetch:orders-0", { ...offsets, offset });
    expect(follower.requests).toMatchObject([{ type: "ListOffsetsRequest", target: "earliest", replicaId: 1 }]);
    follower.response("2", "fetch:orders-0", { ...offsets, offset: 0 });
    expect([follower.logEnd, follower.follower.fetcher.state]).toEqual([2, "idle"]);
  });
});
