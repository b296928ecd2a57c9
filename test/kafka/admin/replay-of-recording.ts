import {
  type AdminCommand,
  configsAltered,
  configsFailed,
  describeConfigs,
  describeFeatures,
  describeTopics,
  electionOutput,
  featureChanged,
  matchingTopics,
  noPartitionsMatched,
  noSuchTopicConfigs,
  offsetsOutput,
  type PartitionDescription,
  parseAdminCommand,
  quorumStatus,
  reassignmentList,
  reassignmentStarted,
  type ToolOutput,
  type TopicDescription,
  topicCommandFailed,
  topicCreated,
  topicIdNotFound,
  topicList,
  topicNotCreated,
  topicNotFound,
  unsupportedLevel,
  verifyOutput,
} from "../../../lib/kafka/admin.js";
import {
  type ConfigEntry,
  checkBrokerConfigChange,
  checkTopicConfigs,
  dynamicBrokerEntries,
  topicConfigEntries,
} from "../../../lib/kafka/config.js";
import { rulesFor } from "../../../lib/kafka/versions.js";
import type { RecordedCommand } from "./recorded.js";
import { elections, features, reassignments, refusals } from "./recorded-answers.js";

const rules = rulesFor("4.3");

/** What a cluster is known to hold while its recording is replayed. Only settings and topics: no protocol. */
interface Known {
  readonly topics: Map<string, TopicDescription>;
  readonly topicConfigs: Map<string, { [key: string]: string }>;
  readonly cluster: { [key: string]: string };
  readonly brokers: Map<number, { [key: string]: string }>;
}

const known = (): Known => ({
  topics: new Map(),
  topicConfigs: new Map(),
  cluster: { "min.insync.replicas": "1" },
  brokers: new Map(),
});

/** Topics that a scenario had before its first description of them. */
const before: { readonly [scenario: string]: readonly string[] } = {
  S02: [
    "Topic: m1\tTopicId: x\tPartitionCount: 1\tReplicationFactor: 3\tConfigs: min.insync.replicas=1",
    "\tTopic: m1\tPartition: 0\tLeader: 1\tReplicas: 1,2,3\tIsr: 1,2\tElr: \tLastKnownElr: ",
  ],
};

const topicConfigsBefore: { readonly [topic: string]: { readonly [key: string]: string } } = {
  orders: { "min.insync.replicas": "2" },
};

/** Values from recorded description lines: what the printer is then asked to print again. */
function learn(lines: readonly string[], topics: Map<string, TopicDescription>): readonly string[] {
  const names: string[] = [];
  let header: TopicDescription | undefined;
  for (const line of lines) {
    const fields = Object.fromEntries(
      line
        .trim()
        .split("\t")
        .map((field) => [field.slice(0, field.indexOf(":")), field.slice(field.indexOf(":") + 1).trim()]),
    );
    if (!line.startsWith("\t")) {
      const { Topic: name = "", TopicId: topicId = "", Configs: shown = "" } = fields;
      const configs = shown.split(",").map((pair): ConfigEntry => {
        const [key = "", value = ""] = pair.split("=");
        return { name: key, value, source: "DYNAMIC_TOPIC_CONFIG", synonyms: [] };
      });
      // By name, as the cluster's entries are kept, so that the recorded order is the printer's doing.
      configs.sort((left, right) => (left.name < right.name ? -1 : 1));
      header = { name, topicId, partitions: [], configs };
      names.push(name);
    } else if (header !== undefined) {
      header = { ...header, partitions: [...header.partitions, partitionFrom(fields)] };
    }
    if (header !== undefined) topics.set(header.name, header);
  }
  return names;
}

function partitionFrom(fields: { readonly [name: string]: string }): PartitionDescription {
  const ids = (text: string | undefined) => (text ? text.split(",").map(Number) : []);
  return {
    partition: Number(fields.Partition),
    leader: fields.Leader === "none" ? null : Number(fields.Leader),
    replicas: ids(fields.Replicas),
    isr: ids(fields.Isr),
    elr: ids(fields.Elr),
    lastKnownElr: ids(fields.LastKnownElr),
    ...("Adding Replicas" in fields
      ? { reassignment: { adding: ids(fields["Adding Replicas"]), removing: ids(fields["Removing Replicas"]) } }
      : {}),
  };
}

/** Prints the output of one recorded command again, from values. */
export class Replay {
  private readonly known = known();
  private elected = 0;
  private reassigned = 0;

  constructor(private readonly scenario: string) {
    learn(before[scenario] ?? [], this.known.topics);
    for (const [topic, configs] of Object.entries(topicConfigsBefore))
      this.known.topicConfigs.set(topic, { ...configs });
  }

