import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { exerciseIds } from "../../lib/exercise/store-course.js";
import { exerciseOf, exercisesFolder } from "../exercise/course.js";
import { run } from "./cli-under-test.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "export-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What `java.util.Properties.load` makes of a text, by its documentation: comments, separators, escapes. */
function loadProperties(text: string): Record<string, string> {
  const lines = text.split("\n").filter((line) => !/^\s*(?:[#!]|$)/.test(line));
  return Object.fromEntries(
    lines.map((line) => {
      const [, key = "", value = ""] = /^\s*((?:[^\s=:\\]|\\.)+)\s*[=:]?\s*(.*)$/.exec(line) ?? [];
      const plain = (part: string) =>
        part.replace(/\\([\s\S])/g, (_, escaped: string) => ({ n: "\n", t: "\t", r: "\r" })[escaped] ?? escaped);
      return [plain(key), plain(value)];
    }),
  );
}

/** A block of HCL: its attributes, maps as maps. Enough for one resource without templates. */
function readResource(text: string) {
  const [, type, label, body = ""] = /^resource "(\w+)" "([\w-]+)" \{\n([\s\S]*?)^\}$/m.exec(text) ?? [];
  const string = (quoted: string) => JSON.parse(quoted.replaceAll("$${", "${").replaceAll("%%{", "%{"));
  const [outside = "", inside] = body.split(/^ {2}config = \{$/m);
  const attributes = Object.fromEntries(
    [...outside.matchAll(/^ {2}(\w+) += (.+)$/gm)].map(([, name = "", value = ""]) => [name, string(value)]),
  );
  const entries = [...(inside ?? "").matchAll(/^ {4}("(?:[^"\\]|\\.)*") += ("(?:[^"\\]|\\.)*")$/gm)];
  const config = Object.fromEntries(entries.map(([, key = "", value = ""]) => [string(key), string(value)]));
  return { type, label, attributes, config: inside === undefined ? null : config };
}

async function exported(id: string, ...options: readonly string[]) {
  const answer = join(exercisesFolder, id, "solution.yaml");
  const said = await run(["export-config", id, "--answer", answer, "--json", ...options], { folder: root });
  expect([said.exitCode, said.err]).toEqual([0, ""]);
  const { files } = JSON.parse(said.out) as { files: { name: string; text: string }[] };
  return new Map(files.map(({ name, text }) => [name, text]));
}

/** Exercises that ask for keys; some configure exercises ask for a rule of the model instead. */
const configure = exerciseIds(exercisesFolder).filter((id) => {
  const { exercise } = exerciseOf(id);
  return exercise.kind === "configure" && Object.values(exercise.asks).some((keys) => keys.length > 0);
});

describe("highwater export-config", () => {
  it("exercise 1 in full", async () => {
    const files = await exported("01-survive-one-broker");
    expect(Object.fromEntries(files)).toEqual({
      "producer.properties": "# From 01-survive-one-broker: Survive one broker\nacks=all\nenable.idempotence=true\n",
      "topic-orders.properties": `# From 01-survive-one-broker: Survive one broker
# kafka-topics.sh --bootstrap-server HOST:9092 --create --topic orders --partitions 1 --replication-factor 3
# kafka-configs.sh --bootstrap-server HOST:9092 --alter --topic orders --add-config-file topic-orders.properties
min.insync.replicas=2
unclean.leader.election.enable=false
`,
      "kafkatopic-orders.yaml": `# From 01-survive-one-broker: Survive one broker
apiVersion: kafka.strimzi.io/v1
kind: KafkaTopic
metadata:
  name: orders
  labels:
    strimzi.io/cluster: my-cluster
spec:
  partitions: 1
  replicas: 3
  config:
    min.insync.replicas: 2
    unclean.leader.election.enable: false
`,
      "topic-orders.tf": `# From 01-survive-one-broker: Survive one broker
terraform {
  required_providers {
    kafka = {
      source = "Mongey/kafka"
    }
  }
}

resource "kafka_topic" "orders" {
  name               = "orders"
  replication_factor = 3
  partitions         = 1

  config = {
    "min.insync.replicas"            = "2"
    "unclean.leader.election.enable" = "false"
  }
}
`,
    });
  }, 60_000);

  it.each(configure)(
    "%s: exactly the answer's keys, in the shapes that the tools document",
    async (id) => {
      const files = await exported(id, "--strimzi-cluster", "prod");
      const answer = parse(readFileSync(join(exercisesFolder, id, "solution.yaml"), "utf8")) as Record<string, object>;
      const keysOf = (group: string) => Object.keys(answer[group] ?? {}).sort();
      for (const [group, name] of [
        ["producer", "producer.properties"],
        ["consumer", "consumer.properties"],
        ["broker", "server.properties"],
      ] as const)
        expect(Object.keys(loadProperties(files.get(name) ?? "")).sort()).toEqual(keysOf(group));
      const topicKeys = keysOf("topic").filter((key) => key !== "replication.factor");
      for (const [name, text] of files) {
        if (/^topic-.*\.properties$/.test(name)) expect(Object.keys(loadProperties(text)).sort()).toEqual(topicKeys);
        if (/^kafkatopic-.*\.yaml$/.test(name)) {
          // Strimzi's CustomResourceDefinition: spec has partitions (integer, 1 and up), replicas (1 to 32767), topicName, config.
          const { apiVersion, kind, metadata, spec, ...rest } = parse(text);
          expect([apiVersion, kind, rest]).toEqual(["kafka.strimzi.io/v1", "KafkaTopic", {}]);
          expect(metadata.name).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
          expect(metadata.labels).toEqual({ "strimzi.io/cluster": "prod" });
          expect(
            Object.keys(spec).filter((key) => !["partitions", "replicas", "topicName", "config"].includes(key)),
          ).toEqual([]);
          expect(Number.isInteger(spec.partitions) && spec.partitions >= 1).toBe(true);
          expect(Number.isInteger(spec.replicas) && spec.replicas >= 1 && spec.replicas <= 32_767).toBe(true);
          expect(Object.keys(spec.config ?? {}).sort()).toEqual(topicKeys);
        }
        if (name.endsWith(".tf")) {
          // Mongey/kafka: name, partitions, replication_factor are required; config is a map of texts.
          const { type, attributes, config } = readResource(text);
          expect(type).toBe("kafka_topic");
          expect(Object.keys(attributes).sort()).toEqual(["name", "partitions", "replication_factor"]);
          expect(Object.keys(config ?? {}).sort()).toEqual(topicKeys);
          for (const value of Object.values(config ?? {})) expect(typeof value).toBe("string");
        }
      }
    },
    120_000,
  );

  it("writes into a folder, and does not replace what somebody may have changed", async () => {
    const answer = join(exercisesFolder, "01-survive-one-broker/solution.yaml");
    const argv = ["export-config", "01", "--answer", answer, "--out", join(folder, "config")];
    expect((await run(argv, { folder: root })).exitCode).toBe(0);
    expect(readdirSync(join(folder, "config"))).toHaveLength(4);
    writeFileSync(join(folder, "config/producer.properties"), "mine");
    const again = await run(argv, { folder: root });
    expect([again.exitCode, again.err]).toEqual([2, expect.stringMatching(/is there already: .*--force/)]);
    expect(readFileSync(join(folder, "config/producer.properties"), "utf8")).toBe("mine");
    expect((await run([...argv, "--force"], { folder: root })).exitCode).toBe(0);
    expect(readFileSync(join(folder, "config/producer.properties"), "utf8")).toMatch(/acks=all/);
  }, 60_000);

  it("exports nothing that does not pass, is no configuration, or cannot be graded", async () => {
    const wrong = join(exercisesFolder, "01-survive-one-broker/wrong/acks-1.yaml");
    const failed = await run(["export-config", "01", "--answer", wrong], { folder: root });
    expect([failed.exitCode, failed.out, failed.err]).toEqual([1, "", expect.stringMatching(/does not pass yet/)]);
    const other = await run(["export-config", "03"], { folder: root });
    expect([other.exitCode, other.err]).toEqual([2, expect.stringMatching(/asks for no configuration/)]);
    writeFileSync(join(folder, "a.yaml"), "topic: [");
    const broken = await run(["export-config", "01", "--answer", join(folder, "a.yaml")], { folder: root });
    expect([broken.exitCode, broken.err]).toEqual([2, expect.stringMatching(/not YAML/)]);
  }, 60_000);
});
