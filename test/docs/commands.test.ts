import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freshCourse, root, typeLine } from "./fresh-course.js";

const pages = [
  "README.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name !== "json.md")
    .map((name) => `docs/${name}`),
];

/**
 * What a page tells a reader to type, in the order in which it stands there. A fence that begins with `# file: NAME` is a
 * file to write first; a fence of TypeScript is run as a program. `# exit N` behind a command says how it ends; without it, with 0.
 */
type Step =
  | { readonly kind: "file"; readonly name: string; readonly text: string }
  | { readonly kind: "command"; readonly line: string; readonly exitCode: number };

function stepsOf(page: string): readonly Step[] {
  const markdown = readFileSync(join(root, page), "utf8");
  return [...markdown.matchAll(/^```(\w+)\n(.*?)^```/gms)].flatMap(([, language, body = ""]): readonly Step[] => {
    const name = /^# file: (\S+)\n/.exec(body)?.[1];
    if (name !== undefined) return [{ kind: "file", name, text: body }];
    if (language === "ts")
      return [{ kind: "command", line: `node --input-type=module -e ${quoted(body)}`, exitCode: 0 }];
    if (language !== "sh") return [];
    return body
      .split("\n")
      .filter((line) => line.startsWith("npx highwater "))
      .map((line) => ({ kind: "command", line, exitCode: Number(/# .*?\bexit (\d)/.exec(line)?.[1] ?? 0) }));
  });
}

/** A program as one word of a shell, in the JavaScript that is left of it without its types. */
function quoted(program: string): string {
  return `'${transformSync(program, { loader: "ts", format: "esm" }).code.replaceAll("'", `'"'"'`)}'`;
}

describe.each(pages.filter((page) => stepsOf(page).some(({ kind }) => kind === "command")))("%s", (page) => {
  let folder = "";
  beforeAll(() => {
    folder = freshCourse();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(stepsOf(page).map((step) => [step.kind === "file" ? step.name : step.line, step] as const))(
    "%s",
    (_, step) => {
      if (step.kind === "file") {
        const path = join(folder, step.name);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, step.text);
        return;
      }
      const { status, stdout, stderr } = typeLine(folder, step.line);
      expect({ status, stderr }, stdout).toMatchObject({ status: step.exitCode });
    },
  );
});

test.each(pages)("every file that %s links to is there", (page) => {
  const markdown = readFileSync(join(root, page), "utf8");
  const from = new URL(`../../${page}`, import.meta.url);
  const targets = [...markdown.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = ""]) => target);
  const missing = targets.filter((target) => {
    try {
      readFileSync(fileURLToPath(new URL(target, from)));
      return false;
    } catch (error) {
      return !(error instanceof Error && "code" in error && error.code === "EISDIR");
    }
  });
  expect(missing).toEqual([]);
});
