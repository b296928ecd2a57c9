import { byPartition, failed, printed, type ToolOutput, type TopicPartition } from "./output.js";

/** One feature of the cluster; levels as the tool prints them (`4.3-IV0` for metadata.version). */
export interface FeatureDescription {
  readonly name: string;
  readonly minVersion: string;
  readonly maxVersion: string;
  readonly finalizedLevel: string;
}

/** What `kafka-features describe` prints, in the columns of 4.3.1. */
export function describeFeatures(features: readonly FeatureDescription[], epoch: number): ToolOutput {
  const sorted = [...features].sort((left, right) => (left.name < right.name ? -1 : 1));
  return printed(
    ...sorted.map(
      ({ name, minVersion, maxVersion, finalizedLevel }) =>
        `Feature: ${name.padEnd(42)}SupportedMinVersion: ${minVersion.padEnd(17)}SupportedMaxVersion: ${maxVersion.padEnd(17)}` +
        `FinalizedVersionLevel: ${finalizedLevel.padEnd(17)}Epoch: ${epoch}`,
    ),
  );
}

/** What `kafka-features upgrade` or `downgrade` prints for one feature; `refusal` is the controller's reason. */
export function featureChanged(
  verb: "upgrade" | "downgrade",
  name: string,
  level: number,
  refusal?: string,
): ToolOutput {
  if (refusal === undefined) return printed(`${name} was ${verb}d to ${level}.`);
  return failed(`Could not ${verb} ${name} to ${level}. ${refusal}`, "1 out of 1 operation(s) failed.");
}

/**
 * The controller's reason for a level it does not know; without `supported`, for a feature it does not know
 * (source: FeatureControlManager.invalidUpdateVersion).
 */
export function unsupportedLevel(
  name: string,
  level: number,
  controllerId: number,
  supported?: { readonly min: number; readonly max: number },
): string {
  const reason =
    supported === undefined
      ? "does not support this feature."
      : `only supports versions ${supported.min}-${supported.max}`;
  return (
    "The update failed for all features since the following feature had an error: " +
    `Invalid update version ${level} for feature ${name}. Local controller ${controllerId} ${reason}`
  );
}

/** What `kafka-get-offsets` prints; a partition whose offset is not available is left out by the caller. */
export function offsetsOutput(offsets: readonly (TopicPartition & { readonly offset: number })[]): ToolOutput {
  return printed(...[...offsets].sort(byPartition).map((one) => `${one.topic}:${one.partition}:${one.offset}`));
}

/** What `kafka-get-offsets` prints when no partition was meant. */
export function noPartitionsMatched(): ToolOutput {
  return failed("Error occurred: Could not match any topic-partitions with the specified filters");
}

export interface QuorumStatus {
  readonly clusterId: string;
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly highWatermark: number;
  readonly maxFollowerLag: number;
  readonly maxFollowerLagTimeMs: number;
  readonly voters: readonly { readonly id: number; readonly endpoints: readonly string[] }[];
  readonly observers: readonly { readonly id: number; readonly directoryId: string }[];
}

/** What `kafka-metadata-quorum describe --status` prints. */
export function quorumStatus(status: QuorumStatus): ToolOutput {
  const voters = status.voters.map(
    ({ id, endpoints }) => `{"id": ${id}, "endpoints": [${endpoints.map((endpoint) => `"${endpoint}"`).join(", ")}]}`,
  );
  const observers = status.observers.map(({ id, directoryId }) => `{"id": ${id}, "directoryId": "${directoryId}"}`);
  const rows: readonly (readonly [string, string | number])[] = [
    ["ClusterId:", status.clusterId],
    ["LeaderId:", status.leaderId],
    ["LeaderEpoch:", status.leaderEpoch],
    ["HighWatermark:", status.highWatermark],
    ["MaxFollowerLag:", status.maxFollowerLag],
    ["MaxFollowerLagTimeMs:", status.maxFollowerLagTimeMs],
    ["CurrentVoters:", `[${voters.join(", ")}]`],
    ["CurrentObservers:", `[${observers.join(", ")}]`],
  ];
  return printed(...rows.map(([label, value]) => `${label.padEnd(24)}${value}`));
}
