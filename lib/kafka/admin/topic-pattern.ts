/**
 * `--topic` of kafka-topics is a regular expression that must match the whole name, with commas as alternatives
 * (source: TopicFilter.IncludeList). Understood here: letters, `.`, `*`, `+`, `?`, `\` and `|`, which is what people use.
 * They are matched without backtracking, so that no pattern takes long.
 */
export function matchingTopics(pattern: string, names: readonly string[]): readonly string[] {
  const alternatives = cleaned(pattern).split("|").map(pieces);
  return names.filter((name) => alternatives.some((alternative) => matches(alternative, name)));
}

/** Whether a pattern is one: `invalid` in Kafka too, or `unsupported` only here. */
export function checkPattern(pattern: string): "fine" | "invalid" | "unsupported" {
  const text = cleaned(pattern);
  try {
    new RegExp(text);
  } catch {
    return "invalid";
  }
  return /[[\](){}^$]/.test(text.replace(/\\./g, "")) || /\\[a-zA-Z0-9]/.test(text) ? "unsupported" : "fine";
}

/** The pattern as the tool compiles it. */
export function cleaned(pattern: string): string {
  return pattern
    .trim()
    .replaceAll(",", "|")
    .replaceAll(" ", "")
    .replace(/^["']+/, "")
    .replace(/["']+$/, "");
}

interface Piece {
  /** Undefined: any character. */
  readonly character: string | undefined;
  readonly repeats: boolean;
  readonly optional: boolean;
}

function pieces(text: string): readonly Piece[] {
  const found: Piece[] = [];
  for (let index = 0; index < text.length; index++) {
    let character: string | undefined = text.charAt(index);
    if (character === "\\") character = text.charAt(++index);
    else if (character === ".") character = undefined;
    let repeats = false;
    let optional = false;
    for (; "*+?".includes(text.charAt(index + 1)) && index + 1 < text.length; index++) {
      const sign = text.charAt(index + 1);
      repeats ||= sign !== "?";
      optional ||= sign !== "+";
    }
    found.push({ character, repeats, optional });
  }
  return found;
}

/** Keeps the set of places in the pattern that the name read so far can have reached. */
function matches(pattern: readonly Piece[], name: string): boolean {
  let places = reach(pattern, new Set([0]));
  for (const character of name) {
    const next = new Set<number>();
    for (const place of places) {
      const piece = pattern[place];
      if (piece === undefined || (piece.character !== undefined && piece.character !== character)) continue;
      next.add(place + 1);
      if (piece.repeats) next.add(place);
    }
    places = reach(pattern, next);
  }
  return places.has(pattern.length);
}

/** Adds the places behind optional pieces. A repeated piece that has matched once is optional from then on. */
function reach(pattern: readonly Piece[], places: ReadonlySet<number>): ReadonlySet<number> {
  const all = new Set(places);
  for (const place of all) if (pattern[place]?.optional) all.add(place + 1);
  return all;
}
