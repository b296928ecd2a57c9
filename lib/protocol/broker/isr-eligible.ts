import type { Rules } from "../../kafka/versions.js";
import { noBrokerEpoch } from "../ids.js";
import { type MetadataImage, registrationOf } from "../metadata/image.js";
import type { RemoteReplica } from "./state.js";

/**
 * Whether a replica may become a member of the ISR as far as the leader knows: its broker is neither fenced nor shutting
 * down (KIP-841), and its last fetch came from the incarnation that is registered now (KIP-903).
 *
 * Source: Partition.isReplicaIsrEligible.
 */
export function isIsrEligible(metadata: MetadataImage, remote: RemoteReplica, rules: Rules): boolean {
  const registration = registrationOf(metadata, remote.replicaId);
  if (
    rules.fencedReplicaRefusedInIsr &&
    (registration === undefined || registration.fenced || registration.inControlledShutdown)
  ) {
    return false;
  }
  if (!rules.replicaBrokerEpochChecked || remote.brokerEpoch === noBrokerEpoch) return true;
  return remote.brokerEpoch !== null && remote.brokerEpoch === registration?.brokerEpoch;
}
