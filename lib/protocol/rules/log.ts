import type { Rule } from "./rule.js";

export const logRules = {} as const satisfies Record<string, Rule>;
