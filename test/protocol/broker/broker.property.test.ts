import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stepBroker } from "../../../lib/protocol/broker/broker.js";
import type { BrokerEvent, BrokerTimer } from "../../../lib/protocol/broker/event.js";
import { isInFlight, maximalIsr } from "../../../lib/protocol/broker/isr-state.js";
import { brokerTimers } from "../../../lib/protocol/broker/timers.js";
import { type Acks, neverMs, noEpoch } from "../../../lib/protocol/ids.js";
import { logEndOffset } from "../../../lib/protocol/log/log.js";
import type { MetadataBatch } from "../../../lib/protocol/metadata/record.js";
import { BrokerUnderTest, brokerEpochOf, current, logTo, partition } from "./broker-under-test.js";

type ProposalAnswer = "NONE" | "INELIGIBLE_REPLICA" | "INVALID_UPDATE_VERSION" | "NOT_CONTROLLER";

/** Anything that may reach broker 1, which holds one of three replicas and leads at first. */
type Happening =
  | { readonly kind: "produce"; readonly acks: Acks; readonly count: number }
  | { readonly kind: "fetch"; readonly from: 2 | 3; readonly back: number; readonly waits: boolean }
  | { readonly kind: "consume"; readonly back: number; readonly waits: boolean }
  | {
      readonly kind: "answer";
      readonly error: ProposalAnswer;
    }
  | { readonly kind: "metadata"; readonly leader: -1 | 1 | 2 | null; readonly isr: readonly number[] }
  | { readonly kind: "fence"; readonly brokerId: 2 | 3; readonly fenced: boolean }
  | { readonly kind: "fetched"; readonly count: number; readonly highWatermark: number; readonly divergesBack: number }
  | { readonly kind: "timer"; readonly index: number }
  | { readonly kind: "gone"; readonly channel: string }
  | { readonly kind: "pass"; readonly ms: number };

const isr = fc.subarray([1, 2, 3], { minLength: 1 });
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("produce" as const),
      acks: fc.constantFrom<Acks[]>(0, 1, "all"),
      count: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("fetch" as const),
      from: fc.constantFrom<(2 | 3)[]>(2, 3),
      back: fc.integer({ min: -1, max: 4 }),
      waits: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("consume" as const),
      back: fc.integer({ min: -1, max: 4 }),
      waits: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("answer" as const),
      error: fc.constantFrom<ProposalAnswer[]>(
        "NONE",
        "INELIGIBLE_REPLICA",
        "INVALID_UPDATE_VERSION",
        "NOT_CONTROLLER",
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("metadata" as const),
      leader: fc.constantFrom<(-1 | 1 | 2 | null)[]>(-1, 1, 2, null),
      isr,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("fence" as const),
      brokerId: fc.constantFrom<(2 | 3)[]>(2, 3),
      fenced: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("fetched" as const),
      count: fc.integer({ min: 0, max: 3 }),
      highWatermark: fc.integer({ min: 0, max: 20 }),
      divergesBack: fc.integer({ min: 0, max: 3 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("timer" as const), index: fc.nat(9) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("gone" as const),
      channel: fc.constantFrom("produce", "consume", "fetch:orders-0"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("pass" as const), ms: fc.integer({ min: 1, max: 20_000 }) }) },
);

/** A state that a handler changes in place would throw. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}

/** Plays the world around one broker, strictly enough that only what can happen does. */
class World {
  readonly tested = new BrokerUnderTest({ replicas: [1, 2, 3], log: logTo(3), minInsyncReplicas: 2, nowMs: 0 });
  /** `peer/channel` of requests that have not been answered. */
  readonly open = new Set<string>();
  answers = 0;

  constructor() {
    this.tested.broker = { ...this.tested.broker, metadata: { ...this.tested.broker.metadata, nextOffset: 0 } };
  }

