import { invariant } from "../../core/assert.js";
import type { Random } from "../../core/random.js";
import { type Cluster, scenario } from "../../sim/scenario/builder.js";
import { drawn, optionCount, type ReviewOption, type ReviewQuestion, shuffled } from "./review-question.js";

/** Settings that an exam would offer, for three replicas. */
interface Settings {
  readonly acks: 0 | 1 | "all";
  readonly minInsyncReplicas: number;
  readonly unclean: boolean;
}

/** What is found when one demand is played against settings. */
interface Finding {
  readonly met: boolean;
  /** What happened, as a clause: `with one broker down a write is taken`. */
  readonly said: string;
  readonly cluster: Cluster;
}

type Demand = (settings: Settings) => Finding;

/** A need in words, and the runs that decide whether settings meet it. */
interface Need {
  readonly words: string;
  readonly demands: readonly Demand[];
}

const minima = [1, 2, 3];
const grid: readonly Settings[] = ([0, 1, "all"] as const).flatMap((acks) =>
  minima.flatMap((minInsyncReplicas) => [false, true].map((unclean) => ({ acks, minInsyncReplicas, unclean }))),
);

const needs: readonly [Need, ...Need[]] = [
  {
    words:
      "Writes go on while any one broker is down. Nothing acknowledged is lost when the leader's disk dies at a bad moment, or when two brokers are killed.",
    demands: [writesTaken(1), survivesLostDisk, survivesTwoKilled],
  },
  {
    words: "Writes go on even while two brokers are down. Nothing acknowledged is lost when only the leader is killed.",
    demands: [writesTaken(2), survivesKilledLeader],
  },
  {
    words: "No write is acknowledged unless all three brokers have it.",
    demands: [acknowledgedByThree],
  },
];

/** Which of four settings meets a need? */
export function settingsQuestion(random: Random): ReviewQuestion {
  const need = drawn(random, needs);
  const judged = shuffled(random, grid).map((settings) => ({ settings, findings: findingsOf(need, settings) }));
  const [right] = judged.filter(({ findings }) => findings.every(({ met }) => met));
  invariant(right !== undefined, () => `some settings meet "${need.words}"`);
  const wrong = judged.filter(({ findings }) => findings.some(({ met }) => !met)).slice(0, optionCount - 1);
  return {
    kind: "settings",
    given: ["replication factor 3, ELR on, an idempotent producer where its acks allow it"],
    ask: `${need.words} Which settings meet this?`,
    options: shuffled(random, [right, ...wrong]).map(({ settings, findings }) => option(settings, findings)),
    scenario: right.findings.at(-1)?.cluster.text ?? "",
  };
}

/** The demands in order, up to the first that is not met. */
function findingsOf({ demands }: Need, settings: Settings): readonly Finding[] {
  const findings: Finding[] = [];
  for (const demand of demands) {
    findings.push(demand(settings));
    if (findings.at(-1)?.met === false) break;
  }
  return findings;
}

function option({ acks, minInsyncReplicas, unclean }: Settings, findings: readonly Finding[]): ReviewOption {
  const broken = findings.find(({ met }) => !met);
  const said = broken === undefined ? findings.map((finding) => finding.said).join("; ") : broken.said;
  return {
    text: `acks=${acks}, min.insync.replicas=${minInsyncReplicas}, unclean.leader.election.enable=${unclean}`,
    right: broken === undefined,
    because: `${said[0]?.toUpperCase() ?? ""}${said.slice(1)}.`,
  };
}

function start({ acks, minInsyncReplicas, unclean }: Settings): Cluster {
  const topicConfig = { "unclean.leader.election.enable": unclean };
  return scenario({ brokers: 3, acks, minInsyncReplicas, topicConfig }).send("before").run("1s");
}

function writesTaken(down: 1 | 2): Demand {
  return (settings) => {
    const cluster = start(settings);
    for (let broker = 3; broker > 3 - down; broker--) cluster.crash(broker);
    cluster.run("20s").send("x").run("30s");
    const met = cluster.value("outcome(x)") === "acked";
    const brokers = down === 1 ? "one broker" : "two brokers";
    return {
      met,
      said: `with ${brokers} down a write is ${met ? "taken" : "refused and tried again in vain"}`,
      cluster,
    };
  };
}

function survivesLostDisk(settings: Settings): Finding {
  const cluster = start(settings).isolate([2, 3], 1).send("first").run("50s").send("x").run("1s");
  cluster.wipe(1).heal().run("20s").start(1).run("30s");
  return survival(cluster, "the followers fall behind, and the disk of the leader dies");
}

function survivesTwoKilled(settings: Settings): Finding {
  const cluster = start(settings).isolate(3, [1, 2]).send("first").run("50s").send("x").run("1s");
  cluster.crash(1).crash(2).heal().run("30s").start(1).start(2).run("30s");
  return survival(cluster, "one follower falls behind, and the other two brokers are killed");
}

function survivesKilledLeader(settings: Settings): Finding {
  const cluster = start(settings).isolate([2, 3], 1).send("x").run("10ms");
  cluster.crash(1).run("20s").heal().start(1).run("30s");
  return survival(cluster, "the leader is killed before anyone has copied the record");
}

function survival(cluster: Cluster, story: string): Finding {
  const lost = cluster.ledger().flatMap(({ send, fate }) => (fate === "acked-lost" ? [send.value] : []));
  const said = lost.length === 0 ? "nothing acknowledged is lost" : `acknowledged and lost: ${lost.join(", ")}`;
  return { met: lost.length === 0, said: `${story}: ${said}`, cluster };
}

function acknowledgedByThree(settings: Settings): Finding {
  const cluster = start(settings).crash(3).run("20s").send("x").run("30s");
  const met = cluster.value("outcome(x)") !== "acked";
  const said = met
    ? "with one broker down nothing is acknowledged"
    : "with one broker down a write is acknowledged by the two that are left, or by fewer";
  return { met, said, cluster };
}
