import type { AdminCommand } from "./command.js";
import { failed, type ToolOutput } from "./output.js";

/** What a command line turned out to be. */
export type ParsedCommand =
  | { readonly kind: "command"; readonly command: AdminCommand }
  /** The real tool refuses it, and prints this; `hint` is ours. */
  | { readonly kind: "refused"; readonly output: ToolOutput; readonly hint: string | null }
  /** A real tool may take it, this library does not. */
  | { readonly kind: "unsupported"; readonly message: string };

export function command(command: AdminCommand): ParsedCommand {
  return { kind: "command", command };
}

export function refused(lines: readonly string[], hint: string | null = null): ParsedCommand {
  return { kind: "refused", output: failed(...lines), hint };
}

export function unsupported(message: string): ParsedCommand {
  return { kind: "unsupported", message };
}
