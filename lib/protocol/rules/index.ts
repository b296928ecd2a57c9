import { brokerRules } from "./broker.js";
import { clientRules } from "./client.js";
import { controllerRules } from "./controller.js";
import { logRules } from "./log.js";
import type { Rule } from "./rule.js";
import { worldRules } from "./world.js";

export type { Rule } from "./rule.js";

const table = { ...controllerRules, ...brokerRules, ...logRules, ...clientRules, ...worldRules } as const;

export type RuleId = keyof typeof table;

/** Every rule of the model, by id. Traces refer to these ids, "why?" prints their sentences. */
export const rules: Readonly<Record<RuleId, Rule>> = table;
