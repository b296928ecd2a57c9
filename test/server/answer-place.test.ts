import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { courseServices } from "../../lib/server/course-services.js";
import { run } from "../cli/cli-under-test.js";
import { exercisesFolder } from "../exercise/course.js";

const id = "03-what-a-timeout-tells";
let course: string;
let answer: string;

beforeEach(() => {
  course = mkdtempSync(join(tmpdir(), "highwater-answer-"));
  mkdirSync(join(course, "notebooks"));
  cpSync(join(exercisesFolder, id), join(course, "exercises", id), { recursive: true });
  answer = join(course, "exercises", id, "answer.yaml");
});
afterEach(() => rmSync(course, { recursive: true, force: true }));

const page = (learnerFolder = join(course, ".highwater")) =>
  courseServices({ exercisesFolder: join(course, "exercises"), learnerFolder });

it("what is written on the page is what the command checks, and the other way round", async () => {
  await page().saveDraft(id, "choice: { record: unknown }\n");
  expect((await run(["check", "03"], { folder: course })).exitCode).toBe(0);
  writeFileSync(answer, "choice: { record: nowhere }\n");
  expect((await page().exercise(id))?.draft).toBe("choice: { record: nowhere }\n");
});

it("of many writes at once the last one stands, whole", async () => {
  const services = page();
  const texts = Array.from({ length: 20 }, (_, number) => `choice: { record: n${number} }\n`);
  await Promise.all(texts.map((text) => services.saveDraft(id, text)));
  expect(readFileSync(answer, "utf8")).toBe(texts.at(-1));
});

it("learners with folders of their own do not share an answer, nor change the course", async () => {
  const before = readFileSync(answer, "utf8");
  const ada = page(join(course, "ada"));
  await ada.saveDraft(id, "choice: { record: unknown }\n");
  expect(readFileSync(answer, "utf8")).toBe(before);
  expect((await ada.exercise(id))?.draft).toBe("choice: { record: unknown }\n");
  expect((await page(join(course, "bob")).exercise(id))?.draft).toBe(before);
});

it("no name that a request says becomes a path", async () => {
  await page().saveDraft("../../evil", "x");
  expect(await page().exercise("../../evil")).toBeUndefined();
});
