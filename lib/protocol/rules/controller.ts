import type { Rule } from "./rule.js";

export const controllerRules = {} as const satisfies Record<string, Rule>;
