import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { defaultBrokerSettings } from "../../../lib/protocol/broker/process.js";
import { brokerRules } from "../../../lib/protocol/rules/broker.js";
import { clientRules } from "../../../lib/protocol/rules/client.js";
import { controllerRules } from "../../../lib/protocol/rules/controller.js";
import { logRules } from "../../../lib/protocol/rules/log.js";
import { worldRules } from "../../../lib/protocol/rules/world.js";
import { brokerSettingsFrom } from "../../../lib/sim/settings.js";
import { current } from "./broker-under-test.js";

const folder = fileURLToPath(new URL("../../../lib/protocol/broker/", import.meta.url));
const source = readdirSync(folder)
  .map((file) => readFileSync(`${folder}${file}`, "utf8"))
  .join("\n");

describe("the broker's rules", () => {
  test.each(Object.entries(brokerRules))("%s is named by a change, and says what it is and where from", (id, rule) => {
    expect(source).toContain(`"${id}"`);
    expect(rule.sentence).toMatch(/^[A-Z].*\.$/);
    expect(rule.source).not.toBe("");
    expect(rule.versions).not.toBe("");
  });

  test("no id belongs to two tables", () => {
    const ids = [brokerRules, clientRules, controllerRules, logRules, worldRules].flatMap(Object.keys);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

test("the default settings are those of the configuration table", () => {
  expect(defaultBrokerSettings()).toEqual(brokerSettingsFrom({}, current));
});
