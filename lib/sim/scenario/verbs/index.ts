import { commandComplaint } from "../../operator/run-command.js";
import type { Step } from "../ast.js";
import { hintFor, ParseFailure } from "../diagnostic.js";
import type { LineReader } from "../line-reader.js";
import { clientsOf, type Names } from "../names.js";
import { consumerVerbs, producerVerbs } from "./clients.js";
import { expectVerbs } from "./expect.js";
import { faultVerbs } from "./faults.js";
import { operatorVerbs } from "./operators.js";
import { brokerVerbs, protocolVerbs } from "./protocol.js";
import type { VerbTable } from "./verb.js";

/** Verbs that begin a step. */
const leading: VerbTable = { ...protocolVerbs, ...faultVerbs, ...operatorVerbs, ...expectVerbs };

/** Verbs that follow the name of the node that does it. */
const following: VerbTable = { ...brokerVerbs, ...producerVerbs, ...consumerVerbs };

/** Every verb with its examples, grouped as help shows them. */
export const verbGroups: readonly { readonly title: string; readonly verbs: VerbTable }[] = [
  { title: "applications", verbs: { ...producerVerbs, ...consumerVerbs } },
  { title: "faults and repairs", verbs: faultVerbs },
  { title: "operators", verbs: operatorVerbs },
  { title: "expectations", verbs: expectVerbs },
  { title: "the system itself, step by step", verbs: { ...protocolVerbs, ...brokerVerbs } },
];

/** The words that no client may be called. */
export const leadingWords: readonly string[] = Object.keys(leading);

/** Reads one step, up to the end of the line. */
export function readStep(reader: LineReader, names: Names): Step {
  const step = stepAt(reader, names);
  reader.finish();
  return step;
}

function stepAt(reader: LineReader, names: Names): Step {
  const first = reader.peek();
  if (first === undefined) throw new ParseFailure(reader.end, 1, "expected a step, such as crash 1 or p send a");
  if (first.text.startsWith("$") && !first.quoted) {
    const word = reader.word("a command line");
    const text = word.text.slice(1).trim();
    if (text === "")
      throw new ParseFailure(
        word.column,
        1,
        "expected a command line after the $",
        "$ kafka-topics --describe --topic orders",
      );
    const complaint = commandComplaint(text, names.cluster.rules);
    if (complaint !== null) throw new ParseFailure(word.column, word.length, complaint);
    return { type: "command", text };
  }
  const verb = ownEntry(leading, first.text);
  if (verb !== undefined && !first.quoted) {
    reader.word("a verb");
    return verb.read(reader, names);
  }
  const second = reader.peek(1);
  const does = second === undefined ? undefined : ownEntry(following, second.text);
  if (does !== undefined) return does.read(reader, names);
  if (second !== undefined && (/^\d+$/.test(first.text) || clientsOf(names).includes(first.text)))
    throw reader.unexpected(second, `what ${first.text} does`, Object.keys(following));
  throw new ParseFailure(
    first.column,
    first.length,
    `expected a step, found "${first.text}"`,
    hintFor(first.text, [...leadingWords, ...clientsOf(names)]) ?? "a step begins with a verb, a client or a broker id",
  );
}

function ownEntry(table: VerbTable, word: string): VerbTable[string] | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
