import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inOrder, listSubmissions, readSubmission } from "../../../lib/exercise/store-classroom/read-submissions.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "class-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const expected = [
  { exercise: "01-one", starter: "topic:\n  a: 1\n" },
  { exercise: "02-two", starter: "choice:\n  b:\n" },
];

function put(path: string, content: string | Uint8Array = "topic:\n  a: 2\n"): string {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
  return full;
}

async function read(learner = "ada") {
  const sources = listSubmissions(folder, join(folder, "out")).filter((source) => source.learner === learner);
  const { answers, notes } = await readSubmission(sources, expected);
  const said = answers.map(({ exercise, content }) => [
    exercise,
    content.kind === "text"
      ? content.text
      : `${content.problem.what}; ${content.problem.why}; ${content.problem.remedy}`,
  ]);
  return { answers: Object.fromEntries(said), notes, handedIn: answers };
}

describe("who handed in", () => {
  it("folders, archives and notebooks, by name; nothing else, and not the results", () => {
    for (const path of ["bob/x", "ada.zip", "cyd.ipynb", "README.md", ".hidden/x", "__MACOSX/x", "out/x"])
      put(path, "");
    expect(listSubmissions(folder, join(folder, "out")).map(({ learner, form }) => [learner, form])).toEqual([
      ["ada", "zip"],
      ["bob", "folder"],
      ["cyd", "notebook"],
    ]);
  });
});

describe("a folder", () => {
  it("answers in files of their own, and attempts in the order of their numbers", async () => {
    put("ada/attempt-10/01-one.yaml", "ten");
    put("ada/attempt-2/01-one.yaml", "two");
    put("ada/01-one/answer.yaml", "last");
    const { handedIn } = await read();
    expect(inOrder(handedIn).map(({ content }) => content.kind === "text" && content.text)).toEqual([
      "two",
      "ten",
      "last",
    ]);
  });

  it("attempts that check noted count by their answers, not by what they claim; the last one is no second attempt", async () => {
    const attempt = { type: "attempt", exercise: "01-one", atMs: 1, result: "pass", points: 99, outOf: 9, hash: "" };
    const lines = ["first", "last"].map((answer) => JSON.stringify({ ...attempt, answer }));
    put("ada/.highwater/attempts.jsonl", `${lines.join("\n")}\n{"torn`);
    put("ada/01-one.yaml", "last");
    const { handedIn, notes } = await read();
    expect(inOrder(handedIn).map(({ content }) => content.kind === "text" && content.text)).toEqual(["first", "last"]);
    expect(notes).toEqual([expect.stringMatching(/1 lines were not whole/)]);
  });

  it("links out of it are not followed, as files, as folders, or as the submission itself", async () => {
    const secret = put("secret/01-one.yaml", "secret");
    mkdirSync(join(folder, "ada"));
    symlinkSync(secret, join(folder, "ada", "01-one.yaml"));
    symlinkSync(join(folder, "secret"), join(folder, "ada", "more"));
    symlinkSync(join(folder, "secret"), join(folder, "eve"));
    expect((await read()).answers).toEqual({ "01-one": expect.stringMatching(/it is a link/) });
    expect(await read("eve")).toMatchObject({ answers: {}, notes: ["eve is a link and was not followed"] });
  });

  it.skipIf(process.platform === "win32")("a pipe does not make it wait", async () => {
    mkdirSync(join(folder, "ada"));
    execFileSync("mkfifo", [join(folder, "ada", "01-one.yaml")]);
    expect((await read()).answers["01-one"]).toMatch(/it is not a file/);
  });

  it("a folder where a file should be is no answer", async () => {
    mkdirSync(join(folder, "ada", "01-one.yaml"), { recursive: true });
    expect((await read()).answers).toEqual({});
  });

  it("a file of 100 MB is not read", async () => {
    truncateSync(put("ada/01-one.yaml"), 100 * 1024 * 1024);
    truncateSync(put("ada/work.ipynb"), 100 * 1024 * 1024);
    const { answers } = await read();
    expect(answers["01-one"]).toMatch(/104857600 bytes/);
    expect(answers["02-two"]).toMatch(/104857600 bytes/);
  });

  it.each([
    ["UTF-16", Buffer.from("\ufefftopic: {}", "utf16le"), /UTF-16/],
    ["Latin-1", Buffer.from("# für\n", "latin1"), /not UTF-8/],
    ["binary", Buffer.from([0, 255, 254, 253]), /not UTF-8/],
  ])("%s is told", async (_name, bytes, what) => {
    put("ada/01-one.yaml", bytes);
    expect((await read()).answers["01-one"]).toMatch(what);
  });

  it("a thousand files, and the answer among them", async () => {
    for (let index = 0; index < 1000; index++) put(`ada/notes/${index}.txt`, "");
    put("ada/zz/01-one.yaml", "found");
    expect((await read()).answers).toEqual({ "01-one": "found" });
  });

  it("more files than anybody has: what comes after them is not read, with a word", async () => {
    for (let index = 0; index < 10_001; index++) put(`ada/notes/${index}`, "");
    put("ada/zz/01-one.yaml");
    expect(await read()).toMatchObject({ answers: {}, notes: [expect.stringMatching(/more than 10000 files/)] });
  });

  it("names with line ends stay on one line", async () => {
    put("ada/a\nb/attempt-1/01-one.yaml", Buffer.from([255]));
    const { handedIn } = await read();
    expect(handedIn[0]?.content).toMatchObject({ problem: { file: "a\\nb/attempt-1/01-one.yaml" } });
  });
});

describe("an archive", () => {
  it("is read like a folder", async () => {
    put("ada.zip", zipSync({ work: { "01-one.yaml": strToU8("one"), "n.ipynb": strToU8("{") } }));
    expect((await read()).answers).toEqual({
      "01-one": expect.stringMatching(/^/),
      "02-two": expect.stringMatching(/not JSON/),
    });
  });

  it("that cannot be read is told for every exercise", async () => {
    put("ada.zip", "no archive");
    const { answers } = await read();
    expect(answers["01-one"]).toMatch(/no zip archive/);
    expect(answers["02-two"]).toMatch(/no zip archive/);
  });

  it("that leads out of its folder writes nothing there, and the rest of it counts", async () => {
    put("ada.zip", zipSync({ "../01-one.yaml": strToU8("evil"), "02-two.yaml": strToU8("good") }));
    const { answers, notes } = await read();
    expect(answers).toEqual({ "02-two": "good" });
    expect(notes).toEqual([expect.stringContaining("leads out of the archive")]);
    expect(listSubmissions(folder, "").map(({ learner }) => learner)).toEqual(["ada"]);
  });

  it("a bomb in it is not unpacked", async () => {
    put("ada.zip", zipSync({ "01-one.yaml": new Uint8Array(20 * 1024 * 1024) }, { level: 9 }));
    expect((await read()).answers["01-one"]).toMatch(/the file has 20971520 bytes/);
  });
});
