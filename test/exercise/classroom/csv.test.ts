import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CsvPreset, cell, gradesCsv, parseCsv, readRoster } from "../../../lib/exercise/classroom/csv.js";
import { type ExerciseResult, learnerResult } from "../../../lib/exercise/classroom/results.js";

const exercises = [
  { id: "01-one", title: "One, or none", outOf: 7 },
  { id: "02-two", title: "Two", outOf: 5 },
];

function result(exercise: string, points: number, result: ExerciseResult["result"] = "fail"): ExerciseResult {
  return {
    ...{ exercise, result, points, outOf: 7, attempts: 1, passedAt: null, isUntouched: false },
    ...{ key: null, hash: null, misconceptions: [], problems: [], handedIn: "" },
  };
}

const learners = [
  learnerResult("=HYPERLINK(1)", [result("01-one", 7, "pass"), result("02-two", 0, "missing")], []),
  learnerResult("Ada Lovelace_4711_assignsubmission_file", [result("01-one", 2.5), result("02-two", 1)], []),
];

function rowsOf(preset: CsvPreset, roster: Parameters<typeof gradesCsv>[3] = new Map()) {
  return parseCsv(gradesCsv(preset, exercises, learners, roster));
}

describe("grades as CSV", () => {
  // OWASP, "CSV Injection": a cell must not begin with = + - @ tab or a line end, nor with the full-width forms of these.
  it.each(["=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1"])(
    "%j is no formula",
    (text) => {
      expect(parseCsv(`${cell(text)}\n`)).toEqual([[`'${text}`]]);
    },
  );

  it("numbers stay numbers, negative ones too", () => {
    expect(["7", "-1", "2.5"].map(cell)).toEqual(["7", "-1", "2.5"]);
  });

  it("any text comes back, with an apostrophe where it might be a formula", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" }), { minLength: 2 }), (texts) => {
        const [row = []] = parseCsv(`${texts.map(cell).join(",")}\r\n`);
        expect(row.map((text, index) => text === texts[index] || text === `'${texts[index]}`)).not.toContain(false);
      }),
    );
  });

  it("plain: a row a learner, an empty cell where nothing was handed in", () => {
    expect(rowsOf("plain")).toEqual([
      ["learner", "name", "01-one", "02-two", "points", "out of"],
      ["'=HYPERLINK(1)", "'=HYPERLINK(1)", "7", "", "7", "14"],
      ["Ada Lovelace_4711_assignsubmission_file", "Ada Lovelace", "2.5", "1", "3.5", "14"],
    ]);
  });

  // Canvas, lib/gradebook_importer.rb: the first cell has "Student" in it, the second "ID"; then "SIS User ID" and "SIS Login ID";
  // the last column before the assignments is "Section". A row whose first cell has "Points Possible" in it tells the maxima.
  it("canvas: the columns its gradebook import looks for", () => {
    const roster = new Map([["Ada Lovelace", { learner: "Ada Lovelace", id: "99", login: "ada", section: "B" }]]);
    const [head = [], maxima = [], , ada] = rowsOf("canvas", roster);
    expect(head.slice(0, 5)).toEqual(["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]);
    expect(head.slice(5)).toEqual(["01 One, or none", "02 Two"]);
    expect(maxima).toEqual(["Points Possible", "", "", "", "", "7", "5"]);
    expect(ada).toEqual(["Ada Lovelace", "99", "", "ada", "B", "2.5", "1"]);
  });

  // docs.moodle.org, "Grade import": users are mapped by ID number or e-mail address, items by the columns' heads.
  it("moodle: columns that map to users and items", () => {
    const [head, , ada] = rowsOf("moodle");
    expect(head?.slice(0, 3)).toEqual(["ID number", "Full name", "Email address"]);
    expect(ada).toEqual(["4711", "Ada Lovelace", "", "2.5", "1", "3.5"]);
  });
});

describe("a roster", () => {
  it("may have its columns in any order, quoted, with a mark in front", () => {
    const read = readRoster('\uFEFFemail,Learner,name\r\na@x.org,ada,"Lovelace, Ada"\r\n\r\n,bob,\r\n');
    expect(read.ok && [...read.rows.values()]).toEqual([
      { learner: "ada", email: "a@x.org", name: "Lovelace, Ada" },
      { learner: "bob" },
    ]);
  });

  it.each([
    ["name\nada\n", /no column "learner"/],
    ["learner\nada\nada\n", /line 3 names ada a second time/],
  ])("%j is refused", (text, message) => {
    const read = readRoster(text);
    expect(read.ok ? "" : read.message).toMatch(message);
  });
});
