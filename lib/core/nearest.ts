/**
 * The known word that `word` was probably meant to be, or null when none is near: for "did you mean".
 *
 * Near is one edit for words of up to four letters, two up to nine, three beyond, and always fewer edits than letters.
 * Swapping neighbours counts as one edit, and so does leaving the rest of a word away after three letters; letter case
 * and the separators `. _ -` are not counted. Ties go to the word that stands first in `known`.
 */
export function nearest(word: string, known: Iterable<string>): string | null {
  const wanted = plain(word);
  let best: string | null = null;
  let bestEdits = Math.min(wanted.length - 1, wanted.length <= 4 ? 1 : wanted.length <= 9 ? 2 : 3);
  for (const candidate of known) {
    const other = plain(candidate);
    const begun = wanted.length >= 3 && other.startsWith(wanted);
    if (!begun && Math.abs(other.length - wanted.length) > bestEdits) continue;
    const found = begun ? Math.min(1, other.length - wanted.length) : edits(wanted, other);
    if (found < bestEdits || (found === bestEdits && best === null)) {
      best = candidate;
      bestEdits = found;
    }
  }
  return best;
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[._-]/g, "");
}

/** Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours. */
function edits(a: string, b: string): number {
  let twoBack: number[] = [];
  let back = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = cell(back, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      let fewest = Math.min(replaced, cell(back, column) + 1, cell(current, column - 1) + 1);
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) fewest = Math.min(fewest, cell(twoBack, column - 2) + 1);
      current.push(fewest);
    }
    twoBack = back;
    back = current;
  }
  return cell(back, b.length);
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? 0;
}
