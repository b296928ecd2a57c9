import {
  type ConsumerSettings,
  type ProducerSettings,
  resolveConsumerSettings,
  resolveProducerSettings,
} from "../../kafka/config.js";
import type { Rules } from "../../kafka/versions.js";
import type { NodeName } from "../../protocol/ids.js";
import type { Setting } from "./ast.js";
import { hintFor } from "./diagnostic.js";
import { checkSetting, recordOf, refused, SettingFailure } from "./settings.js";

export interface ProducerPlan {
  readonly name: NodeName;
  readonly settings: ProducerSettings;
}

export interface ConsumerPlan {
  readonly name: NodeName;
  readonly topic: string;
  readonly settings: ConsumerSettings;
}

/** @throws SettingFailure for the first setting that cannot be */
export function planProducer(name: NodeName, settings: readonly Setting[], rules: Rules): ProducerPlan {
  for (const { key, value } of settings) checkSetting(["producer"], key, value, rules);
  const resolved = resolveProducerSettings(recordOf(settings), rules);
  if (!resolved.ok) throw refused(resolved);
  return { name, settings: resolved.settings };
}

/** @throws SettingFailure for the first setting that cannot be */
export function planConsumer(
  name: NodeName,
  settings: readonly Setting[],
  rules: Rules,
  topics: readonly string[],
): ConsumerPlan {
  const named = settings.find(({ key }) => key === "topic")?.value;
  const topic = named ?? (topics.length === 1 ? topics[0] : undefined);
  if (topic === undefined)
    throw new SettingFailure("topic", "expected the topic it reads, such as topic=orders", hintFor("", topics));
  if (!topics.includes(topic))
    throw new SettingFailure("topic", `there is no topic "${topic}" above this line`, hintFor(topic, topics));
  const given = settings.filter(({ key }) => key !== "topic");
  for (const { key, value } of given) checkSetting(["consumer"], key, value, rules, ["topic"]);
  const resolved = resolveConsumerSettings(recordOf(given), rules);
  if (!resolved.ok) throw refused(resolved);
  return { name, topic, settings: resolved.settings };
}
