import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Complaint } from "../../record/complaint.js";
import { findKafka } from "../../record/kafka-jars.js";

const home = mkdtempSync(join(tmpdir(), "highwater-jars-"));
afterAll(() => rmSync(home, { recursive: true }));

function kafkaHome(name: string, jars: readonly string[]): string {
  const folder = join(home, name);
  mkdirSync(join(folder, "libs"), { recursive: true });
  for (const jar of jars) writeFileSync(join(folder, "libs", jar), "");
  return folder;
}

describe("where Kafka is", () => {
  it("in KAFKA_HOME, whose jars tell the version", () => {
    const folder = kafkaHome("release", ["kafka-clients-4.3.1.jar", "kafka-clients-4.3.1-test.jar", "jackson.jar"]);
    expect(findKafka({ KAFKA_HOME: folder }, () => {})).toEqual({
      version: "4.3.1",
      classPath: join(folder, "libs", "*"),
    });
  });

  it("fetched before, in the cache", () => {
    const folder = join(home, "highwater", "kafka-4.3.1");
    kafkaHome(join("highwater", "kafka-4.3.1"), ["kafka-clients-4.3.1.jar"]);
    expect(findKafka({ XDG_CACHE_HOME: home }, () => {}).classPath).toBe(join(folder, "libs", "*"));
  });

  it.each([
    ["nowhere", null, /there is no kafka-clients-\*\.jar in .*nowhere.libs/],
    ["empty", [], /there is no kafka-clients-\*\.jar/],
    ["old", ["kafka-clients-3.9.1.jar"], /Kafka 3\.9\.1 in .* is not a 4\.x release/],
  ])("not in %s", (name, jars, said) => {
    const folder = jars === null ? join(home, name) : kafkaHome(name, jars);
    const asked = (): unknown => findKafka({ KAFKA_HOME: folder }, () => {});
    expect(asked).toThrow(said);
    expect(asked).toThrow(Complaint);
  });
});
