/**
 * The rules of the house. Each takes all files and returns complaints that say where, what, and what to do instead.
 * To change a rule, change it here and give its sample in `tidy.test.ts`.
 */
import { builtinModules } from "node:module";
import { isCode, type Parsed, parse, resolve, type Source } from "./source.js";

export const LINES_MAX = 400;

/**
 * Who may import whom, by folder of lib: `core ← kafka ← protocol ← sim ← check ← exercise`. Nothing may import server, web or
 * cli, except that a command starts the server, and that the page takes types (no code) from it.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = (() => {
  const chain = ["core", "kafka", "protocol", "sim", "check", "exercise"];
  const rest = [...chain, "view", "notebook", "schema", "index.ts"];
  return {
    ...Object.fromEntries(chain.map((folder, at) => [folder, chain.slice(0, at)])),
    view: chain.slice(0, chain.indexOf("exercise")),
    notebook: ["core"],
    schema: rest,
    "index.ts": rest,
    server: rest,
    web: rest,
    cli: [...rest, "server"],
  };
})();

/** These take time, chance and the outside world as arguments, and run in a browser as well. */
const PURE = ["core", "kafka", "protocol", "sim", "check", "view"];

/** These have effects only in the files whose names begin so. */
const EFFECTS_ONLY_IN: Readonly<Record<string, string>> = { notebook: "kernel", exercise: "store" };

/** Names that make a result depend on when, where or how often something runs, and what to do instead. */
const FORBIDDEN: Readonly<Record<string, string>> = {
  Date: "take the time as an argument, `nowMs`",
  performance: "take the time as an argument, `nowMs`",
  "Math.random": "take a seeded source or a choice as an argument",
  crypto: "take a seeded source as an argument, or hash with @noble/hashes",
  process: "take what you need of it as an argument",
  globalThis: "take what you need of it as an argument",
  console: "return what is to be said; the command prints it",
  setTimeout: "return when it is due; the engine decides when that is",
  setInterval: "return when it is due; the engine decides when that is",
  setImmediate: "return when it is due; the engine decides when that is",
  queueMicrotask: "return what follows; the engine decides the order",
  fetch: "take the text as an argument; files and network belong to server, cli and web",
  require: "import it at the top",
  eval: "write a function",
  Intl: "write the text in one fixed form: locales differ between machines",
  WeakRef: "hold it or let it go: what is collected when differs between runs",
};

/** Methods whose result depends on the machine's locale or time zone. */
const FORBIDDEN_MEMBERS = /^(?:toLocale\w*|localeCompare)$/;

/** A file is alive if one of these reaches it, by import or as a worker or child process. */
const ENTRY_POINTS = [
  /^lib\/index\.ts$/,
  /^lib\/cli\/main\.ts$/,
  /^lib\/web\/main\.tsx?$/,
  // Code of other threads, started by address.
  /^lib\/[^/]+\/(?:[^/]+\/)*[^/]*-worker\.ts$/,
  /^lib\/bin\//,
  /^lib\/[^/]+\/[^/]+\.mjs$/,
];

/**
 * Words that speak of one machine or of how the text came about, not of the project. Written in two halves so that this
 * list does not find itself.
 */
const BANNED_WORDS = [
  ["/wo", "rk/", "a local path: write it relative to the repository"],
  ["/tm", "p/", "a local path: use os.tmpdir()"],
  ["/ho", "me/", "a local path: write it relative to the repository"],
  ["bash_", "jobs", "a local path"],
  ["registry.", "npm", "a registry's address: name the package"],
  ["repo1.", "maven", "a registry's address: name the package"],
  ["deb.", "debian", "a registry's address: name the package"],
  ["shared/", "PROTOCOL", "a folder that is not here: lib/protocol holds the reference"],
  ["shared/", "CASES", "a folder that is not here: the expected values stand in test"],
  ["shared/", "DESIGN", "a folder that is not here: README.md and CONTRIBUTING.md"],
  ["sub", "agent", "talk of tools: say what the project does"],
  ["cla", "ude", "talk of tools: say what the project does"],
  ["anth", "ropic", "talk of tools: say what the project does"],
  ["open", "ai", "talk of tools: say what the project does"],
  ["chat", "gpt", "talk of tools: say what the project does"],
  ["co", "pilot", "talk of tools: say what the project does"],
].map(([first = "", second = "", advice = ""]) => {
  const word = first + second;
  // A path is meant only where it begins there: "../home/x" is a folder of ours.
  const start = word.startsWith("/") ? "(?<![\\w.])" : "";
  return { word, pattern: new RegExp(start + word.replaceAll(".", "\\."), "i"), advice };
});

interface House {
  readonly sources: readonly Source[];
  readonly parsed: ReadonlyMap<string, Parsed>;
  exists(path: string): boolean;
}

/** Every complaint about these files, by rule. */
export function complaints(sources: readonly Source[]): Record<keyof typeof RULES, string[]> {
  const paths = new Set(sources.map(({ path }) => path));
  const code = sources.filter(({ path }) => path.startsWith("lib/") && isCode(path));
  const house: House = {
    sources,
    parsed: new Map(code.map((source) => [source.path, parse(source)])),
    exists: (path) => paths.has(path),
  };
  return {
    directions: RULES.directions(house),
    cycles: RULES.cycles(house),
    purity: RULES.purity(house),
    dead: RULES.dead(house),
    length: RULES.length(house),
    words: RULES.words(house),
  };
}

