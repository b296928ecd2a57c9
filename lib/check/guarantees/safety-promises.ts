import { itemAt, itemsOf } from "../../core/append-list.js";
import { firstMissingCommitted } from "../../sim/history.js";
import { countingReplicas, ledger } from "../../sim/ledger.js";
import type { World } from "../../sim/world.js";
import { type Always, always } from "../properties.js";
import type { SearchState } from "../world/state.js";

export const safetyPromiseIds = ["acked-survive", "read-stays", "no-duplicate", "order-kept"] as const;
export type SafetyPromiseId = (typeof safetyPromiseIds)[number];

/** A promise about what the records come to, which a single world can break. */
export interface SafetyPromise {
  readonly id: SafetyPromiseId;
  /** The promise in words. */
  readonly claim: string;
  /** The records that break it in this world, in words; null where it is kept. */
  readonly broken: (world: World) => string | null;
}

export const safetyPromises: readonly SafetyPromise[] = [
  {
    id: "acked-survive",
    claim: "acknowledged writes survive",
    broken: (world) => {
      const lost = ledger(world).find(({ fate }) => fate === "acked-lost");
      return lost === undefined ? null : `record ${lost.send.value} was acknowledged and is in no log that counts`;
    },
  },
  {
    id: "read-stays",
    claim: "nothing that could be read disappears later",
    broken: (world) => {
      for (const committed of world.history.committed) {
        if (committed.replacedOffsets.length > 0)
          return `two different records could be read at offset ${committed.replacedOffsets[0]}`;
        const replicas = countingReplicas(world, committed.partition);
        if (replicas.length === 0) continue;
        const missing = replicas.map(({ log }) => firstMissingCommitted(committed, log));
        if (missing.includes(null)) continue;
        const offset = Math.max(...missing.map((at) => at ?? 0));
        return `record ${itemAt(committed.records, offset)?.value} could be read at offset ${offset} and is gone`;
      }
      return null;
    },
  },
  {
    id: "no-duplicate",
    claim: "no record is stored twice",
    broken: (world) => {
      const twice = ledger(world).find(({ copies }) => copies > 1);
      return twice === undefined ? null : `record ${twice.send.value} is in the log ${twice.copies} times`;
    },
  },
  {
    id: "order-kept",
    claim: "records are stored in the order they were sent",
    broken: orderBroken,
  },
];

/** Of each producer: a record whose first copy stands before that of one sent earlier. */
function orderBroken(world: World): string | null {
  const sends = itemsOf(world.history.sends);
  for (const partition of new Set(sends.map((send) => send.partition)))
    for (const { log } of countingReplicas(world, partition)) {
      const values = log.chunks.flatMap((chunk) => chunk.map(({ value }) => value));
      const places = sends
        .filter((send) => send.partition === partition)
        .map((send) => ({ ...send, at: values.indexOf(send.value) }))
        .filter(({ at }) => at >= 0);
      for (const [index, later] of places.entries())
        for (const earlier of places.slice(0, index))
          if (earlier.producer === later.producer && earlier.at > later.at)
            return `record ${later.value} stands before ${earlier.value}, which was sent first`;
    }
  return null;
}

/** The promise as a property of a search. */
export function promised({ claim, broken }: SafetyPromise): Always<SearchState> {
  return always(claim, ({ world }: SearchState) => broken(world) === null);
}
