import { type ConfigGroup, type ConfigRefusal, lookUpConfig, parseConfigValue } from "../../kafka/config.js";
import type { Rules } from "../../kafka/versions.js";
import type { Setting } from "./ast.js";
import { hintFor, ParseFailure } from "./diagnostic.js";
import { quoteWord, type Word } from "./lexer.js";
import type { LineReader } from "./line-reader.js";

/** A setting of a statement cannot be. `key` says which; the reader of the line finds its column. */
export class SettingFailure extends Error {
  constructor(
    readonly key: string,
    message: string,
    readonly hint: string | null = null,
  ) {
    super(message);
  }
}

/** The rest of the line as `key=value` words, each key once. */
export function readSettings(reader: LineReader, example: string): readonly SettingWord[] {
  const settings: SettingWord[] = [];
  while (!reader.done) {
    const word = reader.word(`a setting, such as ${example}`);
    const at = word.text.indexOf("=");
    if (at <= 0) throw reader.unexpected(word, `key=value, such as ${example}`);
    const key = word.text.slice(0, at);
    if (settings.some((setting) => setting.key === key))
      throw new ParseFailure(word.column, word.length, `${key} is set twice`);
    settings.push({ key, value: word.text.slice(at + 1), word });
  }
  return settings;
}

export interface SettingWord extends Setting {
  readonly word: Word;
}

/** Runs what interprets settings, and turns its failure into one with a column. */
export function located<Result>(reader: LineReader, settings: readonly SettingWord[], interpret: () => Result): Result {
  try {
    return interpret();
  } catch (failure) {
    if (!(failure instanceof SettingFailure)) throw failure;
    const word = settings.find((setting) => setting.key === failure.key)?.word;
    throw new ParseFailure(word?.column ?? reader.end, word?.length ?? 1, failure.message, failure.hint);
  }
}

export function plainSettings(settings: readonly SettingWord[]): readonly Setting[] {
  return settings.map(({ key, value }) => ({ key, value }));
}

export function formatSetting({ key, value }: Setting): string {
  return `${key}=${value === "" ? "" : quoteWord(value)}`;
}

/** Refuses a key that Kafka does not have here, and a value that Kafka would refuse. `null` stands for a deletion. */
export function checkSetting(
  groups: readonly ConfigGroup[],
  key: string,
  value: string | null,
  rules: Rules,
  ownKeys: readonly string[] = [],
): void {
  const found = lookUpConfig(key, groups, rules.version);
  switch (found.kind) {
    case "known": {
      if (value === null) return;
      const parsed = parseConfigValue(found.definition, value);
      if (!parsed.ok) throw refused(parsed);
      return;
    }
    case "other":
      return;
    case "unknown": {
      const own = hintFor(key, ownKeys);
      if (own?.startsWith("did you mean")) throw new SettingFailure(key, `there is no setting "${key}" here`, own);
      const hint = found.nearest === null ? null : `did you mean "${found.nearest}"?`;
      throw new SettingFailure(key, `Kafka has no ${groups.join(" or ")} setting "${key}"`, hint);
    }
    default:
      throw new SettingFailure(key, found.sentence);
  }
}

export function refused(refusal: ConfigRefusal): SettingFailure {
  return new SettingFailure(refusal.key, `Kafka refuses this: ${refusal.message}`);
}

/** The settings as Kafka's own functions take them. */
export function recordOf(settings: readonly Setting[]): Readonly<Record<string, string>> {
  return Object.fromEntries(settings.map(({ key, value }) => [key, value]));
}
