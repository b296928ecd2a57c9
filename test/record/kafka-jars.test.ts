import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Complaint } from "../../record/complaint.js";
import { checkJava, findKafka } from "../../record/kafka-jars.js";

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

describe("without the programs it needs", () => {
  /** As on a machine where nothing is installed. */
  function withoutPrograms(run: () => unknown): () => unknown {
    return () => {
      const { PATH } = process.env;
      process.env.PATH = join(home, "no-programs");
      try {
        return run();
      } finally {
        process.env.PATH = PATH;
      }
    };
  }

  it("says that there is no Java, and which would do", () => {
    const asked = withoutPrograms(checkJava);
    expect(asked).toThrow(/java cannot be run: .*ENOENT/);
    expect(asked).toThrow(expect.objectContaining({ hint: expect.stringContaining("JDK 17") }));
  });

  it("says that Maven could not fetch the jars, what else to do, and leaves nothing half fetched", () => {
    const cache = join(home, "cache");
    const said: string[] = [];
    const asked = withoutPrograms(() => findKafka({ XDG_CACHE_HOME: cache }, (line) => said.push(line)));
    expect(asked).toThrow(/Maven could not fetch Kafka 4\.3\.1: .*ENOENT/);
    expect(asked).toThrow(expect.objectContaining({ hint: expect.stringContaining("KAFKA_HOME") }));
    expect(said[0]).toContain("KAFKA_HOME is not set: fetching Kafka 4.3.1");
    expect(existsSync(join(cache, "highwater", "kafka-4.3.1", "libs"))).toBe(false);
  });
});
