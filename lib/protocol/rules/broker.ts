import type { Rule } from "./rule.js";

export const brokerRules = {} as const satisfies Record<string, Rule>;
