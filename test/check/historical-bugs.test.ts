import { describe, expect, it } from "vitest";
import { explore } from "../../lib/check/explore.js";
import { always } from "../../lib/check/properties.js";
import { readyForSearch } from "../../lib/check/world/ready.js";
import type { SearchState } from "../../lib/check/world/state.js";
import { worldModel } from "../../lib/check/world/world-model.js";
import { logEndOffset } from "../../lib/protocol/log/log.js";
import { replicaOn } from "../../lib/sim/ledger.js";
import { parseScenario } from "../../lib/sim/scenario/parse.js";
import { runScenario } from "../../lib/sim/scenario/run-scenario.js";
import { exploreWorld, type WorldQuestion, wayOf } from "./world/world-question.js";

/**
 * Bugs that Kafka had, each found as the shortest way to its harm. The lengths follow from the stories (PROTOCOL: which
 * fault, which late message); today's rules, asked the same with the same number of choices, break nothing.
 */
interface HistoricalBug extends WorldQuestion {
  readonly variant: string;
  readonly breaks: string;
  /** Topic settings of today, where the bug was a default. */
  readonly today?: WorldQuestion["topic"];
  /** Every choice of the shortest way; deliveries that follow by themselves are not choices. */
  readonly way: readonly string[];
}

const bugs: readonly HistoricalBug[] = [
  {
    // The first follower's high watermark is one round late when it hears of the new leader, and it cuts its log there.
    variant: "truncate-to-high-watermark",
    topic: { "min.insync.replicas": "1" },
    faults: "crash 2",
    breaks: "LeaderCandidateCompleteness",
    way: [
      "p send a to orders-0",
      "fire 1 fetch orders-0",
      "fire 1 fetch orders-0",
      "fire 2 fetch orders-0",
      "fire 2 fetch orders-0",
      "crash 3",
      "fire controller session 3",
      "2 reads metadata",
    ],
  },
  {
    variant: "isr-shrunk-before-stored",
    topic: { "min.insync.replicas": "1" },
    faults: "slow 1, crash 1",
    breaks: "ReplicationQuorumSuperset",
    way: ["p send a to orders-0", "lapse 3 orders-0 1 + fire 3 isr-expiration"],
  },
  {
    variant: "high-watermark-ignores-proposed",
    topic: { "min.insync.replicas": "1" },
    faults: "crash 1",
    breaks: "ReplicationQuorumSuperset",
    way: [
      "crash 3",
      "fire controller session 3",
      "start 3",
      "fire 3 fetch orders-0",
      "deliver 1>controller alter-partition",
    ],
  },
  {
    // acks=1 is written below the minimum, and commits with one copy: the first that left the ISR is still in the ELR.
    variant: "high-watermark-under-min-isr",
    topic: { "min.insync.replicas": "2" },
    producer: { acks: "1" },
    faults: "slow 2",
    breaks: "LeaderCandidateCompleteness",
    way: [
      "p send a to orders-0",
      "lapse 3 orders-0 1 + fire 3 isr-expiration",
      "3 reads metadata",
      "lapse 3 orders-0 2 + fire 3 isr-expiration",
      "3 reads metadata",
    ],
  },
  {
    variant: "last-replica-standing",
    topic: { "min.insync.replicas": "2" },
    faults: "slow 2, power-loss 1",
    breaks: "LeaderCompleteness",
    way: [
      "p send a to orders-0",
      "fire 1 fetch orders-0",
      "lapse 3 orders-0 2 + fire 3 isr-expiration",
      "3 reads metadata",
      "lapse 3 orders-0 1 + fire 3 isr-expiration",
      "fire 1 fetch orders-0",
      "crash 3 keeping orders-0=0",
      "fire controller session 3",
      "start 3",
    ],
  },
  {
    variant: "unclean-by-default",
    rf: 2,
    topic: { "min.insync.replicas": "1", "unclean.leader.election.enable": "true" },
    today: { "min.insync.replicas": "1" },
    faults: "slow 1, crash 1",
    asks: "acked-survive",
    breaks: "acknowledged writes survive",
    way: [
      "p send a to orders-0",
      "lapse 2 orders-0 1 + fire 2 isr-expiration",
      "2 reads metadata",
      "crash 2",
      "fire controller session 2",
    ],
  },
];

describe("historical bugs", () => {
  it.each(bugs)(
    "$variant breaks $breaks, and today's rules do not",
    (bug) => {
      const found = exploreWorld(bug);
      const broken = found.findings[0];
      expect(broken?.outcome).toBe("violated");
      expect(broken?.path?.steps.at(-1)?.state.breach?.invariant ?? broken?.property.name).toBe(bug.breaks);
      expect(wayOf(found)).toHaveLength(bug.way.length);
      expect(wayOf(found)).toEqual(bug.way);

      const { variant: _, today, ...question } = bug;
      const now = exploreWorld({ ...question, topic: today ?? bug.topic ?? {} }, { maxDepth: bug.way.length + 1 });
      expect(now.findings[0]?.outcome).not.toBe("violated");
      // The search went as far as the bug is long, and was cut by nothing else.
      expect(["depth", "complete"]).toContain(now.statistics.endedBy);
    },
    120_000,
  );
});

/**
 * A broker that loses its disk while the leader's proposal to take it back is under way: too many choices from an idle
 * cluster, so the search begins where broker 1 has just returned. In releases that know directories the new disk makes the
 * proposal stale, so this needs one that does not.
 */
describe("no-broker-epoch", () => {
  /** Not what a last replica standing does: here another member of the ISR holds what the leader has lost. */
  const leadsWithRecords = ({ world }: SearchState): boolean => {
    const [registration] = world.controller.image.partitions;
    const endOn = (brokerId: number): number => {
      const log = replicaOn(world, brokerId, "orders-0")?.log;
      return log === undefined ? 0 : logEndOffset(log);
    };
    const leader = world.brokers.find(({ brokerId }) => brokerId === registration?.leader);
    if (registration === undefined || leader?.process !== "running") return true;
    return endOn(registration.leader) > 0 || registration.isr.every((member) => endOn(member) === 0);
  };

  const search = (variant: string) => {
    const parsed = parseScenario(
      [
        `cluster brokers=3 kafka=3.6 ${variant} delay=100ms replica.fetch.wait.max.ms=0`,
        "topic orders replicas=3,1,2 min.insync.replicas=2",
        "producer p linger.ms=0",
        "at 1s      crash 1",
        "at 15s     p send a",
        "at 20s     start 1",
        "at 20001ms isolate 1 from brokers",
        "at 25s     heal",
      ].join("\n"),
    );
    if (!parsed.ok) throw new Error(parsed.diagnostics[0].message);
    const { world } = readyForSearch(runScenario(parsed.scenario, { keepTrace: false }).world);
    const model = worldModel({ world, faults: { "disk-loss": 1, crash: 1 }, sends: [], checksInvariants: false });
    return explore(model, { maxDepth: 9, properties: [always("no empty replica leads others", leadsWithRecords)] });
  };

  it("elects an empty replica cleanly", () => {
    const found = search("variant=no-broker-epoch");
    expect(found.findings[0]?.outcome).toBe("violated");
    // The fetch that the cut had held brought the record; the next one says so, and the leader proposes.
    expect(wayOf(found)).toEqual([
      "fire 1 fetch orders-0",
      "wipe 1",
      "fire controller session 1",
      "start 1",
      "deliver 3>controller alter-partition",
      "crash 3",
      "fire controller session 3",
    ]);
  }, 120_000);

  it("does not with broker epochs", () => {
    expect(search("").findings[0]?.outcome).not.toBe("violated");
  }, 120_000);
});
