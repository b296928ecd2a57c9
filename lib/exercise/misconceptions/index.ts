import type { NamedMisconception } from "../verdict.js";
import { availabilityMisconceptions } from "./availability.js";
import { clientMisconceptions } from "./clients.js";
import { durabilityMisconceptions } from "./durability.js";
import { historyMisconceptions } from "./history.js";
import type { Evidence, Misconception } from "./misconception.js";
import { operationMisconceptions } from "./operations.js";
import { replicationMisconceptions } from "./replication.js";

/** Every belief that a verdict can name. Where several fit, the one that stands first here is told first. */
export const misconceptions: readonly Misconception[] = [
  ...durabilityMisconceptions,
  ...availabilityMisconceptions,
  ...replicationMisconceptions,
  ...clientMisconceptions,
  ...operationMisconceptions,
  ...historyMisconceptions,
];

/** The beliefs that this answer suggests, those its own choices name first. */
export function suggestedBy(evidence: Evidence): readonly NamedMisconception[] {
  const named = evidence.named.flatMap((id) => misconceptions.filter((candidate) => candidate.id === id));
  const wrong = evidence.predictions.filter(({ right }) => !right);
  const suggested = misconceptions.filter(
    ({ suggests, foretold }) =>
      suggests?.(evidence) === true || (foretold !== undefined && wrong.some((prediction) => foretold(prediction))),
  );
  return [...new Set([...named, ...suggested])].map(({ id, belief, explanation, scenario }) => ({
    id,
    belief,
    explanation,
    scenario,
  }));
}
