/** A stretch of terminal text that looks the same throughout. */
export interface AnsiSpan {
  readonly text: string;
  /** Class names such as `ansi-red ansi-bold`; empty for plain text. */
  readonly className: string;
  /** Exact colours, for terminals with more than sixteen. */
  readonly color?: string;
  readonly background?: string;
}

interface Pen {
  foreground: string | undefined;
  background: string | undefined;
  readonly marks: Set<string>;
}

const colourNames = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
const markNames: Readonly<Record<number, string>> = {
  1: "bold",
  2: "dim",
  3: "italic",
  4: "underline",
  7: "inverse",
  9: "strike",
};
const markEnds: Readonly<Record<number, readonly string[]>> = {
  22: ["bold", "dim"],
  23: ["italic"],
  24: ["underline"],
  27: ["inverse"],
  29: ["strike"],
};

/** Every escape sequence; only those that end in `m` change how text looks, the rest are dropped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what this reads
const escapeSequence = /\u001b(?:\[([0-9;:]*)[ -/]*([@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

/** Splits terminal text into spans by its colour codes. Carriage returns overwrite their line, as on a terminal. */
export function parseAnsi(text: string): readonly AnsiSpan[] {
  const spans: AnsiSpan[] = [];
  const pen: Pen = { foreground: undefined, background: undefined, marks: new Set() };
  let at = 0;
  const source = overwriteLines(text);
  for (const match of source.matchAll(escapeSequence)) {
    push(spans, source.slice(at, match.index), pen);
    if (match[2] === "m") setPen(pen, (match[1] ?? "").split(/[;:]/).map(Number));
    at = match.index + match[0].length;
  }
  push(spans, source.slice(at), pen);
  return spans;
}

/** `10 %\r20 %` shows `20 %`: progress lines rewrite themselves. */
function overwriteLines(text: string): string {
  if (!text.includes("\r")) return text;
  return text.replaceAll("\r\n", "\n").replaceAll(/^[^\n]*\r(?!\n)/gm, "");
}

function push(spans: AnsiSpan[], text: string, pen: Pen): void {
  if (text === "") return;
  const names = [...pen.marks].map((mark) => `ansi-${mark}`);
  const exact: { color?: string; background?: string } = {};
  if (pen.foreground?.startsWith("rgb")) exact.color = pen.foreground;
  else if (pen.foreground !== undefined) names.push(`ansi-${pen.foreground}`);
  if (pen.background?.startsWith("rgb")) exact.background = pen.background;
  else if (pen.background !== undefined) names.push(`ansi-on-${pen.background}`);
  spans.push({ text, className: names.join(" "), ...exact });
}

function setPen(pen: Pen, codes: readonly number[]): void {
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index] ?? 0;
    const mark = markNames[code];
    if (code === 0) {
      pen.foreground = undefined;
      pen.background = undefined;
      pen.marks.clear();
    } else if (mark !== undefined) pen.marks.add(mark);
    else if (markEnds[code] !== undefined) for (const ended of markEnds[code] ?? []) pen.marks.delete(ended);
    else if (code === 38 || code === 48) {
      const [colour, used] = extendedColour(codes.slice(index + 1));
      if (code === 38) pen.foreground = colour;
      else pen.background = colour;
      index += used;
    } else if (code === 39) pen.foreground = undefined;
    else if (code === 49) pen.background = undefined;
    else if (code >= 30 && code <= 37) pen.foreground = colourNames[code - 30];
    else if (code >= 90 && code <= 97) pen.foreground = `bright-${colourNames[code - 90]}`;
    else if (code >= 40 && code <= 47) pen.background = colourNames[code - 40];
    else if (code >= 100 && code <= 107) pen.background = `bright-${colourNames[code - 100]}`;
  }
}

/** `5;n` from the palette of 256, or `2;r;g;b`. @returns the colour and how many codes it took */
function extendedColour(codes: readonly number[]): [string | undefined, number] {
  const byte = (value: number | undefined) => Math.min(255, Math.max(0, value ?? 0));
  if (codes[0] === 2) return [`rgb(${byte(codes[1])} ${byte(codes[2])} ${byte(codes[3])})`, 4];
  if (codes[0] !== 5) return [undefined, 0];
  const index = byte(codes[1]);
  if (index < 8) return [colourNames[index], 2];
  if (index < 16) return [`bright-${colourNames[index - 8]}`, 2];
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return [`rgb(${grey} ${grey} ${grey})`, 2];
  }
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  const [red, green, blue] = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(level);
  return [`rgb(${red} ${green} ${blue})`, 2];
}
