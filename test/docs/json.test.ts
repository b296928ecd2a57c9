import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freshCourse, root, typeLine } from "./fresh-course.js";

const page = readFileSync(join(root, "docs/json.md"), "utf8");
const sections = page
  .split(/^## /m)
  .slice(1)
  .map((text) => ({
    format: /^\S+/.exec(text)?.[0] ?? "",
    line: /^npx highwater .*$/m.exec(text)?.[0] ?? "",
    fields: [...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, field]) => field),
  }));

describe("docs/json.md", () => {
  let folder = "";
  beforeAll(() => {
    folder = freshCourse();
    // A hint is for an answer that was tried.
    typeLine(folder, "npx highwater check 01");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(sections)("names every field of $format, and no other", ({ format, line, fields }) => {
    const { status, stdout, stderr } = typeLine(folder, line);
    expect({ status, stderr: status === 2 ? stderr : "" }).toEqual({
      status: Number(/# exit (\d)/.exec(line)?.[1] ?? 0),
      stderr: "",
    });
    const document: unknown = JSON.parse(stdout);
    expect(document).toMatchObject({ format, version: 1 });
    expect(Object.keys(Object(document)).sort()).toEqual(["format", "version", ...fields].sort());
  });
});
