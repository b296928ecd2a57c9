import type { Rule } from "./rule.js";

export const clientRules = {} as const satisfies Record<string, Rule>;
