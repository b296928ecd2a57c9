import { describe, expect, it } from "vitest";
import { explore } from "../../../lib/check/explore.js";
import { sometimes } from "../../../lib/check/properties.js";
import { readyForSearch } from "../../../lib/check/world/ready.js";
import type { SearchState } from "../../../lib/check/world/state.js";
import { worldModel } from "../../../lib/check/world/world-model.js";
import { ledger } from "../../../lib/sim/ledger.js";
import { worldOf } from "../../../lib/sim/scenario/setup.js";
import { exploreWorld, headFor, type WorldQuestion, wayOf } from "./world-question.js";

/** What the protocol promises and what it does not, from its rules: the durability matrix, one question a row. */
const questions: readonly (WorldQuestion & {
  readonly says: string;
  readonly outcome: string;
  readonly steps?: number;
})[] = [
  {
    says: "acks=1 is lost by one crash of the leader before anybody has fetched",
    topic: { "min.insync.replicas": "2" },
    producer: { acks: "1" },
    faults: "crash 1",
    outcome: "violated",
    steps: 3,
  },
  {
    says: "acks=all with two in sync survives a crash",
    topic: { "min.insync.replicas": "2" },
    faults: "crash 1",
    outcome: "holds",
  },
  {
    says: "acks=all with one in sync survives a crash while its log does",
    rf: 2,
    topic: { "min.insync.replicas": "1" },
    faults: "crash 1, slow 1",
    outcome: "holds",
  },
  {
    says: "acks=all with one in sync is lost with the disk of the only one in sync",
    rf: 2,
    topic: { "min.insync.replicas": "1" },
    faults: "slow 1, disk-loss 1",
    outcome: "violated",
  },
  {
    says: "acks=all with one in sync is lost with the page cache of the only one in sync",
    rf: 2,
    topic: { "min.insync.replicas": "1" },
    faults: "slow 1, power-loss 1",
    outcome: "violated",
  },
  {
    says: "a controlled shutdown takes nothing, and the broker may come back",
    topic: { "min.insync.replicas": "2" },
    faults: "shutdown 1",
    outcome: "holds",
  },
  {
    says: "a power failure alone takes nothing that a second replica must hold",
    topic: { "min.insync.replicas": "2" },
    faults: "power-loss 1",
    outcome: "holds",
  },
  {
    says: "two in sync do not outlive two power failures, and one fewer is the most they do",
    topic: { "min.insync.replicas": "2" },
    faults: "slow 1, power-loss 2",
    outcome: "violated",
    steps: 7,
  },
  {
    says: "two replicas of two cannot both lose their tail",
    rf: 2,
    topic: { "min.insync.replicas": "2" },
    faults: "power-loss 2",
    outcome: "violated",
  },
];

describe("acknowledged writes", () => {
  it.each(questions)(
    "$says",
    ({ outcome, steps, says: _, ...question }) => {
      const found = exploreWorld({ ...question, asks: "acked-survive" });
      expect(found.findings[0]?.outcome).toBe(outcome);
      expect(["complete", "decided"]).toContain(found.statistics.endedBy);
      if (steps !== undefined) expect(wayOf(found)).toHaveLength(steps);
    },
    120_000,
  );

  /**
   * The leader has stored the record and others hold it, then it dies before it could answer: the producer sends again.
   * Sequences tell the new leader that it has the record already.
   */
  it.each([
    { idempotence: "false", outcome: "violated", copies: 2 },
    { idempotence: "true", outcome: "holds", copies: 1 },
  ])(
    "a lost acknowledgement without idempotence ($idempotence) makes a duplicate",
    ({ idempotence, outcome, copies }) => {
      const found = exploreWorld({
        topic: { "min.insync.replicas": "2" },
        producer: { acks: "all", "enable.idempotence": idempotence },
        faults: "crash 1",
        asks: "no-duplicate",
      });
      expect(found.findings[0]?.outcome).toBe(outcome);
      const end = found.findings[0]?.path?.steps.at(-1)?.state.world;
      if (end !== undefined) expect(ledger(end)[0]).toMatchObject({ copies });
    },
    60_000,
  );

  it("lets a broker that shuts down leave, once the others have heard of it", () => {
    const question: WorldQuestion = { rf: 2, topic: { "min.insync.replicas": "1" }, faults: "shutdown 1" };
    const head = worldOf(headFor(question));
    const model = worldModel({ world: readyForSearch(head).world, faults: { shutdown: 1 }, sends: [] });
    const left = sometimes("a broker has left", ({ world }: SearchState) =>
      world.brokers.some(({ process }) => process === "down"),
    );
    expect(explore(model, { properties: [left] }).findings.map(({ outcome }) => outcome)).toEqual(["holds", "holds"]);
  }, 60_000);

  it("gives the same counts and the same way every time", () => {
    const question: WorldQuestion = { rf: 2, faults: "slow 1, power-loss 1", asks: "acked-survive" };
    const [one, other] = [exploreWorld(question), exploreWorld(question)];
    expect(other.statistics).toEqual(one.statistics);
    expect(wayOf(other)).toEqual(wayOf(one));
  }, 60_000);
});
