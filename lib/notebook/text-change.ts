/**
 * One edit of a text, in the form the editor's own change sets are written as JSON: a list of sections from start to
 * end, each either a number (that many characters stay) or `[removed, ...lines]` (that many characters go and these
 * lines come in their place). The server only has to apply edits; the page rebases them.
 */
export type TextChange = readonly (number | readonly [number, ...string[]])[];

/** The edit does not fit the text: it was made against another version. */
export class ChangeMismatchError extends Error {
  override readonly name = "ChangeMismatchError";
}

/**
 * Applies one edit.
 *
 * @throws ChangeMismatchError when the sections do not cover `text` exactly
 */
export function applyTextChange(text: string, change: TextChange): string {
  const parts: string[] = [];
  let at = 0;
  for (const section of change) {
    if (typeof section === "number") {
      parts.push(text.slice(at, at + section));
      at += section;
    } else {
      const [removed, ...lines] = section;
      parts.push(lines.join("\n"));
      at += removed;
    }
    if (at > text.length) break;
  }
  if (at !== text.length) {
    throw new ChangeMismatchError(`the edit covers ${at} characters, the text has ${text.length}`);
  }
  return parts.join("");
}

/** The smallest single edit that turns one text into another: what differs between the common start and end. */
export function changeBetween(from: string, to: string): TextChange {
  if (from === to) return from.length === 0 ? [] : [from.length];
  let start = 0;
  const shorter = Math.min(from.length, to.length);
  while (start < shorter && from.charCodeAt(start) === to.charCodeAt(start)) start++;
  let end = 0;
  while (end < shorter - start && from.charCodeAt(from.length - 1 - end) === to.charCodeAt(to.length - 1 - end)) end++;
  const removed = from.length - end - start;
  const inserted = to.slice(start, to.length - end);
  const middle: readonly [number, ...string[]] = inserted === "" ? [removed] : [removed, ...inserted.split("\n")];
  const change: (number | readonly [number, ...string[]])[] = [];
  if (start > 0) change.push(start);
  change.push(middle);
  if (end > 0) change.push(end);
  return change;
}
