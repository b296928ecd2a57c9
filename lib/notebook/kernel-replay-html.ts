import { readFileSync } from "node:fs";
import { escapeHtml, inScript, jsonForScript } from "./html.js";

/**
 * A `<highwater-replay>` with all that it needs, for the HTML output of any notebook. Where scripts do not run, `text` is
 * what a reader sees.
 *
 * @param replay what the element plays, as data
 */
export function replayElementHtml(replay: object, text: string): string {
  const data = `<script type="application/json">${jsonForScript(replay)}</script>`;
  // The data comes before the script: once it runs, the element finds everything inside itself.
  return `<highwater-replay>${data}<pre>${escapeHtml(text)}</pre></highwater-replay>
<script type="module">${inScript(readFileSync(builtElement, "utf8"))}</script>
`;
}

const builtElement = new URL("../web/highwater-replay.js", import.meta.url);