const RULES = {
  directions({ parsed, exists }: House): string[] {
    return [...parsed].flatMap(([path, { references }]) => {
      const folder = folderOf(path);
      const allowed = MAY_IMPORT[folder];
      if (folder === "bin" || path.endsWith(".mjs")) return [];
      if (allowed === undefined)
        return [`${path}: lib/${folder} is a new folder: say in test/tidy/rules.ts what it may import`];
      return references.flatMap(({ specifier, line, kind }) => {
        const target = kind === "url" ? undefined : resolve(path, specifier, exists);
        if (target === undefined) return [];
        const other = folderOf(target);
        if (other === folder || allowed.includes(other)) return [];
        // The page and the server speak one language: the page takes its types from where they are answered.
        if (folder === "web" && other === "server" && kind === "type") return [];
        const may = allowed.length === 0 ? "nothing else" : allowed.join(", ");
        return [
          `${path}:${line} imports ${target}, but ${folder} may import only ${may}. Move what both need down the chain core ← kafka ← protocol ← sim ← check ← exercise, or take it as an argument`,
        ];
      });
    });
  },

  /** Types may refer to each other across files: that is often how a type gets to live beside its functions, and nothing of it is left to run. */
  cycles({ parsed, exists }: House): string[] {
    const importsOf = (path: string): string[] =>
      (parsed.get(path)?.references ?? []).flatMap(({ specifier, kind }) => {
        const target = kind === "import" ? resolve(path, specifier, exists) : undefined;
        return target === undefined ? [] : [target];
      });
    const found: string[] = [];
    const done = new Set<string>();
    const way: string[] = [];
    const visit = (path: string): void => {
      const start = way.indexOf(path);
      if (start >= 0) {
        const loop = [...way.slice(start), path].join(" → ");
        found.push(`${loop} is a cycle of imports: move what they share into a file of its own that both import`);
        return;
      }
      if (done.has(path)) return;
      way.push(path);
      for (const target of importsOf(path)) visit(target);
      way.pop();
      done.add(path);
    };
    for (const path of parsed.keys()) visit(path);
    return found;
  },

  purity({ parsed }: House): string[] {
    return [...parsed].flatMap(([path, file]) => {
      const folder = folderOf(path);
      const effects = EFFECTS_ONLY_IN[folder];
      const name = path.split("/")[2] ?? "";
      if (!PURE.includes(folder) && (effects === undefined || name.startsWith(effects))) return [];
      const where = effects === undefined ? `lib/${folder}` : `lib/${folder} outside ${effects}*`;
      const isPure = `${where} has no effects and runs in a browser`;
      return [
        ...file.references
          .filter(({ specifier }) => specifier.startsWith("node:") || builtinModules.includes(specifier))
          .map(
            ({ specifier, line }) =>
              `${path}:${line} imports ${specifier}, but ${isPure}: take what you need as an argument`,
          ),
        ...file.freeNames.flatMap(({ name, member, line }) => {
          const used =
            member !== undefined && Object.hasOwn(FORBIDDEN, `${name}.${member}`) ? `${name}.${member}` : name;
          return Object.hasOwn(FORBIDDEN, used)
            ? [`${path}:${line} uses ${used}, but ${isPure}: ${FORBIDDEN[used]}`]
            : [];
        }),
        ...file.members
          .filter(({ name }) => FORBIDDEN_MEMBERS.test(name))
          .map(
            ({ name, line }) =>
              `${path}:${line} uses ${name}, whose result differs between machines: compare with < and write in one fixed form`,
          ),
      ];
    });
  },

  dead({ parsed, exists }: House): string[] {
    const alive = new Set([...parsed.keys()].filter((path) => ENTRY_POINTS.some((entry) => entry.test(path))));
    for (const path of alive) {
      for (const { specifier } of parsed.get(path)?.references ?? []) {
        const target = resolve(path, specifier, exists);
        if (target !== undefined) alive.add(target);
      }
    }
    return [...parsed.keys()]
      .filter((path) => !alive.has(path))
      .map((path) => `${path} is reached from no entry point: use it, export it from lib/index.ts, or delete it`);
  },

  length({ sources }: House): string[] {
    return sources.flatMap(({ path, text }) => {
      const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
      if (!isCode(path) || lines <= LINES_MAX) return [];
      return [
        `${path} has ${lines} lines, and ${LINES_MAX} is the ceiling: it holds more than one idea, so give each its own file`,
      ];
    });
  },

  words({ sources }: House): string[] {
    return sources.flatMap(({ path, text }) =>
      text
        .split("\n")
        .flatMap((line, at) =>
          BANNED_WORDS.filter(({ pattern }) => pattern.test(line)).map(
            ({ word, advice }) => `${path}:${at + 1} says “${word}”: ${advice}`,
          ),
        ),
    );
  },
};

/** `core` for lib/core/assert.ts; the file's own name where it lies in lib itself. */
function folderOf(path: string): string {
  return path.split("/")[1] ?? "";
}
