import type { SendValue } from "../ast.js";
import { ParseFailure } from "../diagnostic.js";
import type { Word } from "../lexer.js";
import type { LineReader } from "../line-reader.js";
import { type Names, readPartition } from "../names.js";
import type { VerbTable } from "./verb.js";

/** What a producer's application does. The name of the producer comes first. */
export const producerVerbs: VerbTable = {
  send: {
    examples: ["p send a b c", "p send d to orders-1", 'p send "two words"', "p send m1..m100 every 20ms"],
    read: (reader, names) => {
      const producer = readClient(reader, names.producers, "send");
      const values: SendValue[] = [];
      let partition: string | null = null;
      let everyMs: number | null = null;
      while (!reader.done) {
        const word = reader.peek();
        if (reader.takes("to")) partition = readPartition(reader, names);
        else if (reader.takes("every")) everyMs = readInterval(reader);
        else if (partition !== null || everyMs !== null)
          throw new ParseFailure(
            word?.column ?? reader.end,
            word?.length ?? 1,
            "values come before to and every",
            'a value that is one of these words is written in quotes: "to"',
          );
        else values.push(sendValueOf(reader.word("a value")));
      }
      if (values.length === 0) throw new ParseFailure(reader.end, 1, "expected a value to send, such as a");
      if (partition === null && names.partitions.length !== 1)
        throw new ParseFailure(
          reader.end,
          1,
          "expected where to send it",
          `known: to ${names.partitions.join(", to ")}`,
        );
      return { type: "send", producer, values, partition, everyMs };
    },
  },
  begin: transaction("begin"),
  commit: transaction("commit"),
  abort: transaction("abort"),
  restart: {
    examples: ["p restart"],
    read: (reader, names) => {
      const producer = readClient(reader, names.producers, "restart");
      return { type: "action", action: { type: "restartProducer", producer } };
    },
  },
};

/** What a consumer's application does. */
export const consumerVerbs: VerbTable = {
  seek: {
    examples: ["c seek orders-0 to 5"],
    read: (reader, names) => {
      const consumer = readClient(reader, names.consumers, "seek");
      const partition = readPartition(reader, names);
      reader.keyword("to");
      const offset = reader.integer("an offset");
      return { type: "action", action: { type: "seek", consumer, partition, offset } };
    },
  },
};

function transaction(step: "begin" | "commit" | "abort"): VerbTable[string] {
  return {
    examples: [`p ${step}`],
    read: (reader, names) => {
      const producer = readClient(reader, names.producers, step);
      return { type: "action", action: { type: "transaction", producer, step } };
    },
  };
}

function readClient(reader: LineReader, known: Names["producers"], verb: string): string {
  const word = reader.word("a client");
  if (!known.includes(word.text)) throw reader.unexpected(word, `a client that can ${verb}`, known);
  reader.keyword(verb);
  return word.text;
}

const rangeMax = 10_000;

/** `m1..m20` is twenty values, unless it is quoted. */
function sendValueOf(word: Word): SendValue {
  const match = /^(.*?)(\d{1,9})\.\.(.*?)(\d{1,9})$/.exec(word.text);
  if (match === null || word.quoted) return word.text;
  const [, prefix = "", from = "", again = "", to = ""] = match;
  if (prefix !== again || String(Number(from)) !== from || String(Number(to)) !== to) return word.text;
  const count = Number(to) - Number(from) + 1;
  if (count < 1) throw new ParseFailure(word.column, word.length, `the range ${word.text} is empty`);
  if (count > rangeMax)
    throw new ParseFailure(
      word.column,
      word.length,
      `the range ${word.text} has ${count} values`,
      `at most ${rangeMax}`,
    );
  return { prefix, from: Number(from), to: Number(to) };
}

function readInterval(reader: LineReader): number {
  const word = reader.peek();
  const everyMs = reader.durationMs("an interval, such as 20ms");
  if (everyMs === 0 && word !== undefined)
    throw new ParseFailure(word.column, word.length, "an interval of 0 is no interval");
  return everyMs;
}
