import { describe, expect, test } from "vitest";
import { parseAdminCommand } from "../../../lib/kafka/admin.js";
import { rulesFor } from "../../../lib/kafka/versions.js";
import { recorded } from "./recorded.js";

const rules = rulesFor("4.3");
const parse = (line: string) => parseAdminCommand(line, rules);

describe("command lines that the real tools refuse", () => {
  test.each(recorded("command-lines").map((command) => [command.line, command] as const))("%s", (line, command) => {
    const parsed = parse(line);
    expect(parsed).toMatchObject({ kind: "refused", output: { text: command.text, exitStatus: command.exitStatus } });
  });
});

describe("command lines that the real tools take", () => {
  const taken = [...recorded("clusters"), ...recorded("two-brokers")];
  test("there are many of them", () => expect(taken.length).toBe(199));

  test.each(taken.map((command) => [command.line, command] as const))("%s", (line, command) => {
    const parsed = parse(line);
    if (parsed.kind === "refused") {
      // Refused here because the tool, or any cluster, refuses it whatever its state.
      expect(parsed.output).toEqual({ text: command.text, exitStatus: command.exitStatus });
    } else if (parsed.kind === "unsupported") {
      expect(parsed.message).toMatch(/there are no files here/);
    } else {
      const typed = line.slice(2).split(" ")[0]?.replace(".sh", "");
      expect(parsed.command.tool).toBe(typed);
    }
  });
});

describe("what a command line means", () => {
  test("kafka-topics", () => {
    expect(parse("kafka-topics --describe --topic orders")).toEqual({
      kind: "command",
      command: {
        tool: "kafka-topics",
        action: "describe",
        topicPattern: "orders",
        topicId: null,
        filters: [],
        topicsWithOverrides: false,
        ifExists: false,
        args: ["--describe", "--topic", "orders"],
      },
    });
    expect(
      parse("$ /opt/kafka/bin/kafka-topics.sh --bootstrap-server=b:9092 --describe --under-min-isr-partitions # now"),
    ).toMatchObject({ command: { topicPattern: null, filters: ["under-min-isr-partitions"] } });
    expect(
      parse(
        "kafka-topics --create --topic orders --replica-assignment 1:2:3,2:3:1 --config min.insync.replicas=2 --config 'retention.ms = 5'",
      ),
    ).toMatchObject({
      command: {
        action: "create",
        assignment: [
          [1, 2, 3],
          [2, 3, 1],
        ],
        configs: { "min.insync.replicas": "2", "retention.ms": "5" },
      },
    });
    expect(
      parse("kafka-topics --create --topic orders --partitions 3 --replication-factor 2 --if-not-exists"),
    ).toMatchObject({
      command: { partitions: 3, replicationFactor: 2, ifNotExists: true },
    });
    expect(parse("kafka-topics --alter --topic orders --partitions 6")).toMatchObject({
      command: { action: "alter", topicPattern: "orders", partitions: 6 },
    });
  });

  test("kafka-configs", () => {
    expect(parse("kafka-configs --alter --topic orders --add-config min.insync.replicas=2")).toMatchObject({
      command: { entity: { kind: "topic", name: "orders" }, set: { "min.insync.replicas": "2" }, remove: [] },
    });
    expect(
      parse(
        "kafka-configs --alter --entity-type topics --entity-name o --add-config 'a=[1:2,3:4],b=x' --delete-config c,d",
      ),
    ).toMatchObject({
      command: { entity: { kind: "topic", name: "o" }, set: { a: "1:2,3:4", b: "x" }, remove: ["c", "d"] },
    });
    for (const all of ["--entity-type brokers --entity-default", "--broker-defaults"]) {
      expect(parse(`kafka-configs --alter ${all} --add-config a=b`)).toMatchObject({
        command: { entity: { kind: "cluster" } },
      });
    }
    expect(parse("kafka-configs --describe --broker 1 --all")).toMatchObject({
      command: { entity: { kind: "broker", id: 1 }, all: true },
    });
    expect(parse("kafka-configs --describe --entity-type topics")).toMatchObject({ command: { entity: "all-topics" } });
  });

  test("kafka-leader-election and kafka-reassign-partitions, with the JSON itself in place of a file", () => {
    expect(parse("kafka-leader-election --election-type Unclean --topic orders --partition 0")).toMatchObject({
      command: { electionType: "UNCLEAN", partitions: [{ topic: "orders", partition: 0 }] },
    });
    expect(
      parse(
        `kafka-leader-election --election-type preferred --path-to-json-file '{"partitions":[{"topic":"a","partition":1}]}'`,
      ),
    ).toMatchObject({ command: { partitions: [{ topic: "a", partition: 1 }] } });
    const json = `'{"version":1,"partitions":[{"topic":"orders","partition":0,"replicas":[2,3]}]}'`;
    expect(parse(`kafka-reassign-partitions --execute --throttle 1000 --reassignment-json-file ${json}`)).toMatchObject(
      {
        command: {
          action: "execute",
          throttle: 1000,
          assignments: [{ topic: "orders", partition: 0, replicas: [2, 3] }],
        },
      },
    );
    expect(parse(`kafka-reassign-partitions --verify --reassignment-json-file r.json`).kind).toBe("unsupported");
    const twice = `'{"version":1,"partitions":[{"topic":"one","partition":0,"replicas":[1,1]}]}'`;
    expect(parse(`kafka-reassign-partitions --execute --reassignment-json-file ${twice}`)).toMatchObject({
      output: {
        text: recorded("two-brokers").find((command) => command.line.includes("rdup.json"))?.text,
        exitStatus: 1,
      },
    });
  });
});

