import { z } from "zod";
import { type ConfigDefinition, keysOf } from "../kafka/config.js";
import { defaultKafkaVersion } from "../kafka/versions.js";
import { answerGroups, groupsFor } from "./configure/answer.js";
import { exerciseSchema } from "./exercise-format.js";

/** The JSON Schemas of the files that people write, for completion in editors; `lib/schema/` holds them as text. */
export function jsonSchemas(): Readonly<Record<"exercise" | "answer", string>> {
  const exercise = z.toJSONSchema(exerciseSchema, { io: "input" });
  return {
    exercise: text({ ...exercise, title: "An exercise of Highwater, version 1" }),
    answer: text({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      title: "An answer to an exercise of Highwater, version 1",
      type: "object",
      properties: {
        version: { const: 1 },
        ...Object.fromEntries(answerGroups.map((group) => [group, groupSchema(group)])),
        prediction: { type: "object", description: "predict: field by field" },
        confidence: {
          description: "how sure you are, in percent: one number, or one for each field",
          anyOf: [{ type: "integer" }, { type: "object", additionalProperties: { type: "integer" } }],
        },
        rule: { type: "string", description: "configure: the rule of the model that you choose" },
        choice: { type: "object", description: "choose: field by field" },
        diagnosis: { type: "object", description: "diagnose: field by field" },
        scenario: { type: "string", description: "break: faults, a line each" },
        steps: { type: "array", items: { type: "string" }, description: "operate: the runbook" },
      },
      additionalProperties: false,
    }),
  };
}

function groupSchema(group: (typeof answerGroups)[number]): object {
  const definitions = groupsFor(group).flatMap((candidate) => keysOf(candidate, defaultKafkaVersion));
  return {
    type: "object",
    properties: Object.fromEntries(definitions.map((definition) => [definition.name, keySchema(definition)])),
    additionalProperties: false,
  };
}

function keySchema({ type, validator, decides }: ConfigDefinition): object {
  const description = decides;
  if (type === "boolean") return { type: "boolean", description };
  if (validator?.kind === "one-of")
    return {
      enum: validator.values.flatMap((value) => (/^-?\d+$/.test(value) ? [Number(value), value] : [value])),
      description,
    };
  if (type === "int" || type === "long") return { type: "integer", description };
  return { type: "string", description };
}

function text(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}
