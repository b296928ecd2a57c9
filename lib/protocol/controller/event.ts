import type { BrokerId, TopicPartition } from "../ids.js";
import type { ConfigScope } from "../metadata/record.js";
import type { MessageEvent } from "../step.js";

/** What reaches the controller. */
export type ControllerEvent =
  | MessageEvent
  | { readonly type: "timer"; readonly timer: ControllerTimer }
  /** An administrator's command; its answer is returned beside the effects. */
  | { readonly type: "admin"; readonly command: AdminCommand };

export type ControllerTimer =
  /** This broker's session has expired. */
  | { readonly name: "session"; readonly brokerId: BrokerId }
  | { readonly name: "preferredRebalance" }
  | { readonly name: "uncleanElection" };

export type AdminCommand =
  | {
      readonly type: "createTopic";
      readonly topic: string;
      /** Replicas of each partition in preference order, or how many of each the controller shall place. */
      readonly assignment:
        | { readonly replicas: readonly (readonly BrokerId[])[] }
        | { readonly partitions: number; readonly replicationFactor: number };
      readonly configs: Readonly<Record<string, string>>;
    }
  | { readonly type: "deleteTopic"; readonly topic: string }
  | {
      readonly type: "alterConfigs";
      readonly scope: ConfigScope;
      /** `null` deletes a key. */
      readonly changes: Readonly<Record<string, string | null>>;
    }
  | {
      readonly type: "electLeaders";
      readonly election: "preferred" | "unclean";
      /** `null`: all partitions. */
      readonly partitions: readonly TopicPartition[] | null;
    }
  | {
      readonly type: "reassignPartitions";
      /** New replicas of each partition; `null` cancels a reassignment under way. */
      readonly targets: readonly {
        readonly partition: TopicPartition;
        readonly replicas: readonly BrokerId[] | null;
      }[];
    }
  | { readonly type: "unregisterBroker"; readonly brokerId: BrokerId }
  | { readonly type: "updateFeature"; readonly feature: string; readonly level: number };