  print(recordedCommand: RecordedCommand): ToolOutput {
    const parsed = parseAdminCommand(recordedCommand.line, rules);
    if (parsed.kind === "refused") return parsed.output;
    if (recordedCommand.line.includes("kafka-reassign")) return this.reassignment(recordedCommand.line);
    if (parsed.kind === "unsupported") throw new Error(parsed.message);
    const { command } = parsed;
    switch (command.tool) {
      case "kafka-topics":
        return this.topics(command, recordedCommand.text);
      case "kafka-configs":
        return this.configs(command);
      case "kafka-leader-election":
        return electionOutput(command.electionType, elections[this.scenario]?.[this.elected++] ?? []);
      case "kafka-features":
        return this.features(command);
      case "kafka-get-offsets":
        return this.offsets(command.topicPattern);
      case "kafka-metadata-quorum":
        return quorumStatus({
          clusterId: "7eMDW882S6CooxwKeS5YTw",
          leaderId: 100,
          leaderEpoch: 1,
          highWatermark: 73,
          maxFollowerLag: 0,
          maxFollowerLagTimeMs: 0,
          voters: [{ id: 100, endpoints: ["CONTROLLER://localhost:9092"] }],
          observers: [
            { id: 3, directoryId: "0ZC8Nwh9st2YO4FiR4ex_w" },
            { id: 1, directoryId: "h60ulWWUluzQVFgRvcz6ww" },
            { id: 2, directoryId: "OoDADFo_kueS4cuqZ_wS3w" },
          ],
        });
      default:
        throw new Error(recordedCommand.line);
    }
  }

  private topics(command: Extract<AdminCommand, { tool: "kafka-topics" }>, text: string): ToolOutput {
    const names = [...this.known.topicConfigs.keys()].filter((name) => !(name in topicConfigsBefore));
    switch (command.action) {
      case "create": {
        const exists = names.includes(command.topic);
        if (exists)
          return command.ifNotExists
            ? { text: "", exitStatus: 0 }
            : topicNotCreated(command.topic, refusals.topicExists(command.topic));
        const complaint = refusals.names.get(command.topic);
        if (complaint !== undefined) return topicNotCreated(command.topic, complaint);
        const brokers = this.scenario === "two-brokers" ? 2 : 3;
        const factor = command.replicationFactor ?? 1;
        if (factor > brokers) return topicNotCreated(command.topic, refusals.tooFewBrokers(factor, brokers));
        const unknown = command.assignment?.flat().find((broker) => broker > brokers);
        if (unknown !== undefined) return topicNotCreated(command.topic, refusals.unknownBroker(unknown));
        this.known.topicConfigs.set(command.topic, { ...command.configs });
        return topicCreated(command.topic);
      }
      case "list":
        return topicList(command.topicPattern === null ? names : matchingTopics(command.topicPattern, names));
      case "alter":
      case "delete": {
        const found = matchingTopics(command.topicPattern, names);
        if (found.length === 0)
          return command.ifExists ? { text: "", exitStatus: 0 } : topicNotFound(command.topicPattern);
        // The recorded topic had two partitions when it was asked to have one.
        if (command.action === "alter" && command.partitions < 2)
          return topicCommandFailed(
            `The topic one currently has 2 partition(s); ${command.partitions} would not be an increase.`,
          );
        return { text: "", exitStatus: 0 };
      }
      case "describe":
        break;
    }
    if (command.topicId !== null) return topicIdNotFound(command.topicId);
    const all = [...this.known.topics.values()];
    if (command.filters.length > 0 || command.topicsWithOverrides) {
      return describeTopics(all, { ...command, liveBrokers: [1, 2, 3] }, rules);
    }
    if (text === "") return { text: "", exitStatus: 0 };
    if (text.startsWith("Error")) return topicNotFound(command.topicPattern ?? "");
    if (command.topicPattern === null) this.known.topics.clear();
    const described = learn(
      text
        .trimEnd()
        .split("\n")
        .map((line) => line),
      this.known.topics,
    );
    // Handed over in alphabetical order, so that the recorded order is the printer's doing.
    const topics = described.toSorted().flatMap((name) => this.known.topics.get(name) ?? []);
    return describeTopics(topics, { liveBrokers: [1, 2, 3] }, rules);
  }

