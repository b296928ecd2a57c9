import { stepBroker } from "../../../lib/protocol/broker/broker.js";
import type { BrokerEvent } from "../../../lib/protocol/broker/event.js";
import { defaultBrokerSettings, newBroker, startBroker } from "../../../lib/protocol/broker/process.js";
import type { Broker } from "../../../lib/protocol/broker/state.js";
import type { BrokerHeartbeatResponse, BrokerRegistrationResponse, Request } from "../../../lib/protocol/message.js";
import { emptyImage } from "../../../lib/protocol/metadata/apply.js";
import type { MetadataRecord } from "../../../lib/protocol/metadata/record.js";
import type { Effect } from "../../../lib/protocol/step.js";
import { current } from "./broker-under-test.js";

/** A broker process from its start, with the controller played by the test. */
export class Process {
  broker: Broker;
  nowMs = 0;
  effects: readonly Effect[] = [];
  /** Next offset of the metadata log that the test writes. */
  metadataOffset = 0;

  constructor(broker = newBroker({ brokerId: 1, rack: null, settings: defaultBrokerSettings(), directoryId: 11 })) {
    this.broker = startBroker(broker, broker.incarnationId + 1, 0, emptyImage({}));
  }

  event(event: BrokerEvent): this {
    const { broker, effects } = stepBroker(this.broker, event, this.nowMs, current);
    this.broker = broker;
    this.effects = effects;
    return this;
  }

  at(nowMs: number): this {
    this.nowMs = nowMs;
    return this;
  }

  timer(name: "registration" | "heartbeat" | "lifecycleTimeout"): this {
    return this.event({ type: "timer", timer: { name } });
  }

  get request(): Request | undefined {
    const effect = this.effects.find((candidate) => candidate.type === "request");
    return effect?.type === "request" ? effect.request : undefined;
  }

  registered(answer: Partial<BrokerRegistrationResponse>): this {
    const response = { type: "BrokerRegistrationResponse", error: "NONE", brokerEpoch: 2, ...answer } as const;
    return this.event({ type: "response", from: "controller", channel: "heartbeat", response });
  }

  heartbeat(answer: Partial<BrokerHeartbeatResponse>): this {
    const response = {
      type: "BrokerHeartbeatResponse",
      error: "NONE",
      isCaughtUp: true,
      isFenced: true,
      shouldShutDown: false,
      ...answer,
    } as const;
    return this.event({ type: "response", from: "controller", channel: "heartbeat", response });
  }

  metadata(...records: readonly MetadataRecord[]): this {
    const baseOffset = this.metadataOffset;
    this.metadataOffset += records.length;
    return this.event({ type: "metadata", batch: { baseOffset, records, appendedAtMs: this.nowMs } });
  }

  /** Two records before it, then its own registration at offset 2, then the topic. */
  upTo(state: "starting" | "fenced" | "running"): this {
    this.timer("registration").registered({ brokerEpoch: 2 });
    this.metadata({ type: "TopicRecord", topic: "orders" }, aPartition);
    if (state === "starting") return this;
    this.metadata(registration(1, 2));
    if (state === "fenced") return this;
    return this.timer("heartbeat").heartbeat({ isFenced: false });
  }
}

export const aPartition: MetadataRecord = {
  type: "PartitionRecord",
  topic: "orders",
  partition: "orders-0",
  replicas: [1, 2],
  isr: [1, 2],
  leader: 1,
  directories: [11, 12],
};

export function registration(brokerId: number, brokerEpoch: number): MetadataRecord {
  return {
    type: "RegisterBrokerRecord",
    brokerId,
    incarnationId: 1,
    brokerEpoch,
    rack: null,
    directoryId: 11,
    fenced: true,
  };
}

export const produce: BrokerEvent = {
  type: "request",
  from: "p",
  channel: "produce",
  request: {
    type: "ProduceRequest",
    partition: "orders-0",
    acks: 1,
    timeoutMs: 1,
    records: [{ value: "a", timestampMs: 0 }],
    producer: null,
    transactional: false,
  },
};
