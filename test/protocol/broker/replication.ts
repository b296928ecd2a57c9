import { type BrokerId, brokerName } from "../../../lib/protocol/ids.js";
import { latestEpoch } from "../../../lib/protocol/log/epoch-entries.js";
import { formatEpochEntries, formatLog } from "../../../lib/protocol/log/text.js";
import type { Request, Response } from "../../../lib/protocol/message.js";
import type { PartitionRegistration } from "../../../lib/protocol/metadata/partition.js";
import { BrokerUnderTest, type Given, partition } from "./broker-under-test.js";

/** Brokers that hold one partition and speak with each other about it; the test decides who fetches when. */
export class Replication {
  readonly brokers: ReadonlyMap<BrokerId, BrokerUnderTest>;

  constructor(given: Given, logs: Readonly<Record<BrokerId, Partial<Given>>> = {}) {
    const leader = given.leader ?? given.replicas[0] ?? 1;
    this.brokers = new Map(
      given.replicas.map((brokerId) => [
        brokerId,
        new BrokerUnderTest({ ...given, leader, brokerId, ...logs[brokerId] }),
      ]),
    );
  }

  broker(brokerId: BrokerId): BrokerUnderTest {
    const broker = this.brokers.get(brokerId);
    if (broker === undefined) throw new Error(`no broker ${brokerId}`);
    return broker;
  }

  /** The decision reaches the brokers given, in this order; all of them if none are given. */
  metadata(change: Partial<PartitionRegistration>, ...brokerIds: readonly BrokerId[]): this {
    const reached = brokerIds.length > 0 ? brokerIds : [...this.brokers.keys()];
    for (const brokerId of reached) this.broker(brokerId).metadata(change);
    return this;
  }

  /** Sends the follower's next request, which the leader may let wait. */
  send(brokerId: BrokerId): this {
    const follower = this.broker(brokerId).timer({ name: "fetch", partition });
    const request = requestOf(follower);
    if (request === undefined) throw new Error(`broker ${brokerId} does not fetch`);
    this.broker(follower.follower.leader).request(brokerName(brokerId), `fetch:${partition}`, request);
    return this;
  }

  /** Delivers the answers that a broker gave in its last step to its followers. */
  deliverAnswersOf(brokerId: BrokerId): this {
    for (const effect of this.broker(brokerId).effects) {
      if (effect.type !== "reply" || effect.response === null) continue;
      const follower = this.brokers.get(Number(effect.to));
      follower?.response(brokerName(brokerId), effect.channel, effect.response);
    }
    return this;
  }

  /** One request of a follower and its answer, and what follows from it at once. What happened, in words. */
  round(brokerId: BrokerId): string {
    const follower = this.broker(brokerId);
    const leader = this.broker(follower.follower.leader);
    const before = follower.logEnd;
    const words: string[] = [];
    follower.timer({ name: "fetch", partition });
    for (let request = requestOf(follower); request !== undefined; request = requestOf(follower)) {
      leader.request(brokerName(brokerId), `fetch:${partition}`, request);
      let response = leader.replyTo(brokerName(brokerId));
      if (response === undefined) {
        leader.timer({ name: "waitingFetch", partition });
        response = leader.replyTo(brokerName(brokerId));
      }
      if (response === null || response === undefined) throw new Error("no answer");
      words.push(`${asked(request)}: ${answered(response)}`);
      follower.response(brokerName(leader.broker.brokerId), `fetch:${partition}`, response);
    }
    if (follower.logEnd < before) words.push(`truncate ${follower.logEnd}`);
    return words.join(", ");
  }

  /** Rounds until the follower has nothing more to learn. What happened in each. */
  rounds(brokerId: BrokerId): readonly string[] {
    const words: string[] = [];
    for (let count = 0; count < 20; count++) {
      const word = this.round(brokerId);
      words.push(word);
      if (word.endsWith(": nothing new")) return words;
    }
    throw new Error(`broker ${brokerId} does not come to rest: ${words.join("; ")}`);
  }

  /** `0:a 1:b` of one broker. */
  log(brokerId: BrokerId): string {
    return formatLog(this.broker(brokerId).replica.log);
  }

  epochs(brokerId: BrokerId): string {
    return formatEpochEntries(this.broker(brokerId).replica.log.epochEntries);
  }

  lastEpoch(brokerId: BrokerId): number {
    return latestEpoch(this.broker(brokerId).replica.log);
  }
}

function requestOf(broker: BrokerUnderTest): Request | undefined {
  return broker.requests[0];
}

function asked(request: Request): string {
  switch (request.type) {
    case "FetchRequest":
      return `fetch(${request.fetchOffset}${request.lastFetchedEpoch === -1 ? "" : `,e${request.lastFetchedEpoch}`})`;
    case "ListOffsetsRequest":
      return `${request.target}?`;
    case "OffsetsForLeaderEpochRequest":
      return `end of e${request.leaderEpoch}?`;
    default:
      return request.type;
  }
}

function answered(response: Response): string {
  if ("error" in response && response.error !== "NONE") return response.error;
  switch (response.type) {
    case "FetchResponse": {
      const { divergingEpoch: diverging, fetchOffset, records } = response;
      if (diverging !== null) return `diverging ${diverging.epoch}@${diverging.endOffset}`;
      if (records.length === 0) return "nothing new";
      return `data ${fetchOffset}-${fetchOffset + records.length - 1}`;
    }
    case "ListOffsetsResponse":
      return `${response.offset}`;
    case "OffsetsForLeaderEpochResponse":
      return response.endOffset === null ? "unknown" : `${response.endOffset.epoch}@${response.endOffset.endOffset}`;
    default:
      return response.type;
  }
}
