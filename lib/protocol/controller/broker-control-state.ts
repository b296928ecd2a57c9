/** Where a broker stands with the controller (Kafka: `BrokerControlState`). */
export type BrokerControlState = "fenced" | "unfenced" | "controlled-shutdown" | "shutdown-now";

/** What a heartbeat says, and what the controller knows when it arrives. */
export interface HeartbeatFacts {
  readonly wantFence: boolean;
  readonly wantShutDown: boolean;
  /** The broker has read the metadata log up to its own registration. */
  readonly caughtUp: boolean;
  readonly hasLeaderships: boolean;
  readonly controlledShutdownOffset: number;
  /** See `lowestActiveOffset`. */
  readonly lowestActiveOffset: number;
}

/**
 * The next state of a broker that sends a heartbeat. Source: BrokerHeartbeatManager.calculateNextBrokerState.
 *
 * A shutting-down broker may go when it leads nothing any more and every active broker has seen that.
 */
export function nextBrokerState(
  current: Exclude<BrokerControlState, "shutdown-now">,
  heartbeat: HeartbeatFacts,
): BrokerControlState {
  switch (current) {
    case "fenced":
      if (heartbeat.wantShutDown) return "shutdown-now";
      return !heartbeat.wantFence && heartbeat.caughtUp ? "unfenced" : "fenced";
    case "unfenced":
      if (heartbeat.wantFence) return heartbeat.wantShutDown ? "shutdown-now" : "fenced";
      if (!heartbeat.wantShutDown) return "unfenced";
      return heartbeat.hasLeaderships ? "controlled-shutdown" : "shutdown-now";
    case "controlled-shutdown":
      if (heartbeat.hasLeaderships) return "controlled-shutdown";
      return heartbeat.controlledShutdownOffset <= heartbeat.lowestActiveOffset
        ? "shutdown-now"
        : "controlled-shutdown";
  }
}
