import { type ConfigGroup, defaultText, findConfig } from "../kafka/config.js";
import type { Rules } from "../kafka/versions.js";
import type { SettingOwner } from "./because.js";
import { type Scenario, type Statement, statementsOf } from "./scenario/ast.js";

/** Where the value of a key was written: the line of the scenario's head nearest to what it is about, or Kafka's default. */
export type SettingOrigin =
  | { readonly type: "line"; readonly line: number; readonly value: string }
  | { readonly type: "default"; readonly value: string };

/** @returns null for a key that has no value at all */
export function settingOrigin(scenario: Scenario, rules: Rules, key: string, of: SettingOwner): SettingOrigin | null {
  const isAbout: readonly ((statement: Statement) => boolean)[] = [
    (statement) => (statement.type === "producer" || statement.type === "consumer") && statement.name === of.client,
    (statement) => statement.type === "topic" && statement.name === of.topic,
    (statement) => statement.type === "cluster",
  ];
  for (const about of isAbout)
    for (const { line, statement } of statementsOf(scenario)) {
      if (!about(statement) || !("settings" in statement)) continue;
      const setting = statement.settings.find((candidate) => candidate.key === key);
      if (setting !== undefined) return { type: "line", line, value: setting.value };
    }
  const groups: readonly ConfigGroup[] =
    of.client === null ? ["topic", "broker", "controller"] : ["producer", "consumer"];
  for (const group of [...groups, "feature" as const]) {
    const definition = findConfig(group, key);
    const value = definition === undefined ? null : defaultText(definition, rules);
    if (value !== null) return { type: "default", value };
  }
  return null;
}
