import {
  isAlias,
  isPair,
  isScalar,
  isSeq,
  isMap as isYamlMap,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from "yaml";
import type { Problem } from "./verdict.js";

/** A value as it was written: maps have no prototype, so no key of a file can reach one. */
export type Plain = null | boolean | number | string | readonly Plain[] | PlainMap;
export interface PlainMap {
  readonly [key: string]: Plain;
}

export function isMap(value: Plain | undefined): value is PlainMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A file that was read: its value, and where each part of it stands. */
export interface YamlText {
  readonly file: string;
  readonly value: Plain;
  /** Scalars under these paths as they were typed: `1e1` stays `1e1`, as a properties file would have it. */
  sourceAt(path: readonly PathPart[]): string | null;
  /** 1-based; the nearest part around it where the path itself does not exist. */
  placeOf(path: readonly PathPart[]): { readonly line: number; readonly column: number };
}

export type PathPart = string | number;

export type YamlResult =
  | { readonly ok: true; readonly text: YamlText }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** No honest answer or exercise is near these. */
const charactersMax = 64 * 1024;
const depthMax = 24;

/** Keys that reach into the machinery of objects in programs that are less careful. */
const forbiddenKeys = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Reads YAML that anybody may have written. Plain data only: anchors, aliases, tags, several documents, repeated keys
 * and bottomless nesting are refused with their place, before anything of them is expanded.
 */
export function readYaml(file: string, source: string): YamlResult {
  const refuse = (
    line: number | null,
    column: number | null,
    what: string,
    why: string,
    remedy: string,
  ): YamlResult => ({
    ok: false,
    problems: [{ file, line, column, what, why, remedy }],
  });
  if (source.length > charactersMax)
    return refuse(
      null,
      null,
      `the file has ${source.length} characters`,
      `more than ${charactersMax} are not read`,
      "keep only the keys that the exercise asks for",
    );
  if (hasControlCharacters(source))
    return refuse(1, 1, "the file is not text", "it has control characters in it", "save it as plain UTF-8 text");
  const bottomless = bottomlessAt(source);
  if (bottomless !== null) {
    const before = source.slice(0, bottomless).split("\n");
    const column = (before.at(-1) ?? "").length + 1;
    return refuse(
      before.length,
      column,
      "the file is nested too deeply",
      `more than ${depthMax} levels`,
      "an answer needs two",
    );
  }
  const lineCounter = new LineCounter();
  let document: ReturnType<typeof parseDocument>;
  try {
    document = parseDocument(source, { lineCounter, uniqueKeys: true, prettyErrors: false, stringKeys: true });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return refuse(1, 1, "the file is nested too deeply", "the reader gave up", `use at most ${depthMax} levels`);
  }
  const at = (offset: number) => {
    const { line, col } = lineCounter.linePos(Math.min(offset, source.length));
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems: Problem[] = document.errors.map(({ pos, code, message }) => ({
    file,
    ...at(pos[0]),
    ...(errorWords[code] ?? {
      what: `this is not YAML: ${firstSentence(message)}`,
      why: "the file cannot be read beyond this place",
      remedy: "write `key: value`, with a space after the colon and the same indentation for keys of one group",
    }),
  }));
  if (problems.length > 0) return { ok: false, problems: problems.slice(0, 5) };
  const places = new Map<string, { offset: number; source: string | null }>();
  const refused = firstRefused(document.contents);
  if (refused !== null) return { ok: false, problems: [{ file, ...at(refused.offset), ...refused.words }] };
  const value = plain(document.contents, [], places);
  return {
    ok: true,
    text: {
      file,
      value,
      sourceAt: (path) => places.get(keyOf(path))?.source ?? null,
      placeOf(path) {
        for (let length = path.length; length >= 0; length--) {
          const place = places.get(keyOf(path.slice(0, length)));
          if (place !== undefined) return at(place.offset);
        }
        return { line: 1, column: 1 };
      },
    },
  };
}

/** Levels that may be opened at a time: brackets in texts and comments are counted too. */
const openMax = 200;
const dashes = new RegExp(`(?:[-?:][ \\t]+){${openMax}}`);

/**
 * Where brackets or dashes go down further than any answer. Looked for before the parser goes down with them: how far that
 * gets depends on the stack that is left, and with it what would be told.
 */
function bottomlessAt(source: string): number | null {
  let open = 0;
  for (let at = 0; at < source.length; at++) {
    const character = source[at];
    if (character === "[" || character === "{") {
      if (++open > openMax) return at;
    } else if (character === "]" || character === "}") open = Math.max(0, open - 1);
  }
  return dashes.exec(source)?.index ?? null;
}

/** Below the space, all but tab, line feed and carriage return. */
function hasControlCharacters(source: string): boolean {
  for (let at = 0; at < source.length; at++) {
    const unit = source.charCodeAt(at);
    if (unit < 0x20 && unit !== 0x09 && unit !== 0x0a && unit !== 0x0d) return true;
  }
  return false;
}

interface Words {
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
}

const errorWords: Readonly<Record<string, Words>> = {
  DUPLICATE_KEY: {
    what: "this key stands here a second time",
    why: "it is not clear which value you mean",
    remedy: "keep one of the two lines",
  },
  MULTIPLE_DOCS: {
    what: "a second document begins here",
    why: "a file holds one answer",
    remedy: "delete this line and what follows it",
  },
  TAB_AS_INDENT: {
    what: "a tab is used for indentation",
    why: "YAML indents with spaces only",
    remedy: "replace the tab with two spaces",
  },
  NON_STRING_KEY: {
    what: "this key is not a word",
    why: "keys are names, such as `acks`",
    remedy: "write a name before the colon",
  },
};

/** The first thing that plain data does not have, deepest nesting included. */
function firstRefused(contents: Node | null): { readonly offset: number; readonly words: Words } | null {
  let refused: { offset: number; words: Words } | null = null;
  const refuse = (node: { range?: readonly number[] | null | undefined }, words: Words): symbol => {
    refused = { offset: node.range?.[0] ?? 0, words };
    return visit.BREAK;
  };
  visit(contents, (_key, node, path) => {
    if (path.length > depthMax * 2) {
      const what = "the file is nested too deeply";
      if (!isPair(node) && isNode(node))
        return refuse(node, { what, why: `more than ${depthMax} levels`, remedy: "an answer needs two" });
    }
    if (isAlias(node))
      return refuse(node, {
        what: `*${node.source} refers to another place`,
        why: "aliases are not read: a small file could grow without end",
        remedy: "write the value itself",
      });
    if (isScalar(node) || isYamlMap(node) || isSeq(node)) {
      if (node.anchor !== undefined)
        return refuse(node, {
          what: `&${node.anchor} is an anchor`,
          why: "anchors are not read",
          remedy: "delete it and write the value",
        });
      if (node.tag !== undefined)
        return refuse(node, {
          what: `${node.tag} is a tag`,
          why: "values are plain text, numbers and true or false",
          remedy: "delete the tag",
        });
    }
    if (isPair(node) && isScalar(node.key) && forbiddenKeys.has(String(node.key.value)))
      return refuse(node.key, {
        what: `${String(node.key.value)} is not a key`,
        why: "no configuration has a key of this name",
        remedy: "delete the line",
      });
    return undefined;
  });
  return refused;
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isYamlMap(value) || isSeq(value) || isAlias(value);
}

function plain(
  node: unknown,
  path: readonly PathPart[],
  places: Map<string, { offset: number; source: string | null }>,
): Plain {
  const note = (offset: number | undefined, source: string | null): void => {
    places.set(keyOf(path), { offset: places.get(keyOf(path))?.offset ?? offset ?? 0, source });
  };
  if (isYamlMap(node)) {
    note(node.range?.[0], null);
    const map: Record<string, Plain> = Object.create(null);
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : "";
      const own = [...path, name];
      places.set(keyOf(own), { offset: (isScalar(key) ? key.range?.[0] : undefined) ?? 0, source: null });
      map[name] = plain(value, own, places);
    }
    return map;
  }
  if (isSeq(node)) {
    note(node.range?.[0], null);
    return node.items.map((item, index) => plain(item, [...path, index], places));
  }
  if (isScalar(node)) {
    const { value } = node;
    note(node.range?.[0], typeof value === "string" ? value : (node.source ?? String(value)));
    if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
      return value;
    return String(value);
  }
  return null;
}

function keyOf(path: readonly PathPart[]): string {
  return JSON.stringify(path);
}

function firstSentence(message: string): string {
  const [first = message] = message.split("\n");
  return first.replace(/\.$/, "");
}
