import type { TopicPartition } from "../../../protocol/ids.js";
import { ParseFailure } from "../diagnostic.js";
import { integerOf, type LineReader } from "../line-reader.js";
import { type Names, partitionOf, readBroker, readLink, readNode, readPeers } from "../names.js";
import type { Verb, VerbTable } from "./verb.js";

/** What goes wrong, and what repairs it. */
export const faultVerbs: VerbTable = {
  crash: {
    examples: ["crash 1", "crash 1 keeping orders-0=7", "crash 1 keeping flushed"],
    read: (reader, names) => {
      const brokerId = readBroker(reader, names);
      if (!reader.takes("keeping")) {
        // Anything else after the id can only be meant to be "keeping".
        if (!reader.done) reader.keyword("keeping");
        return { type: "action", action: { type: "crash", brokerId } };
      }
      return { type: "action", action: { type: "crashLosingTail", brokerId, keep: readLogEnds(reader, names) } };
    },
  },
  start: ofBroker("start"),
  wipe: ofBroker("wipe", "wipeDisk"),
  shutdown: ofBroker("shutdown"),
  pause: ofNode("pause"),
  resume: ofNode("resume"),
  cut: {
    examples: ["cut 2 > 1", "cut controller > 3"],
    read: (reader, names) => {
      const { left: from, right: to } = readLink(reader, names, [">"]);
      return { type: "action", action: { type: "cut", from, to } };
    },
  },
  isolate: {
    examples: ["isolate 2 3 from 1", "isolate 1 from controller", "isolate 1 from brokers clients", "isolate 1"],
    read: (reader, names) => {
      const nodes = readNodesUntilFrom(reader, names);
      return { type: "isolate", nodes, from: readFrom(reader, names) };
    },
  },
  heal: {
    examples: ["heal", "heal 2 from 1", "heal 2 > 1"],
    read: (reader, names) => {
      if (reader.done) return { type: "heal", nodes: [], from: [] };
      if (isLink(reader)) {
        const { left: from, right: to } = readLink(reader, names, [">"]);
        return { type: "action", action: { type: "heal", from, to } };
      }
      const nodes = readNodesUntilFrom(reader, names);
      return { type: "heal", nodes, from: readFrom(reader, names) };
    },
  },
  drop: {
    examples: ["drop connections 1 2"],
    read: (reader, names) => {
      reader.keyword("connections");
      const a = readNode(reader, names);
      const b = readNode(reader, names);
      return { type: "action", action: { type: "dropConnections", a, b } };
    },
  },
  slow: {
    examples: ["slow 1 > 2 by 50ms", "slow 1 > 2 off"],
    read: (reader, names) => {
      const { left: from, right: to } = readLink(reader, names, [">"]);
      const delayMs = reader.takes("off") ? null : readBy(reader);
      return { type: "action", action: { type: "slowLink", from, to, delayMs } };
    },
  },
  "slow-disk": {
    examples: ["slow-disk 2 by 30ms", "slow-disk 2 off"],
    read: (reader, names) => {
      const brokerId = readBroker(reader, names);
      const delayMs = reader.takes("off") ? 0 : readBy(reader);
      return { type: "action", action: { type: "slowDisk", brokerId, delayMs } };
    },
  },
  controller: {
    examples: ["controller failover"],
    read: (reader) => {
      reader.keyword("failover");
      return { type: "action", action: { type: "controllerFailover" } };
    },
  },
};

function ofBroker(word: string, type: "start" | "wipeDisk" | "shutdown" = word as "start" | "shutdown"): Verb {
  return {
    examples: [`${word} 1`],
    read: (reader, names) => ({ type: "action", action: { type, brokerId: readBroker(reader, names) } }),
  };
}

function ofNode(type: "pause" | "resume"): Verb {
  return {
    examples: [`${type} 2`, `${type} controller`],
    read: (reader, names) => ({ type: "action", action: { type, node: readNode(reader, names) } }),
  };
}

function readBy(reader: LineReader): number {
  reader.keyword("by");
  return reader.durationMs("a delay, such as 50ms");
}

/** `orders-0=7 orders-1=3`, or `flushed` for none: what survives a power loss. */
function readLogEnds(reader: LineReader, names: Names): Readonly<Record<TopicPartition, number>> {
  const keep: Record<TopicPartition, number> = {};
  if (reader.takes("flushed")) return keep;
  do {
    const word = reader.word("a partition and its log end, such as orders-0=7, or flushed");
    const [name = "", end, ...rest] = word.text.split("=");
    if (end === undefined || rest.length > 0)
      throw reader.unexpected(word, "a partition and its log end, such as orders-0=7, or flushed", ["flushed"]);
    const partition = partitionOf(word, name, names);
    if (partition in keep) throw new ParseFailure(word.column, word.length, `${partition} is named twice`);
    keep[partition] = integerOf(word, end, "a log end offset");
  } while (!reader.done);
  return keep;
}

function isLink(reader: LineReader): boolean {
  return /[<>]/.test(reader.peek()?.text ?? "") || /^[<>]$/.test(reader.peek(1)?.text ?? "");
}

function readNodesUntilFrom(reader: LineReader, names: Names): string[] {
  const nodes = [readNode(reader, names)];
  while (!reader.done && reader.peek()?.text !== "from") {
    const word = reader.peek();
    const node = readNode(reader, names);
    if (nodes.includes(node) && word !== undefined)
      throw new ParseFailure(word.column, word.length, `${node} is named twice`);
    nodes.push(node);
  }
  return nodes;
}

function readFrom(reader: LineReader, names: Names): string[] {
  return reader.takes("from") ? readPeers(reader, names) : [];
}