  private configs(command: Extract<AdminCommand, { tool: "kafka-configs" }>): ToolOutput {
    const { cluster, brokers, topicConfigs } = this.known;
    if (command.action === "describe") {
      const { entity } = command;
      if (entity === "all-topics") {
        // The tool lists topics in the order the cluster names them; this is the recorded one.
        return joined(["one", "two", "three"].map((name) => this.topicConfigs(name, false)));
      }
      if (entity === "all-brokers")
        return joined([this.brokerConfigs(1), this.brokerConfigs(2), this.brokerConfigs("cluster")]);
      if (entity.kind === "topic")
        return topicConfigs.has(entity.name)
          ? this.topicConfigs(entity.name, command.all)
          : noSuchTopicConfigs(entity.name, command.args, rules);
      return this.brokerConfigs(entity.kind === "broker" ? entity.id : "cluster");
    }
    const { entity, set, remove } = command;
    const args =
      this.scenario === "two-brokers" ? ["--bootstrap-server", "localhost:9092", ...command.args] : command.args;
    if (entity.kind === "topic") {
      if (!topicConfigs.has(entity.name))
        return configsFailed(args, "UNKNOWN_TOPIC_OR_PARTITION", refusals.topicUnknown(entity.name));
      const checked = checkTopicConfigs(set, rules);
      if (!checked.ok) return configsFailed(args, "INVALID_CONFIG", checked.message);
      change(topicConfigs.get(entity.name) ?? {}, checked.texts, remove);
      return configsAltered(entity);
    }
    if (entity.kind === "broker" && entity.id === 9) {
      return configsFailed(
        args,
        "REQUEST_TIMED_OUT",
        "Timed out waiting for a node assignment. Call: incrementalAlterConfigs",
      );
    }
    // The last steps of the two-broker recording run with eligible leader replicas switched off.
    const current = rulesFor("4.3", { eligibleLeaderReplicas: !this.eligibleOff });
    const checked = checkBrokerConfigChange({ scope: entity.kind, set, remove }, current);
    if (!checked.ok) return configsFailed(args, checked.error, checked.message);
    if (entity.kind === "cluster") change(cluster, checked.texts, remove);
    else {
      const own = brokers.get(entity.id) ?? {};
      brokers.set(entity.id, own);
      change(own, checked.texts, remove);
    }
    return configsAltered(entity);
  }

  private topicConfigs(name: string, all: boolean): ToolOutput {
    const topic = this.known.topicConfigs.get(name) ?? {};
    return describeConfigs(
      { kind: "topic", name },
      topicConfigEntries({ topic, cluster: this.known.cluster }, rules),
      all,
    );
  }

  private brokerConfigs(id: number | "cluster"): ToolOutput {
    const layers = {
      cluster: this.known.cluster,
      broker: (id === "cluster" ? undefined : this.known.brokers.get(id)) ?? {},
    };
    return id === "cluster"
      ? describeConfigs({ kind: "cluster" }, dynamicBrokerEntries("cluster", layers, rules))
      : describeConfigs({ kind: "broker", id }, dynamicBrokerEntries("broker", layers, rules));
  }

  private eligibleOff = false;

  private features(command: Extract<AdminCommand, { tool: "kafka-features" }>): ToolOutput {
    if (command.action === "describe") return describeFeatures(features, 70);
    const { feature, level } = command.levels[0] ?? { feature: "", level: 0 };
    if (feature === "nope") return featureChanged(command.action, feature, level, unsupportedLevel(feature, level, 1));
    if (level > 1)
      return featureChanged(command.action, feature, level, unsupportedLevel(feature, level, 1, { min: 0, max: 1 }));
    this.eligibleOff = level === 0;
    if (level === 1) this.known.cluster["min.insync.replicas"] ??= "1";
    return featureChanged(command.action, feature, level);
  }

  private offsets(pattern: string | null): ToolOutput {
    const counts: { readonly [topic: string]: readonly number[] } =
      this.scenario === "two-brokers" ? { two: [0], one: [0, 0, 0], three: [0] } : { orders: [12] };
    const names = pattern === null ? Object.keys(counts) : matchingTopics(pattern, Object.keys(counts));
    if (names.length === 0) return noPartitionsMatched();
    return offsetsOutput(
      names.flatMap((topic) => (counts[topic] ?? []).map((offset, partition) => ({ topic, partition, offset }))),
    );
  }

  private reassignment(line: string): ToolOutput {
    if (this.scenario === "two-brokers") {
      const [mark, output] = reassignments[this.reassigned++] ?? ["", undefined];
      if (output === undefined || !line.includes(mark)) throw new Error(`not the expected reassignment: ${line}`);
      return output;
    }
    const plain = { topic: "plain", partition: 0 };
    if (line.includes("--list")) return reassignmentList([]);
    if (line.includes("--execute"))
      return reassignmentStarted([{ ...plain, replicas: [1, 2, 3], logDirs: ["d1", "d2", "d3"] }]);
    return verifyOutput([{ ...plain, inProgress: false, current: [2, 3, 1], target: [2, 3, 1] }], {
      brokers: [1, 2, 3],
      anyInProgress: false,
    });
  }
}

function change(
  configs: { [key: string]: string },
  set: { readonly [key: string]: string },
  remove: readonly string[],
): void {
  Object.assign(configs, set);
  for (const key of remove) delete configs[key];
}

function joined(outputs: readonly ToolOutput[]): ToolOutput {
  return { text: outputs.map((output) => output.text).join(""), exitStatus: 0 };
}
