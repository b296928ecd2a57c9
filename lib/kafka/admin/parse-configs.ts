import { isAtLeast } from "../releases.js";
import type { Rules } from "../versions.js";
import type { ConfigEntity } from "./configs.js";
import { conflict, isOptionError, type Options, type OptionTable, parseOptions, textOf } from "./options.js";
import { command, type ParsedCommand, refused, unsupported } from "./parsed.js";

const table: OptionTable = {
  "bootstrap-server": "value",
  "bootstrap-controller": "value",
  "command-config": "value",
  alter: "flag",
  describe: "flag",
  all: "flag",
  "entity-type": "value",
  "entity-name": "value",
  "entity-default": "flag",
  "add-config": "value",
  "add-config-file": "value",
  "delete-config": "value",
  force: "flag",
  topic: "value",
  client: "value",
  "client-defaults": "flag",
  user: "value",
  "user-defaults": "flag",
  broker: "value",
  "broker-defaults": "flag",
  "broker-logger": "value",
  "ip-defaults": "flag",
  ip: "value",
  group: "value",
  "client-metrics": "value",
};

const entityTypes = [
  "topics",
  "clients",
  "users",
  "brokers",
  "ips",
  "client-metrics",
  "groups",
  "broker-loggers",
] as const;

/** Options that name an entity directly, in the order in which the tool looks at them. */
const entityFlags: readonly (readonly [string, string])[] = [
  ["topic", "topics"],
  ["client", "clients"],
  ["user", "users"],
  ["broker", "brokers"],
  ["broker-logger", "broker-loggers"],
  ["ip", "ips"],
  ["client-metrics", "client-metrics"],
  ["group", "groups"],
];

const defaultFlags: readonly (readonly [string, string])[] = [
  ["client-defaults", "clients"],
  ["user-defaults", "users"],
  ["broker-defaults", "brokers"],
  ["ip-defaults", "ips"],
];

/** Reads the words after `kafka-configs` (source: ConfigCommand.ConfigCommandOptions, messages of 4.3.1). */
export function parseConfigs(args: readonly string[], rules: Rules): ParsedCommand {
  const withZookeeper = !isAtLeast(rules.version, "4.0");
  const options = parseOptions(args, withZookeeper ? { ...table, zookeeper: "value" } : table);
  if (isOptionError(options)) return refused([options.message], hintFor(options.message));
  const types = typesOf(options);
  const names = namesOf(options, args);
  const complaint = usageComplaint(options, types) ?? entityComplaint(options, types, names);
  if (complaint !== undefined) return refused([complaint]);
  const type = types[0] ?? "";
  if (type !== "topics" && type !== "brokers") return unsupported(`kafka-configs for ${type} is not understood here`);
  const name = names[0];
  return options.has("describe") ? readDescribe(options, type, name, args) : readAlter(options, type, name ?? "", args);
}

function usageComplaint(options: Options, types: readonly string[]): string | undefined {
  if (options.has("alter") === options.has("describe")) {
    return "Command must include exactly one action: --describe, --alter";
  }
  const clash = conflict(options, "describe", ["alter", "add-config", "delete-config"]);
  if (clash !== undefined) return clash;
  const repeated = types.filter((type, index) => types.indexOf(type) !== index);
  if (repeated.length > 0) return `Duplicate entity type(s) specified: ${repeated.join(",")}`;
  const viaZookeeper = options.has("zookeeper");
  const allowed: readonly string[] = viaZookeeper ? ["users", "brokers"] : entityTypes;
  const connect = viaZookeeper ? "--zookeeper" : "--bootstrap-server or --bootstrap-controller";
  const wrong = types.find((type) => !allowed.includes(type));
  if (wrong !== undefined) {
    return `Invalid entity type ${wrong}, the entity type must be one of ${allowed.join(", ")} with a ${connect} argument`;
  }
  if (types.length === 0) return "At least one entity type must be specified";
  if (types.length > 1 && !(types.includes("users") && types.includes("clients"))) {
    return "Only 'users' and 'clients' entity types may be specified together";
  }
  return undefined;
}

