import type { Rules } from "../../kafka/versions.js";
import { neverMs } from "../ids.js";
import type { Outbox } from "../step.js";
import { commit } from "./decision.js";
import { decidePreferredRebalance, decideUncleanElections, electionsPerRunMax } from "./elections.js";
import type { Controller } from "./state.js";

/** Whether the release looks for leaderless partitions that may be led uncleanly from time to time. */
export function hasPeriodicUncleanElection({ uncleanElectionAfterDynamicEnable }: Rules): boolean {
  return uncleanElectionAfterDynamicEnable === "at-next-event-or-interval";
}

/** The periodic preferred election; a run that was cut goes on at once. */
export function runPreferredRebalance(controller: Controller, nowMs: number, rules: Rules, outbox: Outbox): Controller {
  const { settings, dueMs } = controller;
  const decisions = decidePreferredRebalance(controller.image, settings, rules);
  const preferredRebalance = nextRunMs(decisions.length, settings.leaderImbalanceCheckIntervalMs, nowMs);
  return { ...commit(controller, decisions, nowMs, rules, outbox), dueMs: { ...dueMs, preferredRebalance } };
}

/** The periodic unclean election; in releases without it the timer is never due. */
export function runUncleanElections(controller: Controller, nowMs: number, rules: Rules, outbox: Outbox): Controller {
  const { settings, dueMs } = controller;
  if (!hasPeriodicUncleanElection(rules)) return { ...controller, dueMs: { ...dueMs, uncleanElection: neverMs } };
  const decisions = decideUncleanElections(controller.image, "election.unclean-periodic", rules);
  const uncleanElection = nextRunMs(decisions.length, settings.uncleanLeaderElectionIntervalMs, nowMs);
  return { ...commit(controller, decisions, nowMs, rules, outbox), dueMs: { ...dueMs, uncleanElection } };
}

function nextRunMs(elections: number, intervalMs: number, nowMs: number): number {
  return elections >= electionsPerRunMax ? nowMs : nowMs + intervalMs;
}
