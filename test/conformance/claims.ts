import type { SubjectName } from "../../lib/sim/scenario/subjects.js";
import {
  byTopic,
  type FinalLogs,
  firstTopic,
  type RecordedPartition,
  type RecordedSend,
  type RecordedStep,
  type Recording,
} from "./recording.js";

/** What was seen of the real cluster, in the words of a scenario's expectations. */
export interface Claim {
  readonly partition: string;
  /** `describe`: what `kafka-topics --describe` prints of the topic that is the argument. */
  readonly subject: SubjectName | "describe";
  readonly argument: string | null;
  readonly expected: string;
}

/** Everything that a step of a recording says can be seen after it. */
export function claimsOfStep(recording: Recording, step: RecordedStep, only?: string): Claim[] {
  const first = firstTopic(recording);
  const states = Object.entries({
    ...(step.observed === undefined ? {} : { [first]: step.observed }),
    ...step.observedOther,
  });
  const reads = byTopic(recording, step.consumerRead, Array.isArray).filter(([, [value]]) => !value?.startsWith("<"));
  const claims = [
    ...states.flatMap(([topic, state]) => claimsOfPartition(`${topic}-0`, state)).filter(isRepeatable(recording)),
    ...claimsOfSends(step, first),
    ...reads.map(([topic, values]) => claim(`${topic}-0`, "read", `c${step.step}-${topic}`, list(values))),
  ];
  return only === undefined ? claims : claims.filter(({ partition }) => partition === `${only}-0`);
}

/** A metadata update can overtake the answer to a proposal, so these may count less than happened: no two runs agree. */
const racing = ["IsrShrinksPerSec", "IsrExpandsPerSec"];

/** What JMX showed of the processes that answered. */
export function claimsOfMetrics(recording: Recording, { metrics = {} }: Pick<RecordedStep, "metrics">): Claim[] {
  // Kafka's own topic of transactions counts among the partitions; it is no part of the model.
  if (recording.head?.some((line) => / transactional\.id=/.test(line)) === true) return [];
  return Object.entries(metrics).flatMap(([node, values]) =>
    Object.entries(values)
      .filter(([name]) => !racing.includes(name))
      .map(([name, value]) => claim("", "metric", `${node.replace("broker", "")}/${name}`, String(value))),
  );
}

/** How much a producer that never pauses gets done depends on the machine; what the controller decides does not. */
function isRepeatable({ timingDependentFields }: Recording): (claim: Claim) => boolean {
  const counts = timingDependentFields.some((field) => /continuous producers/.test(field));
  return ({ subject }) => !counts || !["hw", "leo", "epochs"].includes(subject);
}

/** What the applications were told: of sends that had no answer yet, that they wait. */
export function claimsOfAnswers(sends: readonly RecordedSend[], partition: string): Claim[] {
  return sends.flatMap(({ value, acks, outcome, offset, error }) => {
    if (outcome === "pending") return [claim(partition, "outcome", value, "pending")];
    if (error !== undefined) {
      const [name = "", exception = ""] = error.split(/[ :]/);
      return [claim(partition, "error", value, name), claim(partition, "exception", value, exception)];
    }
    const acked = claim(partition, "outcome", value, "acked");
    return acks === "0" || offset === undefined || offset < 0
      ? [acked]
      : [acked, claim(partition, "offset", value, String(offset))];
  });
}

export function claimsOfFinalLogs(recording: Recording, only?: string): Claim[] {
  const logs = byTopic<FinalLogs>(recording, recording.finalLogs, (given) =>
    Object.values(given).every((value) => Array.isArray(value)),
  );
  return logs
    .filter(([topic]) => only === undefined || topic === only)
    .flatMap(([topic, byBroker]) =>
      Object.entries(byBroker).map(([broker, records]) =>
        claim(`${topic}-0`, "log", broker, list(records.map((record) => record.replace(/^\d+:e\d+:/, "")))),
      ),
    );
}

export function claimsOfPartition(partition: string, state: RecordedPartition): Claim[] {
  return [
    claim(partition, "leader", null, state.leader === null ? "-" : String(state.leader)),
    claim(partition, "epoch", null, String(state.leaderEpoch)),
    claim(partition, "partition-epoch", null, String(state.partitionEpoch)),
    claim(partition, "isr", null, list(state.isr)),
    ...(state.replicas === undefined ? [] : [claim(partition, "replicas", null, list(state.replicas))]),
    claim(partition, "elr", null, list(state.elr)),
    claim(partition, "last-known-elr", null, list(state.lastKnownElr)),
    claim(partition, "recovery", null, (state.leaderRecoveryState ?? "RECOVERED").toLowerCase()),
    // A deposed leader's answer says nothing about the leader.
    ...(state.highWatermark === null || state.staleAnswer !== undefined
      ? []
      : [claim(partition, "hw", null, String(state.highWatermark))]),
    ...Object.entries(state.logEndOffsets ?? {}).map(([broker, end]) => claim(partition, "leo", broker, String(end))),
    ...Object.entries(state.epochCaches ?? {}).map(([broker, cache]) =>
      claim(partition, "epochs", broker, cache === "" ? "-" : cache),
    ),
  ];
}

function claimsOfSends({ produce = [] }: RecordedStep, first: string): Claim[] {
  return produce.flatMap(({ value, topic = first, outcome, offset, error, acks }) => {
    const partition = `${topic}-0`;
    if (acks === "0") return [claim(partition, "outcome", value, "acked")];
    if (outcome === "acked")
      return [claim(partition, "outcome", value, "acked"), claim(partition, "offset", value, String(offset))];
    const [name = "", exception = ""] = (error ?? "").split(/[ :]/);
    return [claim(partition, "error", value, name), claim(partition, "exception", value, exception)];
  });
}

export function claim(partition: string, subject: Claim["subject"], argument: string | null, expected: string): Claim {
  return { partition, subject, argument, expected };
}

export function list(items: readonly (string | number)[]): string {
  return items.length === 0 ? "-" : items.join(",");
}
