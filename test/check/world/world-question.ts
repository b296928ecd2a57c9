import type { SearchOptions } from "../../../lib/check/budget.js";
import { type Exploration, explore } from "../../../lib/check/explore.js";
import { type Configuration, headOf } from "../../../lib/check/guarantees/configuration.js";
import { promised, type SafetyPromiseId, safetyPromises } from "../../../lib/check/guarantees/safety-promises.js";
import { sendsOf } from "../../../lib/check/guarantees/search-safety.js";
import { parseFaults } from "../../../lib/check/world/faults.js";
import { readyForSearch } from "../../../lib/check/world/ready.js";
import type { Reductions } from "../../../lib/check/world/settle.js";
import type { Move, SearchState } from "../../../lib/check/world/state.js";
import { worldModel } from "../../../lib/check/world/world-model.js";
import { formatAction } from "../../../lib/sim/scenario/action-text.js";
import type { Scenario } from "../../../lib/sim/scenario/ast.js";
import { worldOf } from "../../../lib/sim/scenario/setup.js";

/** A question about the Kafka world, with what most tests leave as it is. */
export interface WorldQuestion {
  readonly rf?: number;
  readonly topic?: Configuration["topic"];
  readonly producer?: Configuration["producer"];
  readonly variant?: string;
  readonly elr?: string;
  readonly faults: string;
  readonly records?: number;
  readonly reductions?: Reductions;
  /** What must not break. Default: the invariants of the protocol. */
  readonly asks?: "invariants" | SafetyPromiseId;
}

export function headFor({ rf = 3, topic = {}, producer = {}, variant, elr }: WorldQuestion): Scenario {
  const result = headOf(
    {
      replicationFactor: rf,
      topic,
      producer,
      ...(variant === undefined ? {} : { variant }),
      ...(elr === undefined ? {} : { elr }),
    },
    ["p"],
    "for-search",
  );
  if (!result.ok) throw new Error(result.diagnostic.message);
  return result.head;
}

export function exploreWorld(
  question: WorldQuestion,
  options: SearchOptions<SearchState> = {},
): Exploration<SearchState, Move> {
  const faults = parseFaults(question.faults);
  if (!faults.ok) throw new Error(faults.what);
  const promises = safetyPromises.filter(({ id }) => id === question.asks);
  const model = worldModel({
    world: readyForSearch(worldOf(headFor(question))).world,
    faults: faults.budget,
    sends: sendsOf({ producers: ["p"], records: question.records ?? 1 }),
    checksInvariants: promises.length === 0,
    ...(question.reductions === undefined ? {} : { reductions: question.reductions }),
  });
  return explore(model, { ...options, properties: promises.map(promised) });
}

/** What the only question came to, in words: the outcome, and of a violation each choice that led there. */
export function wayOf({ findings }: Exploration<SearchState, Move>): readonly string[] {
  return findings[0]?.path?.steps.map(({ action }) => action.actions.map(formatAction).join(" + ")) ?? [];
}
