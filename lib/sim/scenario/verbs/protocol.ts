import { controllerName } from "../../../protocol/ids.js";
import { readBroker, readLink, readNode, readPartition } from "../names.js";
import {
  brokerTimerTable,
  consumerTimerTable,
  controllerTimerTable,
  producerTimerTable,
  readTimer,
} from "../timer-text.js";
import type { VerbTable } from "./verb.js";

/** What the running system does by itself. A stepwise scenario names each of these; a timed one may force them. */
export const protocolVerbs: VerbTable = {
  deliver: {
    examples: ["deliver p>1 produce", "deliver p<1 produce", "deliver 2>1 fetch orders-0"],
    read: (reader, names) => {
      const { left: client, arrow, right: server } = readLink(reader, names, [">", "<"]);
      const kind = reader.word("a channel, such as produce or fetch orders-0").text;
      const channel = reader.done ? kind : `${kind}:${reader.word("a partition").text}`;
      const type = arrow === ">" ? "deliverRequest" : "deliverResponse";
      return { type: "action", action: { type, client, server, channel } };
    },
  },
  fire: {
    examples: ["fire 1 isr-expiration", "fire 2 fetch orders-0", "fire controller session 2"],
    read: (reader, names) => {
      const node = readNode(reader, names);
      if (node === controllerName) {
        const timer = readTimer(reader, names, controllerTimerTable);
        return { type: "action", action: { type: "controllerTimer", timer } };
      }
      if (names.producers.includes(node)) {
        const timer = readTimer(reader, names, producerTimerTable);
        return { type: "action", action: { type: "producerTimer", producer: node, timer } };
      }
      if (names.consumers.includes(node)) {
        const timer = readTimer(reader, names, consumerTimerTable);
        return { type: "action", action: { type: "consumerTimer", consumer: node, timer } };
      }
      const timer = readTimer(reader, names, brokerTimerTable);
      return { type: "action", action: { type: "brokerTimer", brokerId: Number(node), timer } };
    },
  },
  lapse: {
    examples: ["lapse 1 orders-0 2"],
    read: (reader, names) => {
      const brokerId = readBroker(reader, names);
      const partition = readPartition(reader, names);
      const replicaId = readBroker(reader, names);
      return { type: "action", action: { type: "lapse", brokerId, partition, replicaId } };
    },
  },
};

/** Verbs that follow a broker's id. */
export const brokerVerbs: VerbTable = {
  reads: {
    examples: ["2 reads metadata"],
    read: (reader, names) => {
      const brokerId = readBroker(reader, names);
      reader.keyword("reads");
      reader.keyword("metadata");
      return { type: "action", action: { type: "readMetadata", brokerId } };
    },
  },
};
