import type { ConfigGroup } from "../../../kafka/config.js";
import type { TopicPartition } from "../../../protocol/ids.js";
import { recordBytes } from "../../../protocol/log/record.js";
import type { ConfigScope } from "../../../protocol/metadata/record.js";
import { ParseFailure } from "../diagnostic.js";
import type { LineReader } from "../line-reader.js";
import { brokersOf, type Names, newTopicName, readBroker, readPartition, readTopic } from "../names.js";
import { checkSetting, located, readSettings, type SettingWord } from "../settings.js";
import { planTopic } from "../topic-plan.js";
import type { VerbTable } from "./verb.js";

/** What an operator does. The same things can be said as real command lines, after a `$`. */
export const operatorVerbs: VerbTable = {
  create: {
    examples: ["create topic payments partitions=2 replication.factor=3", "create topic audit replicas=1,2,3;2,3,1"],
    read: (reader, names) => {
      reader.keyword("topic");
      const topic = readNewTopic(reader, names);
      const settings = readSettings(reader, "partitions=1");
      const { assignment, configs } = located(reader, settings, () => planTopic(topic, settings, names.cluster));
      return {
        type: "action",
        action: { type: "admin", command: { type: "createTopic", topic, assignment, configs } },
      };
    },
  },
  delete: {
    examples: ["delete topic orders"],
    read: (reader, names) => {
      reader.keyword("topic");
      const topic = readTopic(reader, names);
      return { type: "action", action: { type: "admin", command: { type: "deleteTopic", topic } } };
    },
  },
  config: {
    examples: [
      "config orders min.insync.replicas=1",
      "config orders -min.insync.replicas",
      "config cluster min.insync.replicas=2",
      "config broker 1 unclean.leader.election.enable=true",
    ],
    read: (reader, names) => {
      const scope = readScope(reader, names);
      const changes = readChanges(reader, scope, names);
      return { type: "action", action: { type: "admin", command: { type: "alterConfigs", scope, changes } } };
    },
  },
  elect: {
    examples: ["elect preferred orders-0", "elect unclean all"],
    read: (reader, names) => {
      const election = reader.oneOf("preferred or unclean", ["preferred", "unclean"]);
      const partitions: TopicPartition[] = [];
      const all = reader.takes("all");
      while (!all && (partitions.length === 0 || !reader.done)) partitions.push(readPartition(reader, names));
      const command = { type: "electLeaders", election, partitions: all ? null : partitions } as const;
      return { type: "action", action: { type: "admin", command } };
    },
  },
  reassign: {
    examples: ["reassign orders-0 to 1,2,4", "reassign orders-0 cancel"],
    read: (reader, names) => {
      const targets: { partition: TopicPartition; replicas: readonly number[] | null }[] = [];
      do {
        const partition = readPartition(reader, names);
        const next = reader.oneOf("to or cancel", ["to", "cancel"]);
        targets.push({ partition, replicas: next === "cancel" ? null : readReplicas(reader, names) });
      } while (!reader.done);
      return { type: "action", action: { type: "admin", command: { type: "reassignPartitions", targets } } };
    },
  },
  unregister: {
    examples: ["unregister 3"],
    read: (reader, names) => {
      const brokerId = readBroker(reader, names);
      return { type: "action", action: { type: "admin", command: { type: "unregisterBroker", brokerId } } };
    },
  },
  feature: {
    examples: ["feature eligible.leader.replicas.version=1"],
    read: (reader, names) => {
      const settings = readSettings(reader, "eligible.leader.replicas.version=1");
      const [setting, more] = settings;
      if (setting === undefined || more !== undefined)
        throw new ParseFailure(more?.word.column ?? reader.end, 1, "expected one feature and its level");
      const { key, value } = setting;
      located(reader, settings, () => checkSetting(["feature"], key, value, names.cluster.rules));
      const command = { type: "updateFeature", feature: key, level: Number(value) } as const;
      return { type: "action", action: { type: "admin", command } };
    },
  },
  throttle: {
    examples: ["throttle 3 to 10/s", "throttle 3 to 512B/s", "throttle 3 off"],
    read: (reader, names) => {
      const brokerId = readBroker(reader, names);
      const bytesPerSecond = reader.takes("off") ? null : readRate(reader);
      return { type: "action", action: { type: "throttle", brokerId, bytesPerSecond } };
    },
  },
};

function readNewTopic(reader: LineReader, names: Names): string {
  const word = reader.word("a name for the topic");
  return newTopicName(word, names);
}

/** `orders`, `topic orders`, `cluster`, `broker 2`. */
function readScope(reader: LineReader, names: Names): ConfigScope {
  if (reader.takes("cluster")) return { kind: "cluster" };
  if (reader.takes("broker")) return { kind: "broker", brokerId: readBroker(reader, names) };
  reader.takes("topic");
  const word = reader.word("a topic, broker 1 or cluster");
  if (!names.topics.includes(word.text))
    throw reader.unexpected(word, "a topic of this scenario, broker 1 or cluster", [
      ...names.topics,
      "cluster",
      "broker",
    ]);
  return { kind: "topic", topic: word.text };
}

/** `key=value` sets, `-key` deletes. */
function readChanges(reader: LineReader, scope: ConfigScope, names: Names): Readonly<Record<string, string | null>> {
  const changes: Record<string, string | null> = {};
  const groups: readonly ConfigGroup[] = scope.kind === "topic" ? ["topic"] : ["broker", "controller"];
  do {
    const word = reader.word("a setting, such as min.insync.replicas=2, or -min.insync.replicas to delete one");
    const at = word.text.indexOf("=");
    const deletes = word.text.startsWith("-") && at < 0;
    const key = deletes ? word.text.slice(1) : word.text.slice(0, Math.max(0, at));
    if (key === "") throw reader.unexpected(word, "key=value or -key");
    if (Object.hasOwn(changes, key)) throw new ParseFailure(word.column, word.length, `${key} is set twice`);
    const value = deletes ? null : word.text.slice(at + 1);
    const setting: SettingWord = { key, value: value ?? "", word };
    located(reader, [setting], () => checkSetting(groups, key, value, names.cluster.rules));
    changes[key] = value;
  } while (!reader.done);
  return changes;
}

function readReplicas(reader: LineReader, names: Names): number[] {
  const word = reader.word("replicas in preference order, such as 1,2,3");
  return brokersOf(word, word.text, names);
}

/** In bytes a second; records are counted as `recordBytes` each. */
function readRate(reader: LineReader): number {
  reader.keyword("to");
  const expected = "records a second, such as 10/s, or bytes, such as 512B/s";
  const word = reader.word(expected);
  const match = /^([1-9]\d{0,8})(B?)\/s$/.exec(word.text);
  if (match === null) throw reader.unexpected(word, expected);
  return Number(match[1]) * (match[2] === "B" ? 1 : recordBytes);
}
