import type { Random } from "../../core/random.js";
import type { Fate } from "../../sim/ledger.js";
import { type Cluster, scenario } from "../../sim/scenario/builder.js";
import type { Keys } from "../../sim/scenario/builder-head.js";
import { drawn, optionsFrom, type ReviewOption, type ReviewQuestion, shuffled } from "./review-question.js";

/** A record x that meets a fault. The application calls `send` once. */
interface Story {
  readonly words: readonly string[];
  readonly producer: Keys;
  readonly play: (cluster: Cluster) => Cluster;
}

const once = { retries: 0, "enable.idempotence": false };
const impatient = { "delivery.timeout.ms": 4000, "request.timeout.ms": 1500 };

const stories: readonly [Story, ...Story[]] = [
  {
    words: ["the followers lose the leader; x is sent; 10 ms later the leader is killed", "later all is repaired"],
    producer: {},
    play: (cluster) => cluster.isolate([2, 3], 1).send("x").run("10ms").crash(1).run("20s").heal().start(1).run("30s"),
  },
  {
    words: ["two followers have been dead for a while; x is sent; nothing is repaired", "retries=0"],
    producer: once,
    play: (cluster) => cluster.crash(2).crash(3).run("20s").send("x").run("60s"),
  },
  {
    words: ["both followers are killed, and in the same moment x is sent; nothing is repaired", "retries=0"],
    producer: once,
    play: (cluster) => cluster.crash(2).crash(3).send("x").run("60s"),
  },
  {
    words: ["answers from the leader are lost for six seconds; x is sent", "delivery.timeout.ms=4000"],
    producer: impatient,
    play: (cluster) => cluster.step("cut 1 > p").send("x").run("6s").heal().run("5s"),
  },
  {
    words: ["requests to the leader are lost for six seconds; x is sent", "delivery.timeout.ms=4000"],
    producer: impatient,
    play: (cluster) => cluster.step("cut p > 1").send("x").run("6s").heal().run("5s"),
  },
];

const fateTexts = {
  "acked-kept": "acknowledged, and in the log",
  "acked-lost": "acknowledged, and lost",
  refused: "failed, and certainly not written",
  "unknown-kept": "failed as far as the application knows, and yet in the log",
  "unknown-gone": "failed with unknown outcome, and not in the log",
} as const satisfies Partial<Record<Fate, string>>;

/** What becomes of a record? */
export function fateQuestion(random: Random): ReviewQuestion {
  const story = drawn(random, stories);
  const acks = drawn<1 | "all">(random, [1, "all"]);
  const minInsyncReplicas = drawn(random, [1, 2]);
  const cluster = scenario({ brokers: 3, acks, minInsyncReplicas, producer: story.producer }).send("a").run("1s");
  const entry = story.play(cluster).ledger()[1];
  const told = entry?.send.outcome;
  const answer =
    told === undefined || told === null ? "nothing yet" : told.result === "acked" ? "acknowledged" : told.error;
  const copies = entry?.copies === 1 ? "one copy" : `${entry?.copies === 0 ? "no" : entry?.copies} copies`;
  const because = `The application is told: ${answer}. The leader's log has ${copies} of x.`;
  const options = Object.entries(fateTexts).map(
    ([fate, text]): ReviewOption => ({ text, right: fate === entry?.fate, because }),
  );
  const [right] = options.filter((option) => option.right);
  return {
    kind: "fate",
    given: [`acks=${acks}, min.insync.replicas=${minInsyncReplicas}, three replicas in sync`, ...story.words],
    ask: "What becomes of x?",
    options: right === undefined ? [] : optionsFrom(random, right, shuffled(random, options)),
    scenario: cluster.text,
  };
}
