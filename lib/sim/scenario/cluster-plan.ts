import { resolveServerSettings } from "../../kafka/config.js";
import {
  defaultKafkaVersion,
  eligibleLeaderReplicasSupport,
  isKafkaVersion,
  isVariantId,
  kafkaVersions,
  type Rules,
  rulesFor,
  variantIds,
} from "../../kafka/versions.js";
import type { Setting } from "./ast.js";
import { hintFor } from "./diagnostic.js";
import { checkSetting, recordOf, refused, SettingFailure } from "./settings.js";

/** What a `cluster` line means, defaults filled in. */
export interface ClusterPlan {
  /** Brokers are 1 to this number. */
  readonly brokers: number;
  readonly rules: Rules;
  /** Null: every link is as fast as the next. */
  readonly seed: number | null;
  /** One way. */
  readonly delayMs: number;
  /** Of broker 1, 2, …; empty without racks. */
  readonly racks: readonly string[];
  /** `server.properties` of brokers and controller. */
  readonly staticConfigs: Readonly<Record<string, string>>;
}

/** The words of a `cluster` line that are ours and not Kafka's. */
export const clusterKeys = ["brokers", "kafka", "elr", "variant", "seed", "delay", "racks"] as const;

const brokersMax = 99;

/** @throws SettingFailure for the first setting that cannot be */
export function planCluster(settings: readonly Setting[]): ClusterPlan {
  const own = new Map(settings.filter(({ key }) => isOwn(key)).map(({ key, value }) => [key, value]));
  const given = settings.filter(({ key }) => !isOwn(key));
  const brokers = countOf("brokers", own.get("brokers") ?? "3", 1, brokersMax);
  const rules = planRules(own);
  for (const { key, value } of given) checkSetting(["broker", "controller"], key, value, rules, clusterKeys);
  const staticConfigs = recordOf(given);
  const resolved = resolveServerSettings(staticConfigs, rules);
  if (!resolved.ok) throw refused(resolved);
  const seed = own.get("seed");
  return {
    brokers,
    rules,
    seed: seed === undefined ? null : countOf("seed", seed, 0, 0xffff_ffff),
    delayMs: delayOf(own.get("delay") ?? "1ms"),
    racks: racksOf(own.get("racks"), brokers),
    staticConfigs,
  };
}

function isOwn(key: string): boolean {
  return clusterKeys.some((own) => own === key);
}

function planRules(own: ReadonlyMap<string, string>): Rules {
  const version = own.get("kafka") ?? defaultKafkaVersion;
  if (!isKafkaVersion(version))
    throw new SettingFailure(
      "kafka",
      `Kafka ${version} is not modelled`,
      `known versions: ${kafkaVersions.join(", ")}`,
    );
  const elr = own.get("elr");
  if (elr !== undefined && elr !== "on" && elr !== "off")
    throw new SettingFailure("elr", `expected elr=on or elr=off, found "${elr}"`);
  if (elr === "on" && eligibleLeaderReplicasSupport(version) === "none")
    throw new SettingFailure("elr", `Kafka ${version} has no eligible leader replicas`, "they came with 4.0");
  const variant = own.get("variant");
  if (variant !== undefined && !isVariantId(variant))
    throw new SettingFailure("variant", `there is no variant "${variant}"`, variantHint(variant));
  return rulesFor(version, elr === undefined ? {} : { eligibleLeaderReplicas: elr === "on" }, variant);
}

function variantHint(variant: string): string {
  return hintFor(variant, variantIds) ?? `known: ${variantIds.join(", ")}`;
}

function racksOf(text: string | undefined, brokers: number): readonly string[] {
  if (text === undefined) return [];
  const racks = text.split(",");
  if (racks.length !== brokers || racks.includes(""))
    throw new SettingFailure("racks", `expected ${brokers} racks, one for each broker, found "${text}"`);
  return racks;
}

function delayOf(text: string): number {
  const match = /^(\d{1,7})(ms|s)?$/.exec(text);
  if (match === null) throw new SettingFailure("delay", `expected a delay, such as 1ms, found "${text}"`);
  return Number(match[1]) * (match[2] === "s" ? 1000 : 1);
}

/** @throws SettingFailure unless `text` is a whole number between `least` and `most` */
export function countOf(key: string, text: string, least: number, most: number): number {
  const count = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (count >= least && count <= most) return count;
  throw new SettingFailure(key, `expected ${key} to be a whole number from ${least} to ${most}, found "${text}"`);
}