  play(happening: Happening): void {
    const { tested } = this;
    const { broker } = tested;
    const end = tested.logEnd;
    switch (happening.kind) {
      case "produce": {
        const { acks, count } = happening;
        const records = Array.from({ length: count }, (_, i) => ({ value: `${end + i}`, timestampMs: 0 }));
        this.request("p", "produce", {
          type: "ProduceRequest",
          partition,
          acks,
          timeoutMs: 30_000,
          records,
          producer: null,
          transactional: false,
        });
        return;
      }
      case "fetch":
      case "consume": {
        const replicaId = happening.kind === "fetch" ? happening.from : null;
        this.request(
          replicaId === null ? "c" : String(replicaId),
          replicaId === null ? "consume" : `fetch:${partition}`,
          {
            type: "FetchRequest",
            partition,
            replicaId,
            brokerEpoch: replicaId === null ? -1 : brokerEpochOf(replicaId),
            fetchOffset: Math.max(0, end - happening.back),
            currentLeaderEpoch: tested.replica.leaderEpoch,
            lastFetchedEpoch: noEpoch,
            isolation: replicaId === null ? "highWatermark" : "logEnd",
            maxWaitMs: happening.waits ? 500 : 0,
            minBytes: 1,
            maxRecords: 2,
            rack: null,
          },
        );
        return;
      }
      case "answer": {
        const { inFlight } = broker.alterPartition;
        if (inFlight === null) return;
        this.event({
          type: "response",
          from: "controller",
          channel: "alter-partition",
          response: {
            type: "AlterPartitionResponse",
            partition,
            error: happening.error,
            leader: 1,
            leaderEpoch: inFlight.leaderEpoch,
            partitionEpoch: inFlight.partitionEpoch + 1,
            isr: inFlight.newIsr.map(({ brokerId }) => brokerId),
            leaderRecoveryState: "recovered",
          },
        });
        return;
      }
      case "metadata": {
        const { leader } = happening;
        const named = leader ?? tested.registration.leader;
        const members = named === -1 ? happening.isr : [...new Set([...happening.isr, named])].sort();
        const change = { type: "PartitionChangeRecord", partition, isr: members } as const;
        this.metadata(leader === null ? change : { ...change, leader });
        return;
      }
      case "fence":
        this.metadata({
          type: "BrokerRegistrationChangeRecord",
          brokerId: happening.brokerId,
          brokerEpoch: brokerEpochOf(happening.brokerId),
          fenced: happening.fenced,
        });
        return;
      case "fetched":
        this.fetched(happening);
        return;
      case "timer": {
        const timers = brokerTimers(broker);
        const timer = timers[happening.index % Math.max(1, timers.length)]?.timer;
        if (timer !== undefined && timer.name !== "lifecycleTimeout") this.timer(timer);
        return;
      }
      case "gone": {
        for (const peer of ["p", "c", "2", "3"]) {
          if (!this.open.delete(`${peer}/${happening.channel}`)) continue;
          this.event({ type: "disconnected", peer, channel: happening.channel });
        }
        return;
      }
      case "pass":
        tested.nowMs += happening.ms;
    }
  }

  /** The leader's answer to the fetch that is out, if one is. */
  private fetched({ count, highWatermark, divergesBack }: Happening & { kind: "fetched" }): void {
    const { replica, logEnd } = this.tested;
    if (replica.role !== "follower" || replica.fetcher.state !== "fetching") return;
    const epoch = replica.leaderEpoch;
    this.event({
      type: "response",
      from: String(replica.leader),
      channel: `fetch:${partition}`,
      response: {
        type: "FetchResponse",
        partition,
        error: "NONE",
        fetchOffset: replica.fetcher.fetchOffset,
        records: Array.from({ length: divergesBack > 0 ? 0 : count }, (_, index) => ({
          value: `${logEnd + index}`,
          leaderEpoch: epoch,
          timestampMs: 0,
          producer: null,
          kind: "data",
          startsBatch: true,
        })),
        highWatermark,
        lastStableOffset: highWatermark,
        logStartOffset: 0,
        divergingEpoch: divergesBack > 0 ? { epoch: 0, endOffset: Math.max(0, logEnd - divergesBack) } : null,
        currentLeader: null,
        preferredReadReplica: null,
        abortedTransactions: [],
      },
    });
  }

  private timer(timer: BrokerTimer): void {
    this.event({ type: "timer", timer });
  }

