import type { Scenario } from "../../sim/scenario/ast.js";
import { worldOf } from "../../sim/scenario/setup.js";
import type { SearchOptions } from "../budget.js";
import { explore } from "../explore.js";
import { isTrue, type Predicate } from "../predicate/predicate.js";
import { sometimes } from "../properties.js";
import type { Statistics } from "../statistics.js";
import type { FaultBudget } from "../world/faults.js";
import { readyForSearch } from "../world/ready.js";
import { reductionsFor } from "../world/settle.js";
import type { SearchState } from "../world/state.js";
import { type WorldSearch, worldModel } from "../world/world-model.js";
import { partitionName } from "./configuration.js";
import { counterexample } from "./counterexample.js";
import { played, sendsOf } from "./search-safety.js";

export interface Found {
  readonly outcome: "found" | "nowhere" | "inconclusive";
  readonly steps: number | null;
  readonly scenario: Scenario | null;
  readonly statistics: Statistics;
}

/** The shortest way to a world in which a predicate is true. */
export function findShortest(
  head: Scenario,
  { text, predicate }: { readonly text: string; readonly predicate: Predicate },
  { faults, records }: { readonly faults: FaultBudget; readonly records: number },
  options: SearchOptions<SearchState> = {},
): Found {
  const ready = readyForSearch(worldOf(head));
  const sends = sendsOf({ producers: ["p"], records });
  const reductions = { ...reductionsFor(ready.world.rules), calmIsTheEnd: false };
  const search: WorldSearch = { world: ready.world, faults, sends, reductions, checksInvariants: false };
  const wanted = sometimes(text, ({ world }: SearchState) => isTrue(predicate, world, partitionName));
  const { findings, statistics } = explore(worldModel(search), { ...options, properties: [wanted] });
  const [finding] = findings;
  const moves = finding?.path?.steps.map(({ action }) => action) ?? null;
  if (finding?.outcome !== "holds" || moves === null)
    return {
      outcome: finding?.outcome === "violated" ? "nowhere" : "inconclusive",
      steps: null,
      scenario: null,
      statistics,
    };
  const { actions } = played(search, ready.actions, moves);
  const found = counterexample(head, actions, (world) =>
    isTrue(predicate, world, partitionName) ? `here ${text}` : null,
  );
  return { outcome: "found", steps: moves.length, scenario: found?.scenario ?? null, statistics };
}
