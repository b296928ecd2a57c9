import type { Random } from "../../core/random.js";
import { type Cluster, scenario } from "../../sim/scenario/builder.js";
import { drawn, optionsFrom, type ReviewOption, type ReviewQuestion } from "./review-question.js";

const assignments: readonly [readonly number[], ...(readonly number[])[]] = [
  [1, 2, 3],
  [1, 3, 2],
  [2, 1, 3],
  [2, 3, 1],
  [3, 1, 2],
  [3, 2, 1],
];

/** Two or three brokers are killed or started again, far enough apart for sessions to end. What is left? */
export function failoverQuestion(random: Random): ReviewQuestion {
  const replicas = drawn(random, assignments);
  const minInsyncReplicas = drawn(random, [1, 2]);
  const cluster = scenario({ brokers: 3, replicas: [replicas], minInsyncReplicas })
    .send("a")
    .run("5s");
  const told: string[] = [];
  const down: number[] = [];
  for (let left = drawn(random, [2, 3]); left > 0; left--) {
    const isReturn = down.length > 0 && (down.length === 2 || random.below(3) === 0);
    const candidates = replicas.filter((broker) => down.includes(broker) === isReturn);
    const broker = candidates[random.below(candidates.length)] ?? 1;
    if (isReturn) down.splice(down.indexOf(broker), 1);
    else down.push(broker);
    cluster.step(`${isReturn ? "start" : "crash"} ${broker}`).run("20s");
    told.push(isReturn ? `broker ${broker} starts again` : `broker ${broker} is killed`);
  }
  const asksForLists = random.below(2) === 0;
  return {
    kind: "failover",
    given: [
      `Replicas: ${replicas.join(",")}; Leader: ${replicas[0]}; leader epoch 0; min.insync.replicas=${minInsyncReplicas}; unclean election off`,
      `twenty seconds apart: ${told.join(", ")}`,
    ],
    ask: asksForLists ? "What do Isr: and Elr: show in the end?" : "Who leads in the end, and in which leader epoch?",
    options: asksForLists ? lists(random, cluster) : leaders(random, cluster, replicas),
    scenario: cluster.text,
  };
}

function leaders(random: Random, cluster: Cluster, replicas: readonly number[]): readonly ReviewOption[] {
  const leader = cluster.value("leader");
  const epoch = Number(cluster.value("epoch"));
  const changes = Number(cluster.value("partition-epoch"));
  const reason =
    cluster
      .why("leader")
      .split("\n")[1]
      ?.trim()
      .replace(/ \[.*$/, "") ?? "The leader has never changed.";
  const elected = epoch === 0 ? "Nobody has been elected since the beginning." : reason;
  const option = (who: string, when: number, right: boolean, because: string): ReviewOption => ({
    text: `${who === "-" ? "nobody leads" : `broker ${who} leads`}, leader epoch ${when}`,
    right,
    because,
  });
  const notSo = (who: string): string => {
    if (who === leader) return `The leader epoch is ${epoch}.`;
    if (who === "-") return elected;
    if (cluster.value(`process(${who})`) === "down") return `Broker ${who} is down.`;
    if (!cluster.value("isr").split(",").includes(who)) return `Broker ${who} is not in the ISR.`;
    return `Broker ${who} is in the ISR; but ${elected[0]?.toLowerCase()}${elected.slice(1)}`;
  };
  return optionsFrom(random, option(leader, epoch, true, elected), [
    ...(changes === epoch
      ? []
      : [option(leader, changes, false, `The partition epoch is ${changes}: it counts changes of the ISR, too.`)]),
    ...[...replicas.map(String), "-"].map((who) => option(who, epoch, false, notSo(who))),
    option(leader, epoch + 1, false, notSo(leader)),
  ]);
}

function lists(random: Random, cluster: Cluster): readonly ReviewOption[] {
  const [isr, elr] = [cluster.value("isr"), cluster.value("elr")];
  const shown = (list: string): string => (list === "-" ? "nobody" : list);
  const option = (inSync: string, eligible: string, right: boolean, because: string): ReviewOption => ({
    text: `Isr: ${shown(inSync)}; Elr: ${shown(eligible)}`,
    right,
    because,
  });
  const dead = "A fenced broker is in no ISR.";
  const outside = `The ELR holds those who left when the ISR fell below the minimum and have not lost their place since: ${elr === "-" ? "nobody" : elr}.`;
  const inside = `The ISR is ${isr === "-" ? "empty" : isr}.`;
  return optionsFrom(random, option(isr, elr, true, `${inside} ${outside}`), [
    option("1,2,3", "-", false, isr === "1,2,3" ? outside : dead),
    option(isr, without(isr), false, outside),
    option(isr, "-", false, outside),
    option(elr, isr, false, `${inside} The two lists are turned round.`),
    option(isr, "1,2,3", false, `${outside} Nobody is in both lists.`),
    option("1", "2,3", false, inside),
    option("2", "1,3", false, inside),
  ]);
}

function without(list: string): string {
  const rest = ["1", "2", "3"].filter((broker) => !list.split(",").includes(broker));
  return rest.length === 0 ? "-" : rest.join(",");
}
