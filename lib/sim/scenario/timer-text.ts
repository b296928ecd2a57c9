import type { BrokerTimer } from "../../protocol/broker/event.js";
import type { ConsumerTimer } from "../../protocol/client/consumer.js";
import type { ProducerTimer } from "../../protocol/client/producer.js";
import type { ControllerTimer } from "../../protocol/controller/event.js";
import type { TopicPartition } from "../../protocol/ids.js";
import type { LineReader } from "./line-reader.js";
import { type Names, readBroker, readPartition } from "./names.js";

type ArgumentOf<Timer> = Timer extends { readonly partition: TopicPartition }
  ? "partition"
  : Timer extends { readonly brokerId: number }
    ? "broker"
    : "nothing";

/** Each timer's name and what follows it in text. The type keeps the table in step with the timers themselves. */
type TimerTable<Timer extends { readonly name: string }> = { readonly [T in Timer as T["name"]]: ArgumentOf<T> };

export const brokerTimerTable: TimerTable<BrokerTimer> = {
  registration: "nothing",
  heartbeat: "nothing",
  isrExpiration: "nothing",
  highWatermarkCheckpoint: "nothing",
  alterPartition: "nothing",
  fetch: "partition",
  waitingFetch: "partition",
  waitingProduce: "partition",
  lifecycleTimeout: "nothing",
  producerIdExpiration: "nothing",
  directoryAssignment: "nothing",
};

export const controllerTimerTable: TimerTable<ControllerTimer> = {
  session: "broker",
  preferredRebalance: "nothing",
  uncleanElection: "nothing",
};

export const producerTimerTable: TimerTable<ProducerTimer> = {
  batch: "partition",
  delivery: "partition",
  request: "broker",
  metadata: "nothing",
  metadataRequest: "nothing",
  maxBlock: "nothing",
  marker: "partition",
  markerRequest: "broker",
};

export const consumerTimerTable: TimerTable<ConsumerTimer> = {
  metadata: "nothing",
  metadataRequest: "nothing",
  backoff: "partition",
  request: "partition",
  preferredReadReplica: "partition",
};

/** `isr-expiration`, `fetch orders-0`, `session 2`. */
export function formatTimer(timer: {
  readonly name: string;
  readonly partition?: TopicPartition;
  readonly brokerId?: number;
}): string {
  const argument = timer.partition ?? timer.brokerId;
  return argument === undefined ? kebab(timer.name) : `${kebab(timer.name)} ${argument}`;
}

export function readTimer<Timer extends { readonly name: string }>(
  reader: LineReader,
  names: Names,
  table: TimerTable<Timer>,
): Timer {
  const argumentOf = new Map<string, unknown>(Object.entries(table));
  const byWord = new Map([...argumentOf.keys()].map((name) => [kebab(name), name]));
  const word = reader.word("the name of a timer");
  const name = byWord.get(word.text);
  if (name === undefined) throw reader.unexpected(word, "the name of a timer", [...byWord.keys()]);
  const argument = argumentOf.get(name);
  const timer =
    argument === "partition"
      ? { name, partition: readPartition(reader, names) }
      : argument === "broker"
        ? { name, brokerId: readBroker(reader, names) }
        : { name };
  // `TimerTable` has one entry for each timer, which says what that timer carries.
  return timer as unknown as Timer;
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
}
