import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseScenario } from "../../lib/sim/scenario/parse.js";
import { isMet, runScenario } from "../../lib/sim/scenario/run-scenario.js";
import { run } from "./cli-under-test.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "prove-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const small = ["--records", "1", "--max-states", "5000"];

describe("highwater prove", () => {
  it("shows the shortest way to lose a write that the leader alone acknowledged", async () => {
    const { out, exitCode } = await run(["prove", "--acks", "1", "--min-isr", "2", "--json", ...small]);
    expect(exitCode).toBe(1);
    const document = JSON.parse(out);
    expect(document).toMatchObject({ format: "highwater-proof", version: 1 });
    const lost = document.guarantees.find(({ id }: { id: string }) => id === "acked-survive");
    expect(lost).toMatchObject({ outcome: "violated", steps: 3 });
    const parsed = parseScenario(lost.scenario);
    expect(parsed.ok && isMet(runScenario(parsed.scenario))).toBe(true);
  }, 60_000);

  it("holds for acks=all with two in sync, and says within which bounds", async () => {
    const { out, exitCode } = await run(["prove", "--acks", "all", "--min-isr", "2", ...small]);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/acknowledged writes survive +holds within these bounds/);
    expect(out).toMatch(/Bounds: up to 1 record .* states to depth/);
  }, 60_000);

  it("is inconclusive, not sure, when a budget was reached", async () => {
    const { out, exitCode } = await run(["prove", "--min-isr", "2", "--records", "1", "--max-states", "50"]);
    expect(exitCode).toBe(3);
    expect(out).toContain("inconclusive");
  }, 60_000);

  it("reads answers and property files, and single options win", async () => {
    await writeFile(
      join(folder, "answer.yaml"),
      "topic: { replication.factor: 2, min.insync.replicas: 1 }\nproducer: { acks: 1 }\n",
    );
    await writeFile(
      join(folder, "producer.properties"),
      "# real file\nbootstrap.servers=a:9092\nacks = all\nkey.serializer: org.example.Serializer\n",
    );
    const said = await run(["prove", "--answer", "answer.yaml", "--json", ...small], { folder });
    expect(JSON.parse(said.out).configuration).toMatchObject({ replicationFactor: 2, producer: { acks: "1" } });
    const files = ["--producer-properties", "producer.properties", "--rf", "2"];
    const again = await run(["prove", ...files, "--json", ...small], { folder });
    expect(JSON.parse(again.out).configuration).toMatchObject({ replicationFactor: 2, producer: { acks: "all" } });
  }, 60_000);

  it.each([
    [["--faults", "meteor 1"], /meteor/],
    [["--acks", "2"], /acks/],
    [["--rf", "0"], /replication factor/],
    [["--kafka", "0.8"], /not modelled/],
    [["--answer", "nowhere.yaml"], /cannot be read/],
    [["--records", "many"], /whole number/],
  ])("refuses %j", async (options, message) => {
    const { err, exitCode } = await run(["prove", ...options], { folder });
    expect(exitCode).toBe(2);
    expect(err).toMatch(message);
  });

  it("explains a minimum above the replication factor", async () => {
    const { out } = await run(["prove", "--rf", "2", "--min-isr", "3", ...small]);
    expect(out).toMatch(/min\.insync\.replicas=3 is more than there are replicas/);
  }, 60_000);
});

describe("highwater find", () => {
  it("finds an acks=all write that only the leader holds in sync", async () => {
    const { out, exitCode } = await run([
      ...["find", "isr == {leader} and acked(acks=all)", "--rf", "2", "--min-isr", "1", "--faults", "slow 1"],
    ]);
    expect(exitCode).toBe(0);
    const parsed = parseScenario(out);
    expect(parsed.ok && isMet(runScenario(parsed.scenario))).toBe(true);
    expect(out).toContain("lapse 2 orders-0 1");
  }, 60_000);

  it("says that there is none within the bounds", async () => {
    const { out, exitCode } = await run(["find", "acked-lost", "--rf", "2", "--faults", "none"]);
    expect(exitCode).toBe(1);
    expect(out).toMatch(/no state is like this within these bounds/);
  }, 60_000);

  it.each([
    ["isr =", "found the end"],
    ["isrr(1) == 2", 'did you mean "isr"'],
    ["log == a", "log needs a replica"],
    ["(leader == 1", 'expected ")"'],
    ["leader == 1 leader", 'expected "and"'],
  ])("points into %j", async (predicate, message) => {
    const { err, exitCode } = await run(["find", predicate]);
    expect(exitCode).toBe(2);
    expect(err).toContain(message);
    expect(err).toContain("^");
  });
});

describe("highwater diff", () => {
  const lost = "test/scenarios/acked-by-the-leader-alone.scenario";

  it("says where two runs part and what the setting bought", async () => {
    const { out, exitCode } = await run(["diff", lost, "--set", "acks=all"]);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/The runs are the same for \d+ steps/);
    expect(out).toContain("acks=all buys: lost0 is acked-kept instead of acked-lost");
  }, 60_000);

  it("says when a setting changes nothing", async () => {
    const { out } = await run(["diff", lost, "--set", "min.insync.replicas=2"]);
    expect(out).toContain("changes nothing");
  }, 60_000);

  it("refuses a setting that Kafka refuses", async () => {
    const { err, exitCode } = await run(["diff", lost, "--set", "min.insync.replicas=none"]);
    expect(exitCode).toBe(2);
    expect(err).toContain("min.insync.replicas");
  });
});
