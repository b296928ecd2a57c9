/** Longer than this it is no part of a sentence any more. */
const lengthMax = 60;

/** What the second text has that the first has not, short enough for a sentence: `min.insync.replicas=1`, `crash 2`. */
export function whatChanged(before: string, after: string): string {
  const known = new Set(linesOf(before));
  const fresh = linesOf(after).filter((line) => !known.has(line) && !line.startsWith("end "));
  const words = new Set(linesOf(before).flatMap((line) => line.split(" ")));
  const settings = fresh.filter((line) => !line.startsWith("at ")).flatMap((line) => line.split(" "));
  const changed = settings.filter((word) => word.includes("=") && !words.has(word));
  const steps = fresh.filter((line) => line.startsWith("at ")).map((line) => line.replace(/^at \S+ /, ""));
  const found = [...changed, ...steps].join(", ");
  return found === "" || found.length > lengthMax ? "the change" : found;
}

function linesOf(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim().replaceAll(/\s+/g, " "))
    .filter((line) => line !== "");
}
