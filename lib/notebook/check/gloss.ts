/**
 * Common messages of the TypeScript checker in plain words: what it means and what usually helps. The numbers are
 * TypeScript's own (`typescript/lib/diagnosticMessages.generated.json` has them all).
 *
 * @param message TypeScript's text; names in it stand between single quotes
 * @param declaredLater whether the first name in `message` is declared by a cell further down
 * @returns undefined for messages that have no gloss
 */
export function gloss(code: number, message: string, declaredLater: boolean): string | undefined {
  const names = [...message.matchAll(/'([^']*)'/g)].map((match) => match[1] ?? "");
  const numbers = [...message.matchAll(/\d+(?:-\d+)?/g)].map((match) => match[0]);
  return glosses[code]?.({ names, numbers, declaredLater, message });
}

interface Words {
  readonly names: readonly string[];
  readonly numbers: readonly string[];
  readonly declaredLater: boolean;
  readonly message: string;
}

const unknownName = ({ names: [name, meant], declaredLater }: Words): string => {
  if (declaredLater)
    return `\`${name}\` is declared in a cell further down. Cells read from top to bottom: move it up.`;
  if (meant !== undefined) return `There is no \`${name}\` here. Did you mean \`${meant}\`?`;
  return `There is no \`${name}\` here: check the spelling, import it, or declare it in a cell above.`;
};
const wrongKind = ({ names: [given, wanted] }: Words): string =>
  `Here belongs \`${wanted}\`, and this is \`${given}\`. Change the value, or the type it is declared with.`;
const unknownMember = ({ names: [member, type, meant] }: Words): string =>
  meant === undefined
    ? `\`${type}\` has nothing called \`${member}\`: check the spelling, or look at what it has by typing a dot.`
    : `\`${type}\` has nothing called \`${member}\`. Did you mean \`${meant}\`?`;
const maybeMissing = ({ names: [name] }: Words): string =>
  `${name === undefined ? "This" : `\`${name}\``} may be missing (null or undefined) here. Check it first: \`if (x !== undefined)\`, or use \`x?.y\` or \`x ?? instead\`.`;
const untyped = ({ names: [name] }: Words): string =>
  `TypeScript cannot tell what \`${name}\` is. Say it: \`${name}: number\`, for example.`;
const notANumber = (): string => "Arithmetic needs numbers on both sides; one of these is something else.";

const glosses: Readonly<Record<number, (words: Words) => string>> = {
  1002: () => "A text in quotes must end on the line it began. Use `backquotes` for text over several lines.",
  1003: () => "A name belongs here.",
  1005: ({ names: [expected] }) => `A \`${expected}\` is missing here, or something before it is not finished.`,
  1109: () => "A value belongs here: something is missing before this place.",
  1128: () => "This does not begin a statement. Is there a bracket too many above?",
  1160: () => "A text in `backquotes` is not closed.",
  1308: () => "`await` works at the top of a cell and in functions marked `async`; this function is not.",
  2304: unknownName,
  2305: ({ names: [module, name] }) => `${module} has nothing called \`${name}\` to import: check the spelling.`,
  2307: ({ names: [module] }) =>
    `There is no module called \`${module}\` here. Lessons import from "highwater" and from Node ("node:fs").`,
  2322: wrongKind,
  2339: unknownMember,
  2345: wrongKind,
  2349: () => "This is not a function, so it cannot be called. Is there a `()` too many?",
  2351: () => "This is not a class, so `new` cannot make one.",
  2353: ({ names: [key, type] }) => `\`${type}\` knows no \`${key}\`: check the spelling, or leave it out.`,
  2355: () => "The function says that it returns a value, but no `return` does so.",
  2361: notANumber,
  2362: notANumber,
  2363: notANumber,
  2365: ({ names: [operator, left, right] }) => `\`${operator}\` does not work between \`${left}\` and \`${right}\`.`,
  2366: () => "Not every way through the function ends in a `return`.",
  2367: ({ names: [left, right] }) => `This is never true: \`${left}\` and \`${right}\` have no value in common.`,
  2448: ({ names: [name] }) => `\`${name}\` is used above the line that declares it.`,
  2451: ({ names: [name] }) => `\`${name}\` is declared twice in this cell. (Another cell may declare it again.)`,
  // These name no variable, only null or undefined.
  2531: (words) => maybeMissing({ ...words, names: [] }),
  2532: (words) => maybeMissing({ ...words, names: [] }),
  2533: (words) => maybeMissing({ ...words, names: [] }),
  2540: ({ names: [name] }) => `\`${name}\` can be read, not changed.`,
  2551: unknownMember,
  2552: unknownName,
  2554: ({ numbers: [wanted, given] }) => `This takes ${wanted} argument(s) and was given ${given}.`,
  2555: ({ numbers: [wanted, given] }) => `This takes at least ${wanted} argument(s) and was given ${given}.`,
  2561: ({ names: [key, type, meant] }) => `\`${type}\` knows no \`${key}\`. Did you mean \`${meant}\`?`,
  2588: ({ names: [name] }) =>
    `\`${name}\` was declared with \`const\` and keeps its value. Declare it with \`let\` to change it.`,
  2693: ({ names: [name] }) => `\`${name}\` is a type: it exists for the checker only and is no value.`,
  2724: ({ names: [module, name, meant] }) => `${module} has no \`${name}\`. Did you mean \`${meant}\`?`,
  2739: ({ message }) => `Something is left out: ${message.split(": ").at(-1)}.`,
  2740: ({ message }) => `Something is left out: ${message.split(": ").at(-1)}`,
  2741: ({ names: [key] }) => `\`${key}\` is left out, and it is needed here.`,
  2769: () => "This can be called in several ways, and the arguments fit none of them. The last lines say why not.",
  2792: ({ names: [module] }) => `There is no module called \`${module}\` here.`,
  7005: untyped,
  7006: untyped,
  7031: untyped,
  7034: untyped,
  7053: () => "There is no saying what lies under this key. Use a `Map`, or a type that lists the keys.",
  18046: ({ names: [name] }) =>
    `What \`${name}\` is has to be checked before it is used: \`if (typeof x === "string")\`.`,
  18047: maybeMissing,
  18048: maybeMissing,
  18049: maybeMissing,
};
