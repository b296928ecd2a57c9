import { controllerName, type NodeName, type TopicPartition } from "../../protocol/ids.js";
import { planes } from "./ast.js";
import type { ClusterPlan } from "./cluster-plan.js";
import { hintFor, ParseFailure } from "./diagnostic.js";
import type { Word } from "./lexer.js";
import { integerOf, type LineReader } from "./line-reader.js";

/** What a scenario has set up so far: the names its steps may speak of. */
export interface Names {
  readonly cluster: ClusterPlan;
  readonly topics: readonly string[];
  readonly partitions: readonly TopicPartition[];
  readonly producers: readonly NodeName[];
  readonly consumers: readonly NodeName[];
}

/** Words that no topic or client may be called, so that a line can be read in one way only. */
export const reservedNames: readonly string[] = [
  controllerName,
  "cluster",
  "broker",
  "topic",
  "all",
  "from",
  "to",
  ...planes,
];

export function clientsOf(names: Names): readonly NodeName[] {
  return [...names.producers, ...names.consumers];
}

export function readBroker(reader: LineReader, names: Names): number {
  const word = reader.word("a broker id");
  return brokerOf(word, word.text, names);
}

export function brokerOf(word: Word, text: string, names: Names): number {
  const brokerId = integerOf(word, text, "a broker id");
  if (brokerId < 1 || brokerId > names.cluster.brokers) throw noSuchBroker(word, text, names);
  return brokerId;
}

function noSuchBroker(word: Word, text: string, names: Names): ParseFailure {
  const known = names.cluster.brokers === 1 ? "only broker 1" : `brokers 1 to ${names.cluster.brokers}`;
  return new ParseFailure(word.column, word.length, `there is no broker ${text}`, `the cluster has ${known}`);
}

/** A list of broker ids as Kafka writes it: `1,2,3`. */
export function brokersOf(word: Word, text: string, names: Names): number[] {
  const brokerIds = text.split(",").map((part) => brokerOf(word, part, names));
  const twice = brokerIds.find((brokerId, index) => brokerIds.indexOf(brokerId) !== index);
  if (twice !== undefined)
    throw new ParseFailure(word.column, word.length, `broker ${twice} is named twice in "${text}"`);
  return brokerIds;
}

export function readTopic(reader: LineReader, names: Names): string {
  const word = reader.word("a topic");
  if (!names.topics.includes(word.text)) throw reader.unexpected(word, "a topic of this scenario", names.topics);
  return word.text;
}

export function readPartition(reader: LineReader, names: Names): TopicPartition {
  const word = reader.word("a partition, such as orders-0");
  return partitionOf(word, word.text, names);
}

export function partitionOf(word: Word, text: string, names: Names): TopicPartition {
  if (names.partitions.includes(text)) return text;
  throw new ParseFailure(
    word.column,
    word.length,
    `expected a partition of this scenario, found "${text}"`,
    hintFor(text, names.partitions),
  );
}

/** A broker's id, `controller`, or the name of a client. */
export function readNode(reader: LineReader, names: Names): NodeName {
  const word = reader.word("a broker id, controller or a client");
  return nodeOf(word, word.text, names);
}

function nodeOf(word: Word, text: string, names: Names): NodeName {
  if (text === controllerName || clientsOf(names).includes(text)) return text;
  if (/^\d+$/.test(text)) return String(brokerOf(word, text, names));
  const known = [controllerName, ...clientsOf(names)];
  const hint = hintFor(text, known);
  throw new ParseFailure(
    word.column,
    word.length,
    `expected a broker id, controller or a client, found "${text}"`,
    hint,
  );
}

/** Nodes and planes, one or more, up to a word of `until` or the end of the line. */
export function readPeers(reader: LineReader, names: Names): NodeName[] {
  const peers: NodeName[] = [];
  do {
    const plane = planes.find((candidate) => reader.peek()?.text === candidate);
    if (plane !== undefined) reader.word("a plane");
    peers.push(plane ?? readNode(reader, names));
  } while (!reader.done);
  return peers;
}

/** Two nodes and a direction: `2 > 1`, `p>1`, `p < 1`. */
export function readLink(
  reader: LineReader,
  names: Names,
  arrows: readonly (">" | "<")[],
): { readonly left: NodeName; readonly arrow: ">" | "<"; readonly right: NodeName } {
  const expected = arrows.length === 1 ? "two nodes, such as 2 > 1" : "two nodes, such as p>1 or p<1";
  const first = reader.word(expected);
  const joined = /^([^<>]+)([<>])([^<>]+)$/.exec(first.text);
  const parts = joined === null ? [first.text, reader.word(expected).text, ""] : joined.slice(1);
  const arrow = arrows.find((candidate) => candidate === parts[1]);
  if (arrow === undefined)
    throw new ParseFailure(first.column, first.length, `expected ${expected}, found "${parts.join(" ").trim()}"`);
  const last = joined === null ? reader.word(expected) : first;
  const left = nodeOf(first, parts[0] ?? "", names);
  const right = nodeOf(last, joined === null ? last.text : (parts[2] ?? ""), names);
  if (left === right) throw new ParseFailure(first.column, first.length, `a link needs two nodes, both are ${left}`);
  return { left, arrow, right };
}

/** A name that a new topic may have: Kafka's rule, and not one that this scenario has given away. */
export function newTopicName(word: Word, names: Names): string {
  if (!/^[A-Za-z0-9._-]{1,249}$/.test(word.text) || word.text === "." || word.text === "..")
    throw new ParseFailure(
      word.column,
      word.length,
      `"${word.text}" is not a name for a topic`,
      "Kafka takes letters, digits, . _ and -, at most 249",
    );
  if (names.topics.includes(word.text))
    throw new ParseFailure(word.column, word.length, `there already is a topic ${word.text}`);
  if (reservedNames.includes(word.text)) throw reserved(word);
  return word.text;
}

/** A name that a new client may have. */
export function newClientName(word: Word, names: Names, verbs: readonly string[]): NodeName {
  if (!/^[A-Za-z][A-Za-z0-9._-]{0,63}$/.test(word.text))
    throw new ParseFailure(
      word.column,
      word.length,
      `"${word.text}" is not a name for a client`,
      "a name begins with a letter and goes on with letters, digits, . _ and -",
    );
  if (clientsOf(names).includes(word.text))
    throw new ParseFailure(word.column, word.length, `there already is a client ${word.text}`);
  if (reservedNames.includes(word.text) || verbs.includes(word.text)) throw reserved(word);
  return word.text;
}

function reserved(word: Word): ParseFailure {
  return new ParseFailure(word.column, word.length, `"${word.text}" is a word of the language`, "choose another name");
}
