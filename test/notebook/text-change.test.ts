import { ChangeSet, Text } from "@codemirror/state";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  applyTextChange,
  ChangeMismatchError,
  changeBetween,
  type TextChange,
} from "../../lib/notebook/text-change.js";

const text = fc.string({ unit: fc.constantFrom("a", "b", "\n", " ", "é", "😀"), maxLength: 30 });

describe("edits of a text", () => {
  it("applies what the editor's own change sets apply, to the same text", () => {
    fc.assert(
      fc.property(text, text, fc.nat(30), fc.nat(30), (before, insert, a, b) => {
        const [from, to] = [Math.min(a, b, before.length), Math.min(Math.max(a, b), before.length)];
        const changes = ChangeSet.of({ from, to, insert: Text.of(insert.split("\n")) }, before.length);
        const expected = changes.apply(Text.of(before.split("\n"))).toString();
        expect(applyTextChange(before, changes.toJSON() as TextChange)).toBe(expected);
      }),
    );
  });

  it("finds a change between any two texts, one the editor can read", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const change = changeBetween(before, after);
        expect(applyTextChange(before, change)).toBe(after);
        expect(
          ChangeSet.fromJSON(change)
            .apply(Text.of(before.split("\n")))
            .toString(),
        ).toBe(after);
      }),
    );
  });

  it("refuses an edit of another text instead of guessing", () => {
    expect(() => applyTextChange("abc", [2, [0, "x"]])).toThrow(ChangeMismatchError);
    expect(() => applyTextChange("abc", [4])).toThrow(ChangeMismatchError);
    expect(() => applyTextChange("abc", [[5, "x"]])).toThrow(ChangeMismatchError);
  });
});
