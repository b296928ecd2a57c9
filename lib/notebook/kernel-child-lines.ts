/**
 * Which line of a cell each line of the JavaScript made from it came from. tslab keeps no source map; it drops blank
 * lines and types, adds `exports.` and turns imports into calls. Lines keep their order and most of their words, so
 * they can be matched: an alignment that keeps order and shares as many words as it can.
 *
 * @returns for each line of `compiled` the line of `source`, counted from 1, or undefined when none is alike
 */
export function sourceLines(source: string, compiled: string): readonly (number | undefined)[] {
  const from = source.split("\n").map(words);
  const to = compiled
    .replace(/\bexports\.(tsLastExpr\d* = )?/g, "")
    .split("\n")
    .map(words);
  const found = new Array<number | undefined>(to.length).fill(undefined);
  if (from.length * to.length > 4_000_000) return found;

  // best[t][f]: the most that the first t compiled and the first f source lines can have in common
  const best: number[][] = [new Array(from.length + 1).fill(0)];
  for (const [t, toWords] of to.entries()) {
    const above = best[t] ?? [];
    const row = [0];
    for (const [f, fromWords] of from.entries()) {
      const paired = (above[f] ?? 0) + alike(toWords, fromWords);
      row.push(Math.max(paired, above[f + 1] ?? 0, row[f] ?? 0));
    }
    best.push(row);
  }
  let f = from.length;
  for (let t = to.length; t > 0; t--) {
    const row = best[t] ?? [];
    while (f > 0 && row[f] === row[f - 1]) f--;
    if (f === 0) break;
    if (row[f] === best[t - 1]?.[f]) continue; // this compiled line has no partner
    found[t - 1] = f;
    f--;
  }
  return found;
}

function words(line: string): ReadonlySet<string> {
  return new Set(line.match(/[A-Za-z_$][\w$]*|\d+|[^\s\w$]/g) ?? []);
}

/** Words of the compiled line that the source line has too, weighted so that whole lines beat crumbs. */
function alike(compiled: ReadonlySet<string>, source: ReadonlySet<string>): number {
  if (compiled.size === 0) return 0;
  let shared = 0;
  for (const word of compiled) if (source.has(word)) shared++;
  const share = shared / compiled.size;
  return share < 0.4 ? 0 : shared * share;
}
