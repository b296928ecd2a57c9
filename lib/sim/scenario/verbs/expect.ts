import { metrics } from "../../../kafka/metrics.js";
import { controllerName } from "../../../protocol/ids.js";
import { isMetricName } from "../../operator/metrics.js";
import { type Claim, operators } from "../ast.js";
import { hintFor, ParseFailure } from "../diagnostic.js";
import type { Word } from "../lexer.js";
import type { LineReader } from "../line-reader.js";
import { brokerOf, type Names } from "../names.js";
import { fates, type Subject, subjectOf, subjects } from "../subjects.js";
import type { VerbTable } from "./verb.js";

/** What should be so. */
export const expectVerbs: VerbTable = {
  expect: {
    examples: [
      "expect leader=2 epoch=1 isr=2,3 hw=3",
      "expect orders-1 leo(1)>=4 log(2)=a,b role(3)=follower",
      "expect outcome(d)=acked elr=-",
      "expect metric(controller/OfflinePartitionsCount)=0",
      "expect ledger d=acked-lost a=acked-kept",
    ],
    read: (reader, names) => {
      if (reader.takes("ledger")) return { type: "expect", partition: null, claims: readAll(reader, ledgerClaim) };
      const first = reader.peek();
      const named = first !== undefined && names.partitions.includes(first.text);
      const partition = named ? reader.word("a partition").text : null;
      const at = reader.peek();
      const claims = readAll(reader, (word) => claimOf(word, names));
      if (partition === null && names.partitions.length !== 1 && claims.some(isOfPartition))
        throw new ParseFailure(
          at?.column ?? reader.end,
          at?.length ?? 1,
          "expected a partition before what is expected of it",
          hintFor("", names.partitions),
        );
      return { type: "expect", partition, claims };
    },
  },
};

/** True where a claim speaks of one partition. */
function isOfPartition(claim: Claim): boolean {
  const argument = subjectOf(claim.subject)?.argument;
  return argument !== "broker" && argument !== "value" && argument !== "metric";
}

function readAll(reader: LineReader, read: (word: Word) => Claim): readonly Claim[] {
  const claims: Claim[] = [];
  do claims.push(read(reader.word("what is expected, such as leader=2")));
  while (!reader.done);
  return claims;
}

function ledgerClaim(word: Word): Claim {
  const at = word.text.lastIndexOf("=");
  if (at < 0)
    throw new ParseFailure(
      word.column,
      word.length,
      `expected a value and its fate, such as d=acked-lost, found "${word.text}"`,
    );
  const value = word.text.slice(at + 1);
  const wrong = value.split(",").find((fate) => !fates.some((known) => known === fate));
  if (wrong !== undefined)
    throw new ParseFailure(word.column, word.length, `"${wrong}" is no fate of a record`, hintFor(wrong, fates));
  return { subject: "ledger", argument: word.text.slice(0, at), operator: "=", value };
}

function claimOf(word: Word, names: Names): Claim {
  const match = /^([^()=<>!]+)(?:\((.*)\))?(<=|>=|!=|=|<|>)(.*)$/s.exec(word.text);
  if (match === null)
    throw new ParseFailure(
      word.column,
      word.length,
      `expected what is expected, such as leader=2, found "${word.text}"`,
      hintFor(word.text, Object.keys(subjects)),
    );
  const [, name = "", argument, sign, value = ""] = match;
  const subject = subjectOf(name);
  if (subject === undefined)
    throw new ParseFailure(
      word.column,
      name.length,
      `nothing is called "${name}"`,
      hintFor(name, Object.keys(subjects)) ?? `known: ${Object.keys(subjects).join(", ")}`,
    );
  const operator = operators.find((candidate) => candidate === sign) ?? "=";
  checkArgument(word, name, subject, argument, names);
  checkValue(word, subject, operator, value);
  return { subject: name, argument: argument ?? null, operator, value };
}

function checkArgument(word: Word, name: string, subject: Subject, argument: string | undefined, names: Names): void {
  const fail = (message: string, hint: string | null = null): never => {
    throw new ParseFailure(word.column, word.length, message, hint);
  };
  switch (subject.argument) {
    case "none":
      if (argument !== undefined) fail(`${name} takes nothing in parentheses`);
      return;
    case "replica?":
      if (argument !== undefined) brokerOf(word, argument, names);
      return;
    case "replica":
    case "broker":
      brokerOf(word, argument ?? fail(`${name} needs a broker, such as ${name}(1)`), names);
      return;
    case "metric": {
      const [node, metric] = (argument ?? "").split("/");
      if (node === undefined || metric === undefined)
        return fail(`${name} needs a node and a metric, such as ${name}(1/UnderReplicatedPartitions)`);
      if (node !== controllerName) brokerOf(word, node, names);
      if (!isMetricName(metric)) fail(`there is no metric "${metric}"`, hintFor(metric, Object.keys(metrics)));
      return;
    }
    case "value":
      if (argument === undefined) fail(`${name} needs a value that was sent, such as ${name}(a)`);
      return;
    case "consumer":
      if (argument === undefined || !names.consumers.includes(argument))
        fail(`${name} needs a consumer of this scenario`, hintFor(argument ?? "", names.consumers));
      return;
  }
}

function checkValue(word: Word, subject: Subject, operator: Claim["operator"], value: string): void {
  const head = word.text.slice(0, word.text.length - value.length);
  const fail = (expected: string, hint: string | null = null): never => {
    throw new ParseFailure(word.column, word.length, `expected ${expected} after ${head}, found "${value}"`, hint);
  };
  if (subject.kind !== "number" && operator !== "=" && operator !== "!=")
    throw new ParseFailure(word.column, word.length, `${head.slice(0, -operator.length)} has no order: use = or !=`);
  if (value === "-") return;
  if (subject.kind === "number" && !/^\d{1,15}$/.test(value)) fail("a whole number or -");
  if (subject.kind === "set" && !/^\d+(,\d+)*$/.test(value)) fail("broker ids, such as 1,2, or -");
  if (value === "") fail("a value, or - for nothing");
  const { words } = subject;
  if (words === undefined) return;
  const wrong = value.split(",").find((item) => !words.includes(item));
  if (wrong !== undefined) fail(words.join(", "), hintFor(wrong, words));
}
