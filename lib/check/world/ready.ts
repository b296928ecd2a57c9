import type { Action } from "../../sim/action.js";
import type { World } from "../../sim/world.js";
import { allReductions, settle } from "./settle.js";

/**
 * Settings that make a cluster fit for a search: fetches are answered at once instead of being held (a search has no clock
 * to hold them by, and "later" is among its choices anyway), with links so slow that the set-up makes few rounds.
 */
export const searchSettings: Readonly<Record<string, string>> = { delay: "100ms", "replica.fetch.wait.max.ms": "0" };

export interface Ready {
  readonly world: World;
  /** What was under way in the ready cluster, and is let arrive before the search begins. */
  readonly actions: readonly Action[];
}

export function readyForSearch(world: World): Ready {
  return settle(world, allReductions);
}
