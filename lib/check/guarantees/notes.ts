import { type FaultBudget, faultKinds } from "../world/faults.js";
import { takesDown } from "./availability.js";
import type { Configuration } from "./configuration.js";

/** What one should know to read an answer right. */
export function notesOn(configuration: Configuration, faults: FaultBudget): readonly string[] {
  return [minIsrNote(configuration), acksNote(configuration), availabilityNote(faults)].filter((note) => note !== null);
}

/** `min.insync.replicas` above the replication factor is legal, and means something else than one thinks. */
function minIsrNote({ replicationFactor, topic }: Configuration): string | null {
  const minimum = Number(topic["min.insync.replicas"] ?? "1");
  if (minimum <= replicationFactor) return null;
  return `min.insync.replicas=${minimum} is more than there are replicas. Kafka accepts it; since 3.7 it counts as ${replicationFactor}, before that every acks=all write was refused.`;
}

/** Two settings that look as if they helped each other. */
function acksNote({ topic, producer }: Configuration): string | null {
  const { acks } = producer;
  const minimum = Number(topic["min.insync.replicas"] ?? "1");
  if (minimum <= 1 || (acks !== "0" && acks !== "1")) return null;
  return `min.insync.replicas=${minimum} decides on acks=all writes only: with acks=${acks} it refuses nothing, it only holds the high watermark back.`;
}

function availabilityNote(faults: FaultBudget): string | null {
  const asked = faultKinds.filter((kind) => (faults[kind] ?? 0) > 0);
  const others = asked.filter((kind) => !takesDown.includes(kind));
  if (others.length === 0) return null;
  const faultsText = others.join(" and ");
  return others.length === asked.length
    ? `Availability was not asked about: it is played against brokers that are down (${takesDown.join(", ")}), not against ${faultsText}.`
    : `Availability was played without ${faultsText}: only against brokers that are down.`;
}
