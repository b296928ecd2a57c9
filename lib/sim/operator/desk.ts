import type { AdminAnswer } from "../../protocol/controller/admin-answer.js";
import type { AdminCommand } from "../../protocol/controller/event.js";
import type { MetadataImage } from "../../protocol/metadata/image.js";
import { currentMetadata, type World } from "../world.js";

/** What a tool works with: the cluster as it stands, and a way to ask the controller for something. */
export interface Desk {
  /** The cluster now; another one after each `ask`. */
  readonly world: World;
  /** Null where nobody answers: the controller is down or out of reach. */
  ask(command: AdminCommand): AdminAnswer | null;
}

export function imageAt(desk: Desk): MetadataImage {
  return currentMetadata(desk.world);
}

/** What the tools print when nobody answers in time (source: KafkaAdminClient's TimeoutException). */
export const timedOut =
  "java.util.concurrent.ExecutionException: org.apache.kafka.common.errors.TimeoutException: Timed out waiting for a node assignment.";
