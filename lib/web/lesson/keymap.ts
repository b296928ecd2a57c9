import { type Command, commands } from "./commands.js";
import type { NotebookContext } from "./notebook-context.js";

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
/** The second letter of `d d` has to come within this time. */
const chordMs = 800;

/** "Mod-Shift-p" for an event, with Mod for the key that shortcuts use on this system. */
export function keyName(event: KeyboardEvent): string {
  const isMod = isMac ? event.metaKey : event.ctrlKey;
  const isLetter = event.key.length === 1;
  const parts = [
    isMod ? "Mod" : "",
    !isMac || !event.ctrlKey ? "" : "Ctrl",
    event.altKey ? "Alt" : "",
    event.shiftKey && (!isLetter || isMod || /[a-z]/i.test(event.key)) ? "Shift" : "",
    isLetter ? event.key.toLowerCase() : event.key,
  ];
  return parts
    .filter((part) => part !== "")
    .join("-")
    .replace("Shift-_", "Shift--");
}

/** How a key is written for people: "Ctrl + Shift + P", "d d". */
export function describeKey(keys: string): string {
  const words: Readonly<Record<string, string>> = {
    Mod: isMac ? "⌘" : "Ctrl",
    ArrowUp: "↑",
    ArrowDown: "↓",
    Escape: "Esc",
  };
  if (/^\S \S$/.test(keys)) return keys;
  const parts = keys.endsWith("--") ? [...keys.slice(0, -2).split("-"), "−"] : keys.split("-");
  return parts
    .map((part) => words[part] ?? (part.length === 1 && parts.length > 1 ? part.toUpperCase() : part))
    .join(" + ");
}

/**
 * Acts on keys while a cell has the focus. Letters are shortcuts only in command mode; in the text they are text.
 *
 * @returns a handler for keydown on the notebook
 */
export function createKeyHandler(context: NotebookContext): (event: KeyboardEvent) => void {
  let chordStart: { readonly key: string; readonly atMs: number } | undefined;
  return (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const mode = modeOf(context, event);
    if (mode === undefined) return;
    const key = keyName(event);
    const chord = chordStart && performance.now() - chordStart.atMs < chordMs ? `${chordStart.key} ${key}` : "";
    chordStart = undefined;
    const found = find(mode, chord) ?? find(mode, key);
    if (found !== undefined) {
      event.preventDefault();
      found.run(context);
      return;
    }
    if (
      commands.some((command) => command.mode !== "edit" && command.keys.some((keys) => keys.startsWith(`${key} `)))
    ) {
      chordStart = { key, atMs: performance.now() };
    }
  };
}

function find(mode: "command" | "edit", key: string): Command | undefined {
  if (key === "") return undefined;
  return commands.find((command) => (command.mode === mode || command.mode === "both") && fits(command, mode, key));
}

/** A command of both modes keeps its single letters for command mode. */
function fits(command: Command, mode: "command" | "edit", key: string): boolean {
  return command.keys.includes(key) && (mode === "command" || key.length > 1);
}

/** Inputs, menus and frames keep their keys; so do the buttons within a cell for Enter and Space. */
function modeOf(context: NotebookContext, event: KeyboardEvent): "command" | "edit" | undefined {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return undefined;
  if (target.closest(".cm-content")) return "edit";
  if (target.closest("input, textarea, select, dialog, highwater-replay, [contenteditable], .menu-panel, .find-bar"))
    return undefined;
  const isControl = target.closest("button, a, summary, iframe, [role=region]") !== null;
  if (isControl && (event.key === "Enter" || event.key === " " || event.key.startsWith("Arrow"))) return undefined;
  return context.selection.mode.value === "none" ? undefined : "command";
}
