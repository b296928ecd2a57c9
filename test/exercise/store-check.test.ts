import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { check, ExerciseError } from "../../lib/exercise/store-check.js";
import { run } from "../cli/cli-under-test.js";

const folder = new URL("../../exercises/02-after-the-crash/", import.meta.url);
const solution = z.record(z.string(), z.unknown()).parse(parse(readFileSync(new URL("solution.yaml", folder), "utf8")));

describe("check in a notebook", () => {
  test("gives the verdict that the command gives, to the hash", async () => {
    const { out } = await run(["check", "02", "--answer", "exercises/02-after-the-crash/solution.yaml", "--json"]);
    expect(JSON.parse(JSON.stringify(check("02", solution)))).toEqual(JSON.parse(out));
  });

  test("shows itself as the verdict's text", () => {
    const verdict = check("after-the-crash", { prediction: { leader: 1 } });
    expect(verdict.result).toBe("fail");
    expect(inspect(verdict)).toContain("✗ leader: 1, but it is 2");
    expect(String(verdict)).toBe(inspect(verdict));
  });

  test("an answer that makes no sense is ungradable, and an object used twice is no anchor", () => {
    const twice = { "replication.factor": 3 };
    const { result, problems } = check("01", { topic: twice, producer: twice });
    expect(result).toBe("ungradable");
    expect(problems[0]?.what).not.toMatch(/anchor|alias/);
  });

  test("an exercise that is not there is told with the nearest", () => {
    expect(() => check("after-the-crush", {})).toThrow(ExerciseError);
    expect(() => check("02-after-the-crush", {})).toThrow(/did you mean "02-after-the-crash"/);
  });
});