function entityComplaint(options: Options, types: readonly string[], names: readonly string[]): string | undefined {
  const general = ["entity-name", "entity-type", "entity-default"].some((option) => options.has(option));
  if (general && [...entityFlags, ...defaultFlags].some(([flag]) => options.has(flag))) {
    return "--entity-{type,name,default} should not be used in conjunction with specific entity flags";
  }
  const type = types[0] ?? "";
  const named = names.some((name) => name !== "");
  if (named && (type === "brokers" || type === "broker-loggers")) {
    const bad = names.find((name) => !/^[+-]?\d{1,9}$/.test(name));
    if (bad !== undefined) return `The entity name for ${type} must be a valid integer broker id, but it is: ${bad}`;
  }
  const withDefault = ["users", "clients", "brokers", "ips"].includes(type);
  if (options.has("describe")) {
    return !withDefault && options.has("entity-default")
      ? `--entity-default must not be specified with --describe of ${types.join(",")}`
      : undefined;
  }
  if (!named && !(withDefault && names.length > 0)) {
    return withDefault
      ? "An entity-name or default entity must be specified with --alter of users, clients, brokers or ips"
      : `An entity name must be specified with --alter of ${types.join(",")}`;
  }
  if (options.has("add-config") && options.has("add-config-file")) {
    return "Only one of --add-config or --add-config-file must be specified";
  }
  return ["add-config", "add-config-file", "delete-config"].some((option) => options.has(option))
    ? undefined
    : "At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter";
}

function readDescribe(
  options: Options,
  type: "topics" | "brokers",
  name: string | undefined,
  args: readonly string[],
): ParsedCommand {
  const entity = name === undefined ? (type === "topics" ? "all-topics" : "all-brokers") : entityOf(type, name);
  return command({ tool: "kafka-configs", action: "describe", entity, all: options.has("all"), args });
}

function readAlter(options: Options, type: "topics" | "brokers", name: string, args: readonly string[]): ParsedCommand {
  if (options.has("add-config-file"))
    return unsupported("there are no files here: write the settings after --add-config");
  const added = textOf(options, "add-config");
  if (isOptionError(added)) return refused([added.message]);
  const pairs =
    added === undefined ? [] : splitOutsideBrackets(added, ",").map((pair) => splitOutsideBrackets(pair, "="));
  if (pairs.some((pair) => pair.length !== 2)) {
    return refused([
      'requirement failed: Invalid entity config: all configs to be added must be in the format "key=val" or  ' +
        '"key=[val1,val2]" to group values which contain commas.',
    ]);
  }
  const set = new Map(pairs.map(([key = "", value = ""]) => [key.trim(), value.replace(/[[\]]/g, "").trim()]));
  const odd = [...set.keys()].find((key) => !/^[a-zA-Z0-9._-]*$/.test(key));
  if (odd !== undefined) return refused([`Invalid character found for config key: ${odd}`]);
  const remove = (options.get("delete-config") ?? []).flatMap((keys) => keys.split(",")).map((key) => key.trim());
  return command({
    tool: "kafka-configs",
    action: "alter",
    entity: entityOf(type, name),
    set: Object.fromEntries(set),
    remove,
    args,
  });
}

function entityOf(type: "topics" | "brokers", name: string): ConfigEntity {
  if (type === "topics") return { kind: "topic", name };
  return name === "" ? { kind: "cluster" } : { kind: "broker", id: Number(name) };
}

function typesOf(options: Options): readonly string[] {
  const flagged = [...entityFlags, ...defaultFlags].flatMap(([flag, type]) => (options.has(flag) ? [type] : []));
  return [...(options.get("entity-type") ?? []), ...flagged];
}

/** Names in the order the tool takes them; the empty name is the default entity. */
function namesOf(options: Options, args: readonly string[]): readonly string[] {
  const given = [...(options.get("entity-name") ?? [])];
  const general = args.flatMap((word) => {
    if (/^--?entity-default$/.test(word)) return [""];
    return /^--?entity-name(=|$)/.test(word) ? [given.shift() ?? ""] : [];
  });
  const named = entityFlags.flatMap(([flag]) => (options.get(flag) ?? []).slice(0, 1));
  return [...general, ...named, ...defaultFlags.flatMap(([flag]) => (options.has(flag) ? [""] : []))];
}

/** Splits at a character, but not inside square brackets, which group the elements of a list. */
function splitOutsideBrackets(text: string, separator: "," | "="): readonly string[] {
  const parts = [""];
  let depth = 0;
  for (const character of text) {
    if (character === "[") depth++;
    if (character === "]") depth = Math.max(0, depth - 1);
    if (character === separator && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts;
}

function hintFor(message: string): string | null {
  if (message.startsWith("zookeeper ")) return "ZooKeeper is gone in 4.0: use --bootstrap-server";
  if (message.startsWith("config ")) return "settings are added with --add-config key=value";
  return null;
}
