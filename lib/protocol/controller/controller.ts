import { invariant, unreachable } from "../../core/assert.js";
import type { Rules } from "../../kafka/versions.js";
import type { DueTimer } from "../broker/event.js";
import { neverMs } from "../ids.js";
import type { Request, Response } from "../message.js";
import { emptyImage } from "../metadata/apply.js";
import { topicDefaults } from "../metadata/topic-configs.js";
import { type Effect, Outbox } from "../step.js";
import { runAdminCommand } from "./admin.js";
import type { AdminAnswer } from "./admin-answer.js";
import { handleAlterPartition } from "./alter-partition.js";
import { commit } from "./decision.js";
import { handleAssignReplicasToDirs } from "./directories.js";
import type { ControllerEvent, ControllerTimer } from "./event.js";
import { formatDecisions } from "./features.js";
import { handleSessionEnd } from "./fencing.js";
import { handleHeartbeat } from "./heartbeat.js";
import { hasPeriodicUncleanElection, runPreferredRebalance, runUncleanElections } from "./periodic-elections.js";
import { handleRegistration } from "./registration.js";
import { newSession, sessionEndMs } from "./sessions.js";
import type { Controller, ControllerSettings } from "./state.js";

/** What became of the controller, what it asks the world to do, and its answer to an administrator's command. */
export interface ControllerStep {
  readonly controller: Controller;
  readonly effects: readonly Effect[];
  readonly answer: AdminAnswer | null;
}

/**
 * One event of the active controller. Decisions are written to `controller.log` and told as changes; brokers read the
 * log by themselves.
 */
export function stepController(
  controller: Controller,
  event: ControllerEvent,
  nowMs: number,
  rules: Rules,
  explains = true,
): ControllerStep {
  invariant(controller.process === "running", () => `the controller is down and cannot take ${event.type}`);
  const outbox = new Outbox(explains);
  switch (event.type) {
    case "request": {
      const handled = handleRequest(controller, event.request, nowMs, rules, outbox);
      outbox.reply(event.from, event.channel, handled.response);
      return { controller: handled.controller, effects: outbox.effects, answer: null };
    }
    case "timer":
      return {
        controller: fireTimer(controller, event.timer, nowMs, rules, outbox),
        effects: outbox.effects,
        answer: null,
      };
    case "admin": {
      const done = runAdminCommand(controller, event.command, nowMs, rules, outbox);
      return { controller: done.controller, effects: outbox.effects, answer: done.answer };
    }
    case "disconnected":
      // Only silence ends a session; a closed connection says nothing.
      return { controller, effects: [], answer: null };
    case "response":
      invariant(false, () => `the controller sent no request that ${event.from} could answer`);
      break;
    default:
      return unreachable(event);
  }
}

function handleRequest(
  controller: Controller,
  request: Request,
  nowMs: number,
  rules: Rules,
  outbox: Outbox,
): { readonly controller: Controller; readonly response: Response } {
  switch (request.type) {
    case "BrokerHeartbeatRequest":
      return handleHeartbeat(controller, request, nowMs, rules, outbox);
    case "AlterPartitionRequest":
      return handleAlterPartition(controller, request, nowMs, rules, outbox);
    case "BrokerRegistrationRequest":
      return handleRegistration(controller, request, nowMs, rules, outbox);
    case "AssignReplicasToDirsRequest":
      return handleAssignReplicasToDirs(controller, request, nowMs, rules, outbox);
    default:
      invariant(false, () => `a controller does not serve ${request.type}`);
  }
}

function fireTimer(
  controller: Controller,
  timer: ControllerTimer,
  nowMs: number,
  rules: Rules,
  outbox: Outbox,
): Controller {
  switch (timer.name) {
    case "session":
      return handleSessionEnd(controller, timer.brokerId, nowMs, rules, outbox);
    case "preferredRebalance":
      return runPreferredRebalance(controller, nowMs, rules, outbox);
    case "uncleanElection":
      return runUncleanElections(controller, nowMs, rules, outbox);
    default:
      return unreachable(timer);
  }
}

/** Everything the controller waits for, and when it is due. Sessions in order of broker id. */
export function controllerTimers({ settings, sessions, dueMs }: Controller): DueTimer<ControllerTimer>[] {
  const timers: DueTimer<ControllerTimer>[] = [];
  for (const session of sessions) {
    const endMs = sessionEndMs(session, settings);
    if (endMs !== null) timers.push({ timer: { name: "session", brokerId: session.brokerId }, dueMs: endMs });
  }
  if (settings.autoLeaderRebalanceEnable && dueMs.preferredRebalance !== neverMs)
    timers.push({ timer: { name: "preferredRebalance" }, dueMs: dueMs.preferredRebalance });
  if (dueMs.uncleanElection !== neverMs)
    timers.push({ timer: { name: "uncleanElection" }, dueMs: dueMs.uncleanElection });
  return timers;
}

/** The controller of a cluster that has just been formatted; the log begins with what formatting writes. */
export function newController(
  settings: ControllerSettings,
  staticConfigs: Readonly<Record<string, string>>,
  rules: Rules,
  nowMs: number,
): Controller {
  const unwritten: Controller = {
    settings,
    process: "running",
    controllerEpoch: 1,
    image: emptyImage(staticConfigs, topicDefaults(rules)),
    log: [],
    sessions: [],
    dueMs: {
      preferredRebalance: settings.autoLeaderRebalanceEnable
        ? nowMs + settings.leaderImbalanceCheckIntervalMs
        : neverMs,
      uncleanElection: hasPeriodicUncleanElection(rules) ? nowMs + settings.uncleanLeaderElectionIntervalMs : neverMs,
    },
    metrics: noElections,
  };
  return commit(unwritten, formatDecisions(unwritten.image, rules), nowMs, rules, new Outbox());
}

/**
 * Another controller becomes active: it has the same log and none of the soft state, so all sessions of unfenced
 * brokers begin anew (source: ClusterControlManager.activate), and so do the periodic tasks and the meters.
 */
export function failoverController(controller: Controller, nowMs: number): Controller {
  const { settings, image, dueMs } = controller;
  return {
    ...controller,
    process: "running",
    controllerEpoch: controller.controllerEpoch + 1,
    sessions: image.brokers.map(({ brokerId, fenced }) => ({
      ...newSession(brokerId),
      lastContactTimeMs: fenced ? null : nowMs,
    })),
    dueMs: {
      preferredRebalance:
        dueMs.preferredRebalance === neverMs ? neverMs : nowMs + settings.leaderImbalanceCheckIntervalMs,
      uncleanElection: dueMs.uncleanElection === neverMs ? neverMs : nowMs + settings.uncleanLeaderElectionIntervalMs,
    },
    metrics: noElections,
  };
}

const noElections = { uncleanLeaderElections: 0, electionsFromEligibleLeaderReplicas: 0 };
