/** The words of a command line, or why a shell would not take it as one simple command. */
export type ShellWords =
  | { readonly ok: true; readonly words: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/**
 * Splits a command line as a POSIX shell does: single and double quotes, backslashes, comments. Everything that would
 * make the shell do more than run one command (pipes, variables, redirections, …) is refused.
 */
export function shellWords(line: string): ShellWords {
  const words: string[] = [];
  let word: string | undefined;
  for (let index = 0; index < line.length; index++) {
    const character = line.charAt(index);
    if (character === "'") {
      const end = line.indexOf("'", index + 1);
      if (end < 0) return { ok: false, reason: "a single quote is not closed" };
      word = (word ?? "") + line.slice(index + 1, end);
      index = end;
    } else if (character === '"') {
      const quoted = doubleQuoted(line, index + 1);
      if (quoted === undefined) return { ok: false, reason: "a double quote is not closed" };
      if (quoted.expands) return { ok: false, reason: "variables and command substitution are not run here" };
      word = (word ?? "") + quoted.text;
      index = quoted.end;
    } else if (character === "\\") {
      word = (word ?? "") + line.charAt(index + 1);
      index++;
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === "#" && word === undefined) {
      break;
    } else if ("|&;<>()`$".includes(character)) {
      return {
        ok: false,
        reason: `"${character}" is the shell's; only one command without pipes or variables is run here`,
      };
    } else {
      word = (word ?? "") + character;
    }
  }
  if (word !== undefined) words.push(word);
  return { ok: true, words };
}

function doubleQuoted(
  line: string,
  start: number,
): { readonly text: string; readonly end: number; readonly expands: boolean } | undefined {
  let text = "";
  let expands = false;
  for (let index = start; index < line.length; index++) {
    const character = line.charAt(index);
    if (character === '"') return { text, end: index, expands };
    if (character === "$" || character === "`") expands = true;
    const next = line.charAt(index + 1);
    if (character === "\\" && next !== "" && '"\\$`'.includes(next)) {
      text += next;
      index++;
    } else {
      text += character;
    }
  }
  return undefined;
}
