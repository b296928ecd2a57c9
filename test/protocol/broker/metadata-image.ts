import type { BrokerId } from "../../../lib/protocol/ids.js";
import { emptyImage } from "../../../lib/protocol/metadata/apply.js";
import type { MetadataImage } from "../../../lib/protocol/metadata/image.js";
import type { PartitionRegistration } from "../../../lib/protocol/metadata/partition.js";

export const topic = "orders";
export const partition = "orders-0";

export function brokerEpochOf(brokerId: BrokerId): number {
  return 100 + brokerId;
}

export function directoryOf(brokerId: BrokerId): number {
  return 1000 + brokerId;
}

export function imageOf(
  registration: PartitionRegistration,
  brokerIds: readonly BrokerId[],
  minInsyncReplicas: number,
  racks: Readonly<Record<BrokerId, string>> = {},
): MetadataImage {
  return {
    ...emptyImage({}),
    nextOffset: 1000,
    brokers: [...brokerIds]
      .sort((a, b) => a - b)
      .map((brokerId) => ({
        brokerId,
        incarnationId: 1,
        brokerEpoch: brokerEpochOf(brokerId),
        fenced: false,
        inControlledShutdown: false,
        rack: racks[brokerId] ?? null,
        directoryId: directoryOf(brokerId),
      })),
    topics: [{ topic, configs: {}, minInsyncReplicas, uncleanLeaderElectionEnable: false }],
    partitions: [registration],
  };
}
