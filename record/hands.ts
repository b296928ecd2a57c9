import type { AdminCommand } from "../lib/protocol/controller/event.js";
import type { Action } from "../lib/sim/action.js";
import { type Step, valuesOf } from "../lib/sim/scenario/ast.js";
import type { Cluster } from "./cluster.js";
import { Complaint } from "./complaint.js";
import type { Driver } from "./driver.js";
import type { Relay } from "./relay.js";

/** What acts on the cluster. */
export interface Hands {
  readonly cluster: Cluster;
  readonly driver: Driver;
  readonly relay: Relay;
  /** The partition of a send that names none. */
  readonly onlyPartition: string;
  /** Told of topics that come and go. */
  readonly topics: Set<string>;
  send(step: Extract<Step, { readonly type: "send" }>, number: number): Promise<void>;
}

export function handsOf(parts: Omit<Hands, "send">): Hands {
  return {
    ...parts,
    async send({ producer: name, values, partition, everyMs }, send) {
      const all = valuesOf(values);
      const order = (some: readonly string[]): Promise<unknown> =>
        parts.driver.ask("send", { name, send, partition: partition ?? parts.onlyPartition, values: some });
      if (everyMs === null) return void (await order(all));
      all.forEach((value, index) => {
        setTimeout(() => void order([value]).catch(() => {}), index * everyMs);
      });
    },
  };
}

/**
 * Does one action to the real cluster.
 *
 * @returns what an operator was told if it was refused, else null
 */
export async function perform(hands: Hands, action: Action): Promise<string | null> {
  const { cluster, driver, relay } = hands;
  switch (action.type) {
    case "crash":
      await cluster.kill(action.brokerId);
      return null;
    case "crashLosingTail":
      await cluster.kill(action.brokerId);
      return loseTail(hands, action.brokerId, action.keep);
    case "wipeDisk":
      await cluster.wipe(action.brokerId);
      return null;
    case "start":
      await cluster.ended(action.brokerId, endPatienceMs);
      await cluster.run(action.brokerId);
      return null;
    case "shutdown":
      cluster.terminate(action.brokerId);
      return null;
    case "pause":
      cluster.pause(nodeOf(action.node));
      return null;
    case "resume":
      cluster.resume(nodeOf(action.node));
      return null;
    case "cut":
      relay.cut(action.from, action.to);
      return null;
    case "heal":
      relay.heal(action.from, action.to);
      return null;
    case "dropConnections":
      relay.drop(action.a, action.b);
      return null;
    case "slowLink":
      relay.slow(action.from, action.to, action.delayMs);
      return null;
    case "transaction": {
      // A step that waits for its coordinator does not hold up the others.
      const asked = driver.ask("transaction", { name: action.producer, step: action.step });
      const told = await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, transactionPatienceMs))]);
      return typeof told === "string" ? told : null;
    }
    case "restartProducer":
      await driver.ask("restart", { name: action.producer });
      return null;
    case "seek":
      await driver.ask("seek", { name: action.consumer, partition: action.partition, offset: action.offset });
      return null;
    case "admin":
      return administer(hands, action.command);
    default:
      throw new Complaint(`${action.type} cannot be played`);
  }
}

const transactionPatienceMs = 400;

/** A controlled shutdown under way is waited for, so long. */
const endPatienceMs = 30_000;

/** Partitions that are not named keep what was flushed, which is nothing: no log here is ever flushed. */
async function loseTail(
  { cluster, driver, topics }: Hands,
  brokerId: number,
  keep: Readonly<Record<string, number>>,
): Promise<string | null> {
  const notes: string[] = [];
  for (const partition of cluster.replicasOn(brokerId, topics)) {
    const folder = cluster.replicaFolder(brokerId, partition);
    const asked = keep[partition] ?? 0;
    const left = (await driver.ask("truncate", { folder, logEndOffset: asked })) as { readonly logEndOffset: number };
    if (left.logEndOffset !== asked)
      notes.push(`no batch of ${partition} ends at ${asked}: it keeps ${left.logEndOffset}`);
  }
  return notes.length === 0 ? null : notes.join("\n");
}

async function administer({ driver, topics }: Hands, command: AdminCommand): Promise<string | null> {
  switch (command.type) {
    case "createTopic": {
      const { topic, configs, assignment } = command;
      await driver.ask("createTopic", { topic, configs, ...assignment });
      topics.add(topic);
      return null;
    }
    case "deleteTopic":
      await driver.ask("deleteTopic", { topic: command.topic });
      topics.delete(command.topic);
      return null;
    case "alterConfigs": {
      const { scope, changes } = command;
      const name = scope.kind === "topic" ? scope.topic : scope.kind === "broker" ? String(scope.brokerId) : "";
      await driver.ask("configs", { kind: scope.kind === "topic" ? "topic" : "broker", name, changes });
      return null;
    }
    case "electLeaders": {
      const { election, partitions } = command;
      return refusals(await driver.ask("elect", { election, partitions }));
    }
    case "reassignPartitions": {
      const targets = Object.fromEntries(command.targets.map(({ partition, replicas }) => [partition, replicas]));
      return refusals(await driver.ask("reassign", { targets }));
    }
    case "unregisterBroker":
      await driver.ask("unregister", { brokerId: command.brokerId });
      return null;
    case "updateFeature": {
      const { feature, level } = command;
      await driver.ask("feature", { feature, level, isUpgrade: level > 0 });
      return null;
    }
  }
}

/** Of each partition null, or why not. */
function refusals(results: unknown): string | null {
  const entries = Object.entries(results as Record<string, string | null>);
  const refused = entries.flatMap(([name, error]) => (error === null ? [] : [`${name}: ${error}`]));
  return refused.length === 0 ? null : refused.join("\n");
}

function nodeOf(name: string): "controller" | number {
  return name === "controller" ? "controller" : Number(name);
}
