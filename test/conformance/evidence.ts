import { topicNameOf } from "../../lib/protocol/ids.js";
import { lastStableOffset } from "../../lib/protocol/log/transactions.js";
import type { RuleId } from "../../lib/protocol/rules/index.js";
import type { TracedChange, TraceEntry } from "../../lib/sim/trace.js";
import type { World } from "../../lib/sim/world.js";

/** One step of a replay, with the world before it. */
interface Step {
  readonly entry: TraceEntry;
  readonly before: World;
}

/**
 * Rules that say how something is worked out have no change of their own. This is what shows that one has decided
 * something in a step; what came of it is compared with the recording like everything else.
 */
const shownBy: Partial<Record<RuleId, (step: Step) => boolean>> = {
  "election.current-leader-kept": ({ entry: { changes } }) =>
    changes.some(
      ({ fact, rule }) =>
        fact.startsWith("isr/") &&
        /^(?:fencing|controlled-shutdown|registration|unregistration)\./.test(rule) &&
        !changes.some((other) => other.fact === fact.replace("isr/", "leader/")),
    ),
  "log.epoch-assigned": (step) => changedLogs(step).some(({ before, after }) => after.length > before.length),
  "log.end-offset-for-epoch": ({ entry }) => truncations(entry).length > 0,
  "log.truncate-at-common-epoch": (step) => truncations(step.entry).some((change) => knowsEpoch(step, change)),
  "log.truncate-and-ask-again": (step) => truncations(step.entry).some((change) => !knowsEpoch(step, change)),
  "log.truncation-forgets": (step) => changedLogs(step).some(({ before, after }) => after.length < before.length),
  "log.recovery": ({ entry: { changes } }) =>
    changes.some(({ fact, rule }) => fact.startsWith("leo/") && rule === "replica.log-recovered"),
  "log.next-sequence": ({ entry: { changes } }) =>
    changes.some(({ rule }) => rule === "produce.refused-out-of-sequence"),
  // A request that is neither appended nor refused is known already.
  "log.duplicate-batch": ({ entry: { action, changes } }) =>
    action.type === "deliverRequest" &&
    action.channel === "produce" &&
    !changes.some(({ fact }) => fact.startsWith("leo/") || fact.startsWith("refusal/")),
  "log.last-stable-offset": ({ entry: { world } }) =>
    world.consumers.some(({ settings }) => settings.isolationLevel === "read_committed") &&
    world.brokers.some(({ replicas }) =>
      replicas.some(
        (replica) =>
          replica.role === "leader" && lastStableOffset(replica.log, replica.highWatermark) < replica.highWatermark,
      ),
    ),
};

/** Rules that refuse what an operator asks, and how the refusal reads; it is compared word for word. */
export const refusals: Partial<Record<RuleId, RegExp>> = {
  "elr.no-broker-min-isr": /Broker-level min\.insync\.replicas cannot be altered/,
  "elr.cluster-min-isr-always-set": /Cluster-level min\.insync\.replicas cannot be removed/,
};

/** The rules that this step shows: those its changes are booked to, those that occasioned them, and those above. */
export function rulesShown(entry: TraceEntry, before: World): string[] {
  const booked = entry.changes.flatMap(({ rule, numbers }) =>
    typeof numbers.occasion === "string" ? [rule, numbers.occasion] : [rule],
  );
  const step = { entry, before };
  const shown = Object.entries(shownBy).flatMap(([rule, isShown]) => (isShown(step) ? [rule] : []));
  return [...booked, ...shown];
}

function truncations({ changes }: TraceEntry): readonly TracedChange[] {
  return changes.filter(({ rule }) => rule === "follower.truncate-to-divergence");
}

/** Whether the follower knew the epoch that the leader told it. */
function knowsEpoch({ before }: Step, { fact, numbers }: TracedChange): boolean {
  const [, partition = "", brokerId = ""] = /^leo\/(.*)@(\d+)$/.exec(fact) ?? [];
  return epochsOf(before, partition, brokerId).some(({ epoch }) => epoch === numbers.leaderEpoch);
}

/** The epoch caches of logs whose end this step has moved. */
function changedLogs({ entry, before }: Step) {
  return entry.changes.flatMap(({ fact }) => {
    const [, partition, brokerId = ""] = /^(?:leo|role)\/(.*)@(\d+)$/.exec(fact) ?? [];
    if (partition === undefined || topicNameOf(partition) === "") return [];
    return [{ before: epochsOf(before, partition, brokerId), after: epochsOf(entry.world, partition, brokerId) }];
  });
}

function epochsOf(world: World, partition: string, brokerId: string) {
  const broker = world.brokers.find((one) => String(one.brokerId) === brokerId);
  return broker?.replicas.find((replica) => replica.partition === partition)?.log.epochEntries ?? [];
}
