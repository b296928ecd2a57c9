/** The options a tool knows: with a value or without one. */
export type OptionTable = { readonly [name: string]: "flag" | "value" };

/** Options as given, in the order of their first appearance. */
export type Options = ReadonlyMap<string, readonly string[]>;

/** An error of the option parser that Kafka's tools use, with the class that stack traces name. */
export interface OptionError {
  readonly exception:
    | "UnrecognizedOptionException"
    | "OptionMissingRequiredArgumentException"
    | "OptionArgumentConversionException"
    | "MultipleArgumentsForOptionException";
  readonly message: string;
}

/**
 * Reads options as JOpt Simple 5 does without abbreviations: `--name value`, `--name=value`, and one dash for a whole
 * name too. A required value is the next word, whatever it looks like. Words that are no options are passed over.
 */
export function parseOptions(words: readonly string[], table: OptionTable): Options | OptionError {
  const options = new Map<string, string[]>();
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (word === "--") break;
    if (!word.startsWith("-") || word === "-") continue;
    const equals = word.indexOf("=");
    const name = word.slice(word.startsWith("--") ? 2 : 1, equals < 0 ? undefined : equals);
    const kind = Object.hasOwn(table, name) ? table[name] : undefined;
    if (kind === undefined) {
      // After one dash every letter counts as an option of its own, and the first unknown one is named.
      const unknown = word.startsWith("--") ? name : name.charAt(0);
      return { exception: "UnrecognizedOptionException", message: `${unknown} is not a recognized option` };
    }
    const values = options.get(name) ?? [];
    options.set(name, values);
    if (kind === "flag") continue;
    if (equals < 0 && index + 1 >= words.length) {
      return { exception: "OptionMissingRequiredArgumentException", message: `Option ${name} requires an argument` };
    }
    values.push(equals < 0 ? (words[++index] ?? "") : word.slice(equals + 1));
  }
  return options;
}

/** The single value of an option, undefined if it was not given. */
export function textOf(options: Options, name: string): string | undefined | OptionError {
  const values = options.get(name) ?? [];
  if (values.length <= 1) return values[0];
  return {
    exception: "MultipleArgumentsForOptionException",
    message: `Found multiple arguments for option ${name}, but you asked for only one`,
  };
}

/** The same as a 32-bit whole number. */
export function numberOf(options: Options, name: string): number | undefined | OptionError {
  const text = textOf(options, name);
  if (text === undefined || typeof text === "object") return text;
  const number = /^[+-]?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return number >= -2147483648 && number <= 2147483647 ? number : notConverted(options, name);
}

export function notConverted(options: Options, name: string): OptionError {
  return {
    exception: "OptionArgumentConversionException",
    message: `Cannot parse argument '${options.get(name)?.[0] ?? ""}' of option ${name}`,
  };
}

export function isOptionError(value: unknown): value is OptionError {
  return typeof value === "object" && value !== null && "exception" in value;
}

/** `Option "[a]" can't be used with option "[b]"` for the first of `others` that was given beside `name`. */
export function conflict(options: Options, name: string, others: readonly string[]): string | undefined {
  if (!options.has(name)) return undefined;
  const other = others.find((candidate) => options.has(candidate));
  return other && `Option "[${name}]" can't be used with option "[${other}]"`;
}

/** `Missing required argument "[a]"` for the first of `names` that is missing. */
export function missing(options: Options, names: readonly string[]): string | undefined {
  const name = names.find((candidate) => !options.has(candidate));
  return name && `Missing required argument "[${name}]"`;
}

/** `Option "[a]" can't be used with action "[b]"` for the first given option that the action does not take. */
export function conflictOfAction(options: Options, action: string, allowed: readonly string[]): string | undefined {
  const other = [...options.keys()].find((name) => name !== action && !allowed.includes(name));
  return other && `Option "[${other}]" can't be used with action "[${action}]"`;
}
