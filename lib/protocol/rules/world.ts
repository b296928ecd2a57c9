import type { Rule } from "./rule.js";

export const worldRules = {} as const satisfies Record<string, Rule>;