describe("wrong spellings get a hint beside the tool's own words", () => {
  test.each([
    ["kafka-topics --zookeeper z:2181 --list", "kafka-topics speaks to brokers since 3.0: use --bootstrap-server"],
    [
      "kafka-topics --alter --topic orders --config min.insync.replicas=2",
      "use kafka-configs --alter --topic orders --add-config min.insync.replicas=2",
    ],
    [
      "kafka-topics --create --topic o --config min-insync-replicas=2",
      'Kafka has no topic setting "min-insync-replicas"; the nearest is min.insync.replicas',
    ],
    [
      "kafka-topics --create --topic o --config replication.factor=3",
      "replication.factor is given as --replication-factor",
    ],
    ["kafka-topics --create --topic o --config acks=all", "acks is a producer setting, not a topic setting"],
    ["kafka-configs --alter --topic o --config a=b", "settings are added with --add-config key=value"],
    ["kafka-leader-election --type unclean --all-topic-partitions", "the option is called --election-type"],
  ])("%s", (line, hint) => {
    expect(parse(line)).toMatchObject({ kind: "refused", hint });
  });

  test("a tool that does not exist", () => {
    expect(parse("kafka-topic --list")).toEqual({
      kind: "unsupported",
      message: "kafka-topic is not a tool known here; the nearest is kafka-topics",
    });
    expect(parse("rm -rf x").kind).toBe("unsupported");
    expect(parse("").kind).toBe("unsupported");
  });

  test("ZooKeeper's time", () => {
    expect(parseAdminCommand("kafka-topics --zookeeper z:2181 --list", rulesFor("2.8")).kind).toBe("command");
    expect(parseAdminCommand("kafka-configs --zookeeper z:2181 --describe --topic o", rulesFor("3.9"))).toMatchObject({
      output: {
        text: "Invalid entity type topics, the entity type must be one of users, brokers with a --zookeeper argument\n",
      },
    });
  });
});

describe("hostile command lines", () => {
  test.each([
    ["kafka-topics --list | sh", '"|" is the shell\'s; only one command without pipes or variables is run here'],
    ["kafka-topics --list; reboot", '";" is the shell\'s; only one command without pipes or variables is run here'],
    ["kafka-topics --topic $(id)", '"$" is the shell\'s; only one command without pipes or variables is run here'],
    ['kafka-topics --topic "$HOME"', "variables and command substitution are not run here"],
    ["kafka-topics --topic 'orders", "a single quote is not closed"],
    ['kafka-topics --topic "orders', "a double quote is not closed"],
  ])("%s", (line, message) => {
    expect(parse(line)).toEqual({ kind: "unsupported", message });
  });

  test("names that objects have anyway are not options, tools or keys", () => {
    expect(parse("constructor --list").kind).toBe("unsupported");
    expect(parse("kafka-topics --constructor --list")).toMatchObject({ kind: "refused" });
    expect(parse("kafka-topics --create --topic o --config __proto__=1")).toMatchObject({ kind: "refused" });
    expect(parse("kafka-configs --alter --topic o --add-config toString=1").kind).toBe("command");
  });

  test("quotes and backslashes are the shell's", () => {
    expect(parse(`kafka-topics --describe --topic 'or'"de"r\\s`)).toMatchObject({
      command: { topicPattern: "orders" },
    });
  });
});
