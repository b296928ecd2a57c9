import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { complaints, LINES_MAX } from "./tidy/rules.js";
import type { Source } from "./tidy/source.js";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** Made by tools, or not ours. */
const SKIPPED = new Set([
  ".git",
  "node_modules",
  "dist",
  "coverage",
  ".highwater",
  ".ipynb_checkpoints",
  "package-lock.json",
]);
const TEXT = /(?:^|\/)(?:[^.]+|[^/]*\.(?:ts|tsx|mjs|js|json|jsonl|md|yaml|yml|css|html|svg|txt|scenario|ipynb|toml))$/;

function* filesBelow(folder: string): Generator<Source> {
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (SKIPPED.has(entry.name)) continue;
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile() && TEXT.test(path)) yield { path, text: readFileSync(join(ROOT, path), "utf8") };
  }
}

describe("the house is tidy", () => {
  const found = complaints([...filesBelow("")]);

  it("imports point one way", () => expect(found.directions).toEqual([]));
  it("no file imports itself in the end", () => expect(found.cycles).toEqual([]));
  it("pure folders stay pure", () => expect(found.purity).toEqual([]));
  it("every file in lib is used", () => expect(found.dead).toEqual([]));
  it(`no file is longer than ${LINES_MAX} lines`, () => expect(found.length).toEqual([]));
  it("the project speaks of itself alone", () => expect(found.words).toEqual([]));
});

/** Files from a table of path and text. */
function house(files: Readonly<Record<string, string>>): Source[] {
  return Object.entries(files).map(([path, text]) => ({ path, text }));
}

describe("the rules notice", () => {
  it.each([
    ["core", "kafka"],
    ["kafka", "protocol"],
    ["protocol", "sim"],
    ["sim", "check"],
    ["check", "exercise"],
    ["view", "exercise"],
    ["notebook", "kafka"],
    ["exercise", "view"],
    ["web", "cli"],
    ["server", "cli"],
    ["server", "web"],
    ["check", "server"],
  ])("%s importing %s", (from, to) => {
    const files = {
      [`lib/${from}/a.ts`]: `\nimport type { B } from "../${to}/b.js";`,
      [`lib/${to}/b.ts`]: "export {}",
    };
    expect(complaints(house(files)).directions).toEqual([
      expect.stringContaining(`lib/${from}/a.ts:2 imports lib/${to}/b.ts`),
    ]);
  });

  it("a new folder without a rule", () => {
    expect(complaints(house({ "lib/utils/a.ts": "" })).directions).toEqual([expect.stringContaining("new folder")]);
  });

  it.each([
    'export * from "../server/b.js"',
    'const b = await import("../server/b.js")',
    'type B = import("../server/b.js").B',
    'import "../server/b.js"',
  ])("an import written as %s", (text) => {
    const found = complaints(house({ "lib/sim/a.ts": text, "lib/server/b.ts": "" }));
    expect(found.directions).toHaveLength(1);
  });

  it("code of the server in the page, but not its types", () => {
    const of = (text: string) => complaints(house({ "lib/web/a.ts": text, "lib/server/b.ts": "" })).directions;
    expect(of('import { b } from "../server/b.js"')).toHaveLength(1);
    expect(of('import type { B } from "../server/b.js"')).toEqual([]);
  });

  it("a cycle, and names all its files", () => {
    const files = {
      "lib/core/a.ts": 'import "./b.js"',
      "lib/core/b.ts": 'import "./c.js"',
      "lib/core/c.ts": 'export { type A } from "./a.js"; import type { B } from "./b.js"',
    };
    const cycle = "lib/core/a.ts → lib/core/b.ts → lib/core/c.ts → lib/core/a.ts";
    expect(complaints(house(files)).cycles).toEqual([expect.stringContaining(cycle)]);
    expect(complaints(house({ ...files, "lib/core/c.ts": 'import type { A } from "./a.js"' })).cycles).toEqual([]);
  });

  it.each([
    ["Date.now()", "Date"],
    ["new Date(0)", "Date"],
    ["Math.random()", "Math.random"],
    ["process.env.HOME", "process"],
    ["console.log(1)", "console"],
    ["performance.now()", "performance"],
    ["setTimeout(f, 1)", "setTimeout"],
    ["setInterval(f, 1)", "setInterval"],
    ['fetch("x")', "fetch"],
    ["globalThis.x", "globalThis"],
    ["new Intl.NumberFormat()", "Intl"],
    ["const now = Date.now", "Date"],
    ["({ now: Date.now })", "Date"],
    ["({ Date })", "Date"],
    ["class A { fetch() { return fetch; } }", "fetch"],
    ["(1).toLocaleString()", "toLocaleString"],
    ['"a".localeCompare("b")', "localeCompare"],
    ['import fs from "node:fs"', "node:fs"],
    ['import fs from "fs"', "imports fs"],
  ])("%s in a pure folder", (text, name) => {
    for (const folder of ["core", "kafka", "protocol", "sim", "check", "view", "exercise", "notebook"]) {
      const found = complaints(house({ [`lib/${folder}/a.ts`]: `\n\n${text}` })).purity;
      expect(found).toEqual([expect.stringMatching(`^lib/${folder}/a.ts:3 .*${name}`)]);
    }
    for (const path of ["lib/server/a.ts", "lib/cli/a.ts", "lib/exercise/store-file.ts", "lib/notebook/kernel.ts"]) {
      expect(complaints(house({ [path]: text })).purity).toEqual([]);
    }
  });

  it.each([
    "import { process } from './process.js'; process(1)",
    "const fetch = (offset: number) => offset; fetch(1)",
    "message.fetch.process",
    "({ fetch: 1, process: 2 })",
    "interface Broker { fetch: number; process(): void }",
    "Math.max(1, 2)",
    "// Date.now() and console.log",
    '"Date.now()"',
  ])("nothing in %s", (text) => {
    expect(complaints(house({ "lib/core/a.ts": text, "lib/core/process.ts": "" })).purity).toEqual([]);
  });

  it("a file that nothing uses", () => {
    const files = {
      "lib/index.ts": 'export * from "./core/used.js"',
      "lib/core/used.ts": 'new Worker(new URL("./worker.js", import.meta.url))',
      "lib/core/worker.ts": 'import "./used-by-worker.js"',
      "lib/core/used-by-worker.ts": "",
      "lib/core/dead.ts": 'import "./used.js"',
      "test/core/dead.test.ts": 'import "../../lib/core/dead.js"',
    };
    expect(complaints(house(files)).dead).toEqual([
      expect.stringContaining("lib/core/dead.ts is reached from no entry point"),
    ]);
  });

  it("a file that is too long", () => {
    const lines = (count: number) => "let x;\n".repeat(count);
    const files = {
      "lib/core/long.ts": lines(LINES_MAX + 1),
      "test/core/edge.test.ts": lines(LINES_MAX),
      "a.md": lines(9999),
    };
    expect(complaints(house(files)).length).toEqual([
      expect.stringContaining(`lib/core/long.ts has ${LINES_MAX + 1} lines`),
    ]);
  });

  it("a local path, in any kind of file and any case", () => {
    const path = ["", "Work", "main"].join("/");
    expect(complaints(house({ "README.md": `one\ncd ${path}` })).words).toEqual([
      expect.stringContaining("README.md:2 says"),
    ]);
    expect(complaints(house({ "README.md": `import "..${path}/x.js"` })).words).toEqual([]);
    expect(complaints(house({ "README.md": "a worker in a framework, workspaces" })).words).toEqual([]);
  });
});