  private request(from: string, channel: string, request: (BrokerEvent & { type: "request" })["request"]): void {
    if (this.open.has(`${from}/${channel}`)) return;
    this.open.add(`${from}/${channel}`);
    this.event({ type: "request", from, channel, request });
  }

  private metadata(record: MetadataBatch["records"][number]): void {
    const baseOffset = this.tested.broker.metadata.nextOffset;
    this.event({ type: "metadata", batch: { baseOffset, records: [record], appendedAtMs: this.tested.nowMs } });
  }

  private event(event: BrokerEvent): void {
    const before = deepFreeze(this.tested.broker);
    const replicaBefore = this.tested.replica;
    this.tested.event(deepFreeze(event));
    const again = stepBroker(before, event, this.tested.nowMs, current);
    expect(again.broker, "the same input gives the same state").toEqual(this.tested.broker);
    expect(again.effects, "and the same effects").toEqual(this.tested.effects);
    for (const effect of this.tested.effects) {
      if (effect.type === "reply") {
        expect(this.open.delete(`${effect.to}/${effect.channel}`), "an answer without a request").toBe(true);
        this.answers += 1;
      } else if (effect.type === "disconnect") this.open.delete(`${effect.peer}/${effect.channel}`);
      else if (effect.type === "change") expect(effect.change.from).not.toEqual(effect.change.to);
    }
    this.checkState(replicaBefore);
  }

  private checkState(before: BrokerUnderTest["replica"]): void {
    const { broker, replica } = this.tested;
    const end = logEndOffset(replica.log);
    expect(replica.highWatermark).toBeGreaterThanOrEqual(replica.log.logStartOffset);
    expect(replica.highWatermark).toBeLessThanOrEqual(end);
    expect(replica.flushedEndOffset).toBeLessThanOrEqual(end);
    expect(replica.leaderEpoch).toBeGreaterThanOrEqual(before.leaderEpoch);
    expect(replica.partitionEpoch).toBeGreaterThanOrEqual(before.partitionEpoch);
    const waits = replica.waitingFetches.map(({ from, channel }) => `${from}/${channel}`);
    if (replica.role === "leader") {
      waits.push(...replica.waitingProduces.map(({ from, channel }) => `${from}/${channel}`));
      for (const produce of replica.waitingProduces) {
        expect(produce.requiredOffset).toBeGreaterThan(replica.highWatermark);
        expect(produce.requiredOffset).toBeLessThanOrEqual(end);
      }
      const superset = maximalIsr(replica.isrState, current);
      for (const member of replica.isrState.isr) expect(superset).toContain(member);
    }
    expect(waits.sort(), "who waits is who has no answer").toEqual([...this.open].sort());
    if (before.role === "leader" && replica.role === "leader" && before.leaderEpoch === replica.leaderEpoch) {
      expect(replica.highWatermark, "monotonic within an epoch").toBeGreaterThanOrEqual(before.highWatermark);
      if (replica.highWatermark > before.highWatermark) {
        for (const remote of replica.remoteReplicas) {
          if (!maximalIsr(replica.isrState, current).includes(remote.replicaId)) continue;
          expect(remote.logEndOffset, "valid when it moves").toBeGreaterThanOrEqual(replica.highWatermark);
        }
      }
    }
    const { inFlight, queued } = broker.alterPartition;
    expect(queued.length + (inFlight === null ? 0 : 1), "one proposal per partition").toBeLessThanOrEqual(1);
    if (queued.length > 0) expect(broker.dueMs.alterPartition).not.toBe(neverMs);
    if (replica.role === "leader" && inFlight !== null && isInFlight(replica.isrState)) {
      expect(inFlight.partitionEpoch).toBe(replica.partitionEpoch);
    }
  }
}

describe("whatever reaches a broker", () => {
  test("its promises hold", () => {
    let answers = 0;
    fc.assert(
      fc.property(fc.array(happening, { minLength: 30, maxLength: 80, size: "max" }), (happenings) => {
        const world = new World();
        for (const one of happenings) world.play(one);
        answers += world.answers;
      }),
      { numRuns: 100 },
    );
    // A test in which nobody is ever answered would show nothing.
    expect(answers).toBeGreaterThan(1000);
  });
});
