import { answerGroups, groupsFor } from "../exercise/configure/answer.js";
import { defaultOf } from "../exercise/configure/build.js";
import type { ChoiceFields, ConfigureExercise, Exercise } from "../exercise/exercise-format.js";
import { type ConfigDefinition, findConfig } from "../kafka/config.js";
import { type Rules, rulesFor } from "../kafka/versions.js";
import type { AnswerField, AnswerInput, AnswerSection } from "./services.js";

/** The inputs of an exercise's answer: each is a place in the YAML text. */
export function answerForm(exercise: Exercise): readonly AnswerSection[] {
  switch (exercise.kind) {
    case "configure":
      return configureForm(exercise);
    case "predict":
      return [
        ...exercise.requirements.map(({ sentence, fields }) => ({
          title: sentence,
          fields: Object.entries(fields).map(
            ([id, { ask }]): AnswerField => ({ path: ["prediction", id], label: ask, input: { type: "text" } }),
          ),
        })),
        confidenceSection,
      ];
    case "choose":
      return choiceForm("choice", exercise.requirements);
    case "diagnose":
      return choiceForm("diagnosis", exercise.requirements);
    case "break":
      return [
        {
          title: "Faults",
          fields: [{ path: ["scenario"], label: "What goes wrong, and when", input: { type: "scenario" } }],
        },
      ];
    case "operate": {
      const options = Object.entries(exercise.actions).map(([value, { text }]) => ({ value, label: text }));
      return [
        {
          title: "Runbook",
          fields: [{ path: ["steps"], label: "Steps, in order", input: { type: "order", options } }],
        },
      ];
    }
  }
}

const confidenceSection: AnswerSection = {
  title: "Confidence",
  fields: [
    {
      path: ["confidence"],
      label: "How sure you are of all of it",
      input: { type: "integer", minimum: 0, maximum: 100, unit: "%" },
      help: "May be left out; it gives and costs no points. One for each field goes into the YAML text.",
    },
  ],
};

function choiceForm(
  group: string,
  requirements: readonly { readonly sentence: string; readonly fields: ChoiceFields }[],
): readonly AnswerSection[] {
  return requirements.map(({ sentence, fields }) => ({
    title: sentence,
    fields: Object.entries(fields).map(([id, { ask, options }]) => ({
      path: [group, id],
      label: ask,
      input: {
        type: "one-of",
        options: Object.entries(options).map(([value, { text }]) => ({ value, label: text })),
      },
    })),
  }));
}

function configureForm({ asks, kafka, rule }: ConfigureExercise): readonly AnswerSection[] {
  const rules = rulesFor(kafka);
  const ruleSections: AnswerSection[] =
    rule === undefined
      ? []
      : [
          {
            title: "Rule",
            fields: [
              {
                path: ["rule"],
                label: rule.ask,
                input: {
                  type: "one-of",
                  options: Object.entries(rule.options).map(([value, { text }]) => ({ value, label: text })),
                },
              },
            ],
          },
        ];
  const groupSections = answerGroups.flatMap((group): AnswerSection[] => {
    const fields = asks[group].flatMap((key): AnswerField[] => {
      const definition = groupsFor(group)
        .map((candidate) => findConfig(candidate, key))
        .find((found) => found !== undefined);
      return definition === undefined ? [] : [fieldOf(group, definition, rules)];
    });
    return fields.length === 0 ? [] : [{ title: `${group[0]?.toUpperCase()}${group.slice(1)}`, fields }];
  });
  return [...ruleSections, ...groupSections];
}

function fieldOf(group: (typeof answerGroups)[number], definition: ConfigDefinition, rules: Rules): AnswerField {
  const { name } = definition;
  const byDefault = defaultOf(groupsFor(group), name, rules);
  return {
    path: [group, name],
    label: name,
    input: inputOf(definition),
    help: definition.decides,
    ...(byDefault === null ? {} : { defaultText: byDefault }),
  };
}

function inputOf({ type, validator, unit }: ConfigDefinition): AnswerInput {
  if (type === "boolean") return { type: "boolean" };
  if (validator?.kind === "one-of")
    // -1 says all in an older word; YAML reads 1 as a number.
    return {
      type: "one-of",
      options: validator.values
        .filter((value) => value !== "-1")
        .map((label) => ({ value: /^\d+$/.test(label) ? Number(label) : label, label })),
    };
  if (type === "int" || type === "long")
    return {
      type: "integer",
      ...(validator?.kind === "range" || validator?.kind === "topic-size" ? { minimum: validator.min } : {}),
      ...(unit === undefined ? {} : { unit }),
    };
  return { type: "text" };
}
