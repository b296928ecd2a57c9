import type { Line, Scenario, Setting, Statement } from "./ast.js";
import { planConsumer, planProducer } from "./client-plan.js";
import { planCluster } from "./cluster-plan.js";
import { type Diagnostic, ParseFailure } from "./diagnostic.js";
import { lexLine } from "./lexer.js";
import { formatDuration, LineReader } from "./line-reader.js";
import { type Names, newClientName, newTopicName } from "./names.js";
import { namesAfter } from "./names-after.js";
import { located, plainSettings, readSettings } from "./settings.js";
import { partitionCount, planTopic } from "./topic-plan.js";
import { leadingWords, readStep } from "./verbs/index.js";

export type ParseResult =
  | { readonly ok: true; readonly scenario: Scenario }
  /** At least one; in the order of lines. */
  | { readonly ok: false; readonly diagnostics: readonly [Diagnostic, ...Diagnostic[]] };

/** Reads a scenario. Bad text gives diagnostics, one for each line that cannot be; nothing is thrown. */
export function parseScenario(text: string): ParseResult {
  const parser = new ScenarioParser();
  const lines = text.split(/\r?\n/);
  // A text ends with a newline; what follows it is not a line.
  if (lines.at(-1) === "") lines.pop();
  const read: Line[] = [];
  const diagnostics: Diagnostic[] = [];
  lines.forEach((line, index) => {
    const result = parser.readLine(line);
    if (result.ok) read.push(result.line);
    else diagnostics.push({ line: index + 1, ...result.problem });
  });
  const [first, ...others] = diagnostics;
  return first === undefined ? { ok: true, scenario: { lines: read } } : { ok: false, diagnostics: [first, ...others] };
}

export type LineResult =
  | { readonly ok: true; readonly line: Line }
  | { readonly ok: false; readonly problem: Omit<Diagnostic, "line"> };

const setupWords = ["cluster", "topic", "producer", "consumer"] as const;

/** Reads one line after the other; later lines may use the names that earlier ones gave. A bad line changes nothing. */
export class ScenarioParser {
  #names: Names = {
    cluster: planCluster([]),
    topics: [],
    partitions: [],
    producers: [],
    consumers: [],
  };
  #mode: "setup" | "timed" | "stepwise" | "ended" = "setup";
  #hasCluster = false;
  #atMs = 0;

  /** What the lines so far have set up. */
  get names(): Names {
    return this.#names;
  }

  readLine(text: string): LineResult {
    try {
      return { ok: true, line: this.#line(text) };
    } catch (failure) {
      if (!(failure instanceof ParseFailure)) throw failure;
      const { column, length, message, hint } = failure;
      return { ok: false, problem: { column, length, message, hint } };
    }
  }

  #line(text: string): Line {
    const lexed = lexLine(text);
    if (lexed.type !== "words") return lexed;
    const reader = new LineReader(lexed.words, lexed.end);
    return { type: "statement", statement: this.#statement(reader), comment: lexed.comment };
  }

  #statement(reader: LineReader): Statement {
    const first = reader.peek();
    if (first === undefined) throw new ParseFailure(1, 1, "expected a statement");
    if (this.#mode === "ended")
      throw new ParseFailure(first.column, first.length, "expected nothing after end", "move end to the last line");
    const setup = setupWords.find((word) => word === first.text);
    if (setup !== undefined && this.#mode === "setup") {
      reader.word("a word");
      return this.#setup(setup, reader, first.column);
    }
    if (setup !== undefined)
      throw new ParseFailure(
        first.column,
        first.length,
        `expected ${setup} above the first step`,
        setup === "topic" ? "later, an operator may: create topic …" : null,
      );
    if (reader.takes("end")) return this.#end(reader);
    if (reader.takes("stepwise")) {
      reader.finish();
      if (this.#mode === "stepwise") throw new ParseFailure(first.column, first.length, "it is stepwise already");
      this.#mode = "stepwise";
      return { type: "stepwise" };
    }
    return this.#step(reader);
  }

  #setup(word: (typeof setupWords)[number], reader: LineReader, column: number): Statement {
    const names = this.#names;
    if (word === "cluster") {
      if (this.#hasCluster) throw new ParseFailure(column, word.length, "there already is a cluster");
      if (names.topics.length > 0 || names.producers.length > 0)
        throw new ParseFailure(column, word.length, "expected cluster above topics and clients");
      const settings = readSettings(reader, "brokers=3");
      this.#names = { ...names, cluster: located(reader, settings, () => planCluster(settings)) };
      this.#hasCluster = true;
      return { type: "cluster", settings: plainSettings(settings) };
    }
    const nameWord = reader.word(`a name for the ${word}`);
    if (word === "topic") {
      const name = newTopicName(nameWord, names);
      const settings = readSettings(reader, "partitions=1");
      const plan = located(reader, settings, () => planTopic(name, settings, names.cluster));
      const partitions = Array.from({ length: partitionCount(plan) }, (_, index) => `${name}-${index}`);
      this.#names = {
        ...names,
        topics: [...names.topics, name],
        partitions: [...names.partitions, ...partitions],
      };
      return { type: "topic", name, settings: plainSettings(settings) };
    }
    const name = newClientName(nameWord, names, leadingWords);
    const settings = readSettings(reader, word === "producer" ? "acks=all" : "isolation.level=read_committed");
    const plain: readonly Setting[] = plainSettings(settings);
    if (word === "producer") {
      located(reader, settings, () => planProducer(name, settings, names.cluster.rules));
      this.#names = { ...names, producers: [...names.producers, name] };
      return { type: "producer", name, settings: plain };
    }
    located(reader, settings, () => planConsumer(name, settings, names.cluster.rules, names.topics));
    this.#names = { ...names, consumers: [...names.consumers, name] };
    return { type: "consumer", name, settings: plain };
  }

  #end(reader: LineReader): Statement {
    const word = reader.peek();
    const atMs = reader.durationMs("a time, such as 30s");
    this.#notBefore(word, atMs);
    reader.finish();
    this.#mode = "ended";
    return { type: "end", atMs };
  }

  #step(reader: LineReader): Statement {
    const first = reader.peek();
    if (this.#mode === "stepwise") {
      if (reader.takes("at"))
        throw new ParseFailure(first?.column ?? 1, 2, "expected a step without a time: this part is stepwise");
      const step = readStep(reader, this.#names);
      if (step.type === "send" && step.everyMs !== null)
        throw new ParseFailure(reader.end, 1, "a stepwise send has no interval: name each record's turn");
      this.#names = namesAfter(this.#names, step);
      return { type: "step", atMs: null, step };
    }
    if (!reader.takes("at"))
      throw reader.unexpected(
        reader.word("a statement"),
        this.#mode === "setup" ? "cluster, topic, producer, consumer, at, stepwise or end" : "at, stepwise or end",
        [...setupWords, "at", "stepwise", "end"],
      );
    const word = reader.peek();
    const atMs = reader.durationMs("a time, such as 50ms");
    this.#notBefore(word, atMs);
    const step = readStep(reader, this.#names);
    this.#names = namesAfter(this.#names, step);
    this.#mode = "timed";
    this.#atMs = atMs;
    return { type: "step", atMs, step };
  }

  #notBefore(word: { readonly column: number; readonly length: number } | undefined, atMs: number): void {
    if (atMs >= this.#atMs) return;
    throw new ParseFailure(
      word?.column ?? 1,
      word?.length ?? 1,
      `expected a time not before ${formatDuration(this.#atMs)}, the one above, found ${formatDuration(atMs)}`,
      null,
    );
  }
}
