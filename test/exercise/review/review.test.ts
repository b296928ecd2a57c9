import { describe, expect, test } from "vitest";
import { review } from "../../../lib/exercise/review/review.js";
import type { ReviewQuestion } from "../../../lib/exercise/review/review-question.js";
import { parseScenario } from "../../../lib/sim/scenario/parse.js";
import { runScenario } from "../../../lib/sim/scenario/run-scenario.js";

const questions = Array.from({ length: 12 }, (_, seed) => review({ seed, count: 6 })).flat();
const ofKind = (kind: ReviewQuestion["kind"]) => questions.filter((question) => question.kind === kind);
const rightOf = ({ options }: ReviewQuestion) => options.find(({ right }) => right)?.text;

describe("a review", () => {
  test("asks the same for the same seed, and something else for another", () => {
    expect(review({ seed: 5, count: 3 })).toEqual(review({ seed: 5, count: 3 }));
    expect(review({ seed: 5, count: 3 })).not.toEqual(review({ seed: 6, count: 3 }));
  });

  test("has four different options, one of them right, each with its reason", () => {
    expect(questions).toHaveLength(72);
    for (const question of questions) {
      expect(new Set(question.options.map(({ text }) => text)).size, question.ask).toBe(4);
      expect(question.options.filter(({ right }) => right)).toHaveLength(1);
      expect(question.options.every(({ because }) => /^[A-Z].*\.$/.test(because))).toBe(true);
    }
  });

  test("comes with a scenario that can be played", () => {
    for (const { scenario } of questions.slice(0, 12)) {
      const parsed = parseScenario(scenario);
      expect(parsed.ok && runScenario(parsed.scenario, { keepTrace: false }).stopped).toBe(null);
    }
  });
});

// Durability and availability of three replicas: writes with n - min brokers down, m - 1 lost disks (KIP-966, KIP-106).
test.each([
  ["Writes go on while any one", /^acks=all, min.insync.replicas=2, unclean.leader.election.enable=false$/],
  ["Writes go on even while two", /^acks=all, min.insync.replicas=1, /],
  ["No write is acknowledged", /^acks=all, min.insync.replicas=3, /],
])("settings for: %s …", (need, settings) => {
  const asked = ofKind("settings").filter(({ ask }) => ask.startsWith(need));
  expect(asked.length).toBeGreaterThan(2);
  for (const question of asked) expect(rightOf(question)).toMatch(settings);
});

/** The controller's rules in a few lines, for clusters whose brokers are killed and started one at a time. */
function controller(replicas: readonly number[], minimum: number, events: readonly string[]) {
  const alive = new Set(replicas);
  let [isr, elr, leader, epoch, last] = [[...replicas], [] as number[], replicas[0] ?? 0, 0, 0];
  const elect = () => {
    const candidates = isr.length > 0 ? isr : elr;
    const next = replicas.find((broker) => alive.has(broker) && candidates.includes(broker)) ?? 0;
    if (isr.length === 0 && next !== 0) [isr, elr] = [[next], elr.filter((broker) => broker !== next)];
    if (next === leader) return;
    [leader, epoch] = [next, epoch + 1];
  };
  const tidy = (before: readonly number[]) => {
    elr =
      isr.length >= minimum ? [] : [...new Set([...elr, ...before])].filter((broker) => !isr.includes(broker)).sort();
  };
  for (const event of events) {
    const broker = Number(/\d/.exec(event)?.[0]);
    const before = isr;
    if (event.includes("killed")) {
      alive.delete(broker);
      isr = isr.filter((member) => member !== broker);
      tidy(before);
      if (isr.length === 0 && leader === broker) last = broker;
      if (leader === broker) elect();
    } else {
      alive.add(broker);
      // It was killed, so it may have lost its tail: no longer eligible.
      elr = elr.filter((member) => member !== broker);
      if (leader === 0) elect();
      if (leader === 0 && elr.length === 0 && last === broker) [leader, epoch, isr] = [broker, epoch + 1, [broker]];
      if (leader !== 0) {
        isr = [...new Set([...isr, ...alive])].sort();
        tidy([]);
      }
    }
  }
  return { leader, epoch, isr, elr };
}

test("failovers end as the controller's rules say", () => {
  for (const question of ofKind("failover")) {
    const [head = "", story = ""] = question.given;
    const replicas = /Replicas: ([\d,]+)/.exec(head)?.[1]?.split(",").map(Number) ?? [];
    const minimum = Number(/min.insync.replicas=(\d)/.exec(head)?.[1]);
    const end = controller(replicas, minimum, story.split(": ")[1]?.split(", ") ?? []);
    const sorted = (list: readonly number[]) => [...list].sort().join(",");
    const right = rightOf(question) ?? "";
    const isr = /Isr: ([\d,]*)/.exec(right)?.[1]?.split(",").map(Number);
    if (isr === undefined)
      expect(right, story).toBe(
        `${end.leader === 0 ? "nobody" : `broker ${end.leader}`} leads, leader epoch ${end.epoch}`,
      );
    else {
      expect(right.startsWith("Isr: ") ? sorted(isr[0] === 0 ? [] : isr) : "", `${head} ${story}`).toBe(
        sorted(end.isr),
      );
      expect(/Elr: ([\d,]*)/.exec(right)?.[1] ?? "", `${head} ${story}`).toBe(sorted(end.elr));
    }
  }
});

test("records end as the reference says", () => {
  const expected: readonly (readonly [RegExp, string, string])[] = [
    [/10 ms later the leader is killed/, "acks=1", "acknowledged, and lost"],
    [/10 ms later the leader is killed/, "acks=all", "acknowledged, and in the log"],
    [/dead for a while/, "acks=1", "acknowledged, and in the log"],
    [/dead for a while/, "acks=all, min.insync.replicas=1", "acknowledged, and in the log"],
    [/dead for a while/, "acks=all, min.insync.replicas=2", "failed, and certainly not written"],
    [/in the same moment/, "acks=1", "acknowledged, and in the log"],
    [/in the same moment/, "acks=all, min.insync.replicas=1", "acknowledged, and in the log"],
    // Since 3.7 the high watermark stands still below the minimum: a timeout, and the record stays.
    [
      /in the same moment/,
      "acks=all, min.insync.replicas=2",
      "failed as far as the application knows, and yet in the log",
    ],
    [/answers from the leader/, "acks=", "failed as far as the application knows, and yet in the log"],
    [/requests to the leader/, "acks=", "failed with unknown outcome, and not in the log"],
  ];
  const asked = ofKind("fate");
  expect(asked.length).toBeGreaterThan(20);
  for (const question of asked) {
    const story = question.given.join(" ");
    const [, , fate] = expected.find(([words, settings]) => words.test(story) && story.startsWith(settings)) ?? [];
    expect(rightOf(question), story).toBe(fate);
  }
});
