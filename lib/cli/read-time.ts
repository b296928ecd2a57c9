import { UserError } from "./cli.js";

/** `50`, `50ms`, `12s` or `2m` of an option, in milliseconds. */
export function readTime(text: string, option: string): number {
  const match = /^(\d{1,11})(ms|s|m)?$/.exec(text);
  if (match === null) throw new UserError(`${option} takes a time, such as 50ms, 12s or 2m, not "${text}"`);
  return Number(match[1]) * (match[2] === "s" ? 1000 : match[2] === "m" ? 60_000 : 1);
}
