import type { Broker } from "../../protocol/broker/state.js";
import type { MetadataRecord } from "../../protocol/metadata/record.js";
import { metadataBatchFor } from "../../sim/metadata-delivery.js";
import type { World } from "../../sim/world.js";
import { servingLeader } from "./acting-leader.js";

/** Whether a broker has metadata to read of which it does not matter when it reads it. */
export function isOfNoConcern(world: World, broker: Broker): boolean {
  if (broker.process === "down") return false;
  const batch = metadataBatchFor(world, broker);
  if (batch === null) return false;
  return batch.records.every((record) => !concerns(world, broker, record));
}

function concerns(world: World, broker: Broker, record: MetadataRecord): boolean {
  switch (record.type) {
    case "BrokerRegistrationChangeRecord":
    case "RegisterBrokerRecord":
      return record.brokerId === broker.brokerId;
    case "PartitionChangeRecord": {
      const replica = broker.replicas.find(({ partition }) => partition === record.partition);
      if (replica === undefined || replica.role === "offline") return false;
      if (replica.role === "leader") return true;
      return record.leader !== undefined && servingLeader(world, replica) !== null;
    }
    default:
      return true;
  }
}
