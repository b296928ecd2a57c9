import { describe, expect, test } from "vitest";
import { rulesFor } from "../../../lib/kafka/versions.js";
import { logOfEpochs } from "../log/logs.js";
import { logTo, partition } from "./broker-under-test.js";
import { Replication } from "./replication.js";

const historical = rulesFor("4.3", {}, "truncate-to-high-watermark");

/** All fetch until nobody has anything to learn. */
function settle(replication: Replication, ...followers: readonly number[]) {
  for (const follower of followers) replication.rounds(follower);
}

describe("L. loss and divergence, as the brokers see it", () => {
  /** KIP-101 scenario 1: A is 1, B is 2 and leads; A has both records and a high watermark one round late. */
  function kip101First(rules = rulesFor("4.3")) {
    const replication = new Replication(
      { replicas: [1, 2], leader: 2, leaderEpoch: 0, partitionEpoch: 0, rules },
      { 1: { log: logTo(2), highWatermark: 1 }, 2: { log: logTo(2), highWatermark: 2 } },
    );
    // A restarts and follows again; before any answer B crashes and A is elected.
    replication.broker(1).crash().restart({ leaderEpoch: 1, partitionEpoch: 1 });
    replication.broker(1).metadata({ leader: 1, isr: [1], leaderEpoch: 2, partitionEpoch: 2 });
    return replication;
  }

  test("L-01 KIP-101 scenario 1, now: no loss", () => {
    const replication = kip101First();
    expect(String(replication.broker(1))).toBe("leader@2 pe2 leo 2 hw 2 isr 1 | 2:-1");
    expect(replication.epochs(1)).toBe("0@0,2@2");
    expect(replication.broker(1).consume(0)?.records).toHaveLength(2);
    replication
      .broker(2)
      .crash()
      .restart({ leader: 1, isr: [1], leaderEpoch: 2, partitionEpoch: 2 });
    expect(replication.round(2)).toBe("fetch(2,e0): nothing new");
  });

  test("L-01 KIP-101 scenario 1, before 0.11: a committed record is cut away on both", () => {
    const replication = kip101First(historical);
    expect([replication.log(1), replication.broker(1).logEnd]).toEqual(["0:0.0", 1]);
    replication
      .broker(2)
      .crash()
      .restart({ leader: 1, isr: [1], leaderEpoch: 2, partitionEpoch: 2 });
    replication.rounds(2);
    expect(replication.log(2)).toBe("0:0.0");
  });

  /** KIP-101 scenario 2: both lose power, B (2) returns first without its last record and writes another one. */
  function kip101Second(rules = rulesFor("4.3", { eligibleLeaderReplicas: false })) {
    const replication = new Replication(
      { replicas: [2, 1], leader: 2, leaderEpoch: 0, partitionEpoch: 0, log: logTo(2), highWatermark: 2, rules },
      {},
    );
    const [a, b] = [replication.broker(1), replication.broker(2)];
    a.crash();
    // The last record was never flushed.
    const unflushed = b.broker.replicas.map((replica) => ({ ...replica, flushedEndOffset: 0 }));
    b.broker = { ...b.broker, replicas: unflushed };
    b.crash(1).restart({ leader: 2, isr: [2], leaderEpoch: 2, partitionEpoch: 3 });
    return { replication, a, b };
  }

  test("L-02 KIP-101 scenario 2: the record is lost, but the logs agree", () => {
    const { replication, a, b } = kip101Second();
    expect(String(b)).toBe("leader@2 pe3 leo 1 hw 1 isr 2 | 1:-1");
    expect(replication.epochs(2)).toBe("0@0,2@1");
    b.produce(1);
    expect([b.logEnd, b.highWatermark]).toEqual([2, 2]);
    a.restart({ isr: [2], leaderEpoch: 2, partitionEpoch: 3 });
    expect(replication.rounds(1)).toEqual([
      "fetch(2,e0): diverging 0@1, truncate 1",
      "fetch(1,e0): data 1-1",
      "fetch(2,e2): nothing new",
    ]);
    expect(replication.log(1)).toBe("0:0.0 2:v1");
    expect(replication.log(2)).toBe("0:0.0 2:v1");
  });

  test("L-02 before 0.11 offset 1 differs for ever", () => {
    const { replication, a, b } = kip101Second(historical);
    b.produce(1);
    // A's checkpoint says 2, so it keeps what it has.
    a.restart({ isr: [2], leaderEpoch: 2, partitionEpoch: 3 });
    replication.rounds(1);
    expect([replication.log(1), replication.log(2)]).toEqual(["0:0.0 0:0.1", "0:0.0 2:v1"]);
  });

  /** L-03 and L-04: 1 is fenced, then 2; 3 leads alone and loses its tail. */
  function lastReplicaStanding() {
    const replication = new Replication({
      replicas: [1, 2, 3],
      leader: 1,
      leaderEpoch: 0,
      partitionEpoch: 0,
      minInsyncReplicas: 2,
      log: logTo(10),
      highWatermark: 10,
    });
    replication.broker(1).crash();
    replication.metadata({ leader: 2, isr: [2, 3], leaderEpoch: 1, partitionEpoch: 1 }, 2, 3);
    replication.broker(2).crash();
    replication.metadata({ leader: 3, isr: [3], leaderEpoch: 2, partitionEpoch: 2 }, 3);
    expect(replication.broker(3).highWatermark).toBe(10);
    const third = replication.broker(3);
    const unflushed = third.broker.replicas.map((replica) => ({ ...replica, flushedEndOffset: 0 }));
    third.broker = { ...third.broker, replicas: unflushed };
    third.crash(7);
    return replication;
  }

  test("L-03 last replica standing, ELR off: committed records are lost on all", () => {
    const replication = lastReplicaStanding();
    const back = { leader: 3, isr: [3], leaderEpoch: 4, partitionEpoch: 4 };
    replication.broker(3).restart(back);
    expect(replication.epochs(3)).toBe("0@0,4@7");
    expect(replication.broker(3).leader.leaderEpochStartOffset).toBe(7);
    replication.broker(1).restart(back);
    expect(replication.round(1)).toBe("fetch(10,e0): diverging 0@7, truncate 7");
    replication.broker(2).restart(back);
    // The epoch in which 2 led and wrote nothing is gone after its restart: it asks with epoch 0.
    expect(replication.round(2)).toBe("fetch(10,e0): diverging 0@7, truncate 7");
    for (const brokerId of [1, 2])
      expect(replication.broker(brokerId).news).toContainEqual(
        `hw/${partition}@${brokerId}: 10 > 7 (hw.falls-with-log-end)`,
      );
  });

  test("L-03 as the case has it: 2 keeps its dangling epoch when its process goes on", () => {
    const replication = new Replication(
      { replicas: [1, 2, 3], leader: 2, leaderEpoch: 1, partitionEpoch: 1, log: logTo(10) },
      { 3: { log: logTo(7) } },
    );
    expect(replication.epochs(2)).toBe("0@0,1@10");
    replication.metadata({ leader: 3, isr: [3], leaderEpoch: 4, partitionEpoch: 4 }, 2, 3);
    expect(replication.round(2)).toBe("fetch(10,e1): diverging 0@7, truncate 7");
  });

  test("L-04 last replica standing, ELR on: the one whose log is whole leads, nothing is lost", () => {
    const replication = lastReplicaStanding();
    const second = { leader: 2, isr: [2], leaderEpoch: 4, partitionEpoch: 5 };
    replication.broker(2).restart(second);
    expect(replication.broker(2).leader.leaderEpochStartOffset).toBe(10);
    replication.broker(3).restart(second);
    expect(replication.rounds(3)).toEqual(["fetch(7,e0): data 7-9", "fetch(10,e0): nothing new"]);
    expect(replication.broker(2).isr).toBe("2 +3");
  });

  test("L-07 acks=1 loss", () => {
    const replication = new Replication({
      replicas: [1, 2, 3],
      leader: 1,
      leaderEpoch: 0,
      partitionEpoch: 0,
      log: logTo(10),
    });
    settle(replication, 2, 3, 2, 3);
    const first = replication.broker(1);
    expect([first.produce(1)?.baseOffset, first.logEnd, first.highWatermark]).toEqual([10, 11, 10]);
    first.crash();
    const elected = { leader: 2, isr: [2, 3], leaderEpoch: 1, partitionEpoch: 1 };
    replication.metadata(elected, 2, 3);
    expect(replication.broker(2).leader.leaderEpochStartOffset).toBe(10);
    expect(replication.broker(2).produce(1)?.baseOffset).toBe(10);
    first.restart(elected);
    expect(replication.rounds(1)).toEqual([
      "fetch(11,e0): diverging 0@10, truncate 10",
      "fetch(10,e0): data 10-10",
      "fetch(11,e1): nothing new",
    ]);
    expect(replication.log(1)).toBe(replication.log(2));
  });

  test("L-08 an old leader with an uncommitted tail", () => {
    const replication = new Replication({ replicas: [1, 2, 3], leader: 1, leaderEpoch: 1 });
    const [first, second] = [replication.broker(1), replication.broker(2)];
    first.produce(1, 1, { records: [{ value: "A", timestampMs: 0 }] });
    for (const follower of [2, 3]) {
      expect(replication.round(follower)).toBe("fetch(0): data 0-0");
      replication.round(follower);
    }
    first.produce(1, 1, { records: [{ value: "B", timestampMs: 0 }] });
    expect([first.logEnd, first.highWatermark, second.highWatermark]).toEqual([2, 1, 0]);
    replication.metadata({ leader: 2, leaderEpoch: 2, partitionEpoch: 2 });
    expect(replication.round(1)).toBe("fetch(2,e1): diverging 1@1, truncate 1");
    expect(replication.log(1)).toBe("1:A");
  });

  test("L-09 unclean ping-pong converges", () => {
    const replication = new Replication({ replicas: [100, 101], leader: 100, leaderEpoch: 0, partitionEpoch: 0 });
    const [a, b] = [replication.broker(100), replication.broker(101)];
    let partitionEpoch = 0;
    const elect = (leader: number, leaderEpoch: number) => ({
      leader,
      leaderEpoch,
      isr: [leader],
      partitionEpoch: ++partitionEpoch,
    });
    a.produce(1);
    replication.round(101);
    a.crash();
    b.metadata(elect(101, 1));
    b.produce(1);
    b.crash();
    a.restart(elect(100, 3));
    a.produce(1, 1);
    a.produce(1, 1);
    a.produce(1, 1);
    expect([a.logEnd, replication.log(100)]).toEqual([4, "0:v0 3:v1 3:v2 3:v3"]);
    a.crash();
    b.restart(elect(101, 5));
    b.produce(1);
    expect([b.logEnd, replication.log(101)]).toEqual([3, "0:v0 1:v1 5:v2"]);
    b.crash();
    const last = elect(100, 7);
    a.restart(last);
    a.produce(1);
    a.produce(1);
    expect(replication.epochs(100)).toBe("0@0,3@1,7@4");
    b.restart(last);
    expect(replication.epochs(101)).toBe("0@0,1@1,5@2");
    expect(replication.rounds(101)).toEqual([
      "fetch(3,e5): diverging 3@4, truncate 2",
      "fetch(2,e1): diverging 0@1, truncate 1",
      "fetch(1,e0): data 1-5",
      "fetch(6,e7): nothing new",
    ]);
    expect([a.logEnd, b.logEnd]).toEqual([6, 6]);
    expect(replication.log(101)).toBe(replication.log(100));
  });

  test("Q-07 an unclean leader with a shorter log: the longer one is cut", () => {
    const replication = new Replication(
      { replicas: [1, 2, 3], leader: 1, leaderEpoch: 0, partitionEpoch: 0 },
      { 2: { log: logTo(5) }, 3: { log: logTo(9) } },
    );
    replication.metadata({ leader: 2, isr: [2], leaderEpoch: 1, partitionEpoch: 1 }, 2, 3);
    replication.rounds(3);
    expect(replication.broker(3).logEnd).toBe(5);
  });

  test("3.5 one committed record, row by row (section 3.5)", () => {
    const replication = new Replication({ replicas: [1, 2, 3], leader: 1 });
    const rows = () =>
      [1, 2, 3].map((id) => `${replication.broker(id).logEnd}/${replication.broker(id).highWatermark}`);
    replication.send(2).send(3);
    replication.broker(1).produce("all");
    expect(rows()).toEqual(["1/0", "0/0", "0/0"]);
    replication.deliverAnswersOf(1);
    expect(rows()).toEqual(["1/0", "1/0", "1/0"]);
    replication.send(2);
    expect(rows()).toEqual(["1/0", "1/0", "1/0"]);
    replication.send(3);
    expect(rows()).toEqual(["1/1", "1/0", "1/0"]);
    expect(replication.broker(1).produced?.error).toBe("NONE");
    for (const _ of [2, 3]) {
      replication.broker(1).timer({ name: "waitingFetch", partition });
      replication.deliverAnswersOf(1);
    }
    expect(rows()).toEqual(["1/1", "1/1", "1/1"]);
  });

  test("an old leader that comes back within its epoch cache: epochs without records tell where to cut", () => {
    // Two failovers with two divergent tails, each cut in one round (recorded as S35).
    const replication = new Replication(
      { replicas: [1, 2, 3], leader: 3, leaderEpoch: 2 },
      { 1: { log: logOfEpochs([0, 0, 0, 0]) }, 2: { log: logOfEpochs([0, 0, 1, 1]) }, 3: { log: logOfEpochs([0, 0]) } },
    );
    expect(replication.round(1)).toBe("fetch(4,e0): diverging 0@2, truncate 2");
    expect(replication.round(2)).toBe("fetch(4,e1): diverging 0@2, truncate 2");
  });
});
