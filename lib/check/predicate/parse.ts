import { nearest } from "../../core/nearest.js";
import { type SubjectName, subjectOf, subjects } from "../../sim/scenario/subjects.js";
import { type Comparison, comparisons, fateWords, type Operand, type Predicate } from "./predicate.js";

export type ParsedPredicate =
  | { readonly ok: true; readonly predicate: Predicate }
  /** `column` counts from 1. */
  | { readonly ok: false; readonly column: number; readonly message: string };

/**
 * Reads `isr == {leader} and acked(acks=all)`: comparisons of what an `expect` can speak of, fates of records, and `and`,
 * `or`, `not` with parentheses. `and` binds tighter than `or`.
 */
export function parsePredicate(text: string): ParsedPredicate {
  const words = wordsOf(text);
  const reader = new Reader(words, text.length + 1);
  try {
    const predicate = reader.disjunction();
    reader.end();
    return { ok: true, predicate };
  } catch (failure) {
    if (!(failure instanceof PredicateFailure)) throw failure;
    return { ok: false, column: failure.column, message: failure.message };
  }
}

class PredicateFailure extends Error {
  constructor(
    readonly column: number,
    message: string,
  ) {
    super(message);
  }
}

interface Word {
  readonly text: string;
  readonly column: number;
}

function wordsOf(text: string): readonly Word[] {
  return [...text.matchAll(/==|!=|<=|>=|[(){},<>=]|[^\s(){},<>=!]+|\S/g)].map((match) => ({
    text: match[0],
    column: match.index + 1,
  }));
}

class Reader {
  #at = 0;

  constructor(
    private readonly words: readonly Word[],
    private readonly endColumn: number,
  ) {}

  disjunction(): Predicate {
    let left = this.#conjunction();
    while (this.#takes("or")) left = { type: "or", left, right: this.#conjunction() };
    return left;
  }

  end(): void {
    const word = this.words[this.#at];
    if (word !== undefined)
      throw new PredicateFailure(word.column, `expected "and", "or" or the end, found "${word.text}"`);
  }

  #conjunction(): Predicate {
    let left = this.#negation();
    while (this.#takes("and")) left = { type: "and", left, right: this.#negation() };
    return left;
  }

  #negation(): Predicate {
    if (this.#takes("not")) return { type: "not", of: this.#negation() };
    if (this.#takes("(")) {
      const inner = this.disjunction();
      this.#expect(")");
      return inner;
    }
    const word = this.words[this.#at];
    return word !== undefined && fateWords.includes(word.text) ? this.#fate() : this.#comparison();
  }

  /** `acked`, `acked(a)`, `acked(acks=all)`. */
  #fate(): Predicate {
    const fate = this.#word("a fate").text;
    if (!this.#takes("(")) return { type: "fate", fate, acks: null, value: null };
    const first = this.#word("a record, or acks=…");
    if (!this.#takes("=")) {
      this.#expect(")");
      return { type: "fate", fate, acks: null, value: first.text };
    }
    if (first.text !== "acks") throw new PredicateFailure(first.column, `expected acks=…, found "${first.text}="`);
    const acks = this.#word("0, 1 or all").text;
    this.#expect(")");
    return { type: "fate", fate, acks, value: null };
  }

  #comparison(): Predicate {
    const first = this.words[this.#at];
    const left = this.#operand();
    const word = this.#word(`one of ${comparisons.join(" ")}`);
    const text = word.text === "=" ? "==" : word.text;
    const operator: Comparison | undefined = comparisons.find((candidate) => candidate === text);
    if (operator === undefined)
      throw new PredicateFailure(word.column, `expected one of ${comparisons.join(" ")}, found "${word.text}"`);
    const right = asValueOf(left, this.#operand());
    if (first !== undefined && !speaksOfCluster(left) && !speaksOfCluster(right)) throw unknownSubject(first);
    return { type: "compare", left, operator, right };
  }

  /** A list may follow a word, but not within a set, where commas part the items. */
  #operand(where: "alone" | "in-set" = "alone"): Operand {
    if (this.#takes("{")) return this.#set();
    const word = this.#word("what to compare");
    const subject = Object.keys(subjects).find((name) => name === word.text);
    if (subject === undefined) {
      if (this.words[this.#at]?.text === "(") throw unknownSubject(word);
      let text = word.text;
      while (where === "alone" && this.#takes(",")) text += `,${this.#word("the next of the list").text}`;
      return { type: "literal", text };
    }
    let argument: string | null = null;
    if (this.#takes("(")) {
      argument = this.#word("an argument").text;
      this.#expect(")");
    }
    // Found among the keys just above.
    const name = subject as SubjectName;
    const needs = subjectOf(name)?.argument ?? "value";
    if (argument === null && needs !== "none" && needs !== "replica?")
      throw new PredicateFailure(word.column, `${name} needs a ${needs} in parentheses: ${name}(…)`);
    if (argument !== null && needs.startsWith("replica") && !/^[1-9]$/.test(argument))
      throw new PredicateFailure(word.column, `${name} takes a broker's id, not "${argument}"`);
    return { type: "subject", subject: name, argument };
  }

  #set(): Operand {
    const items: Operand[] = [];
    while (!this.#takes("}")) {
      items.push(this.#operand("in-set"));
      if (!this.#takes(",") && this.words[this.#at]?.text !== "}") throw this.#failure('expected "," or "}"');
    }
    return { type: "set", items };
  }

  #takes(text: string): boolean {
    if (this.words[this.#at]?.text !== text) return false;
    this.#at++;
    return true;
  }

  #expect(text: string): void {
    if (!this.#takes(text)) throw this.#failure(`expected "${text}"`);
  }

  #word(what: string): Word {
    const word = this.words[this.#at];
    if (word === undefined || "(){},".includes(word.text)) throw this.#failure(`expected ${what}`);
    this.#at++;
    return word;
  }

  #failure(message: string): PredicateFailure {
    const word = this.words[this.#at];
    return new PredicateFailure(
      word?.column ?? this.endColumn,
      word === undefined ? `${message}, found the end` : message,
    );
  }
}

/** `role(3) == leader` means the role of that name, not who leads. */
function asValueOf(left: Operand, right: Operand): Operand {
  if (left.type !== "subject" || right.type !== "subject" || right.argument !== null) return right;
  const words: readonly string[] = subjectOf(left.subject)?.words ?? [];
  return words.includes(right.subject) ? { type: "literal", text: right.subject } : right;
}

function speaksOfCluster(operand: Operand): boolean {
  if (operand.type === "set") return operand.items.some(speaksOfCluster);
  return operand.type === "subject";
}

function unknownSubject({ text, column }: Word): PredicateFailure {
  const meant = nearest(text, [...Object.keys(subjects), ...fateWords]);
  return new PredicateFailure(column, `there is no "${text}"${meant === null ? "" : `: did you mean "${meant}"?`}`);
}
