import { unreachable } from "../../core/assert.js";
import type { AdminCommand } from "../../protocol/controller/event.js";
import { controllerName } from "../../protocol/ids.js";
import { recordBytes } from "../../protocol/log/record.js";
import type { Channel } from "../../protocol/step.js";
import type { Action } from "../action.js";
import { valuesOf } from "./ast.js";
import { ParseFailure } from "./diagnostic.js";
import { lexLine, quoteWord } from "./lexer.js";
import { formatDuration, LineReader } from "./line-reader.js";
import type { Names } from "./names.js";
import { formatSetting } from "./settings.js";
import { formatTimer } from "./timer-text.js";
import { readStep } from "./verbs/index.js";

/**
 * The one text form of an action: what traces and counterexamples print, and what a stepwise scenario reads.
 * `parseAction` is its inverse.
 */
export function formatAction(action: Action): string {
  switch (action.type) {
    case "deliverRequest":
      return `deliver ${action.client}>${action.server} ${formatChannel(action.channel)}`;
    case "deliverResponse":
      return `deliver ${action.client}<${action.server} ${formatChannel(action.channel)}`;
    case "readMetadata":
      return `${action.brokerId} reads metadata`;
    case "brokerTimer":
      return `fire ${action.brokerId} ${formatTimer(action.timer)}`;
    case "controllerTimer":
      return `fire ${controllerName} ${formatTimer(action.timer)}`;
    case "producerTimer":
      return `fire ${action.producer} ${formatTimer(action.timer)}`;
    case "consumerTimer":
      return `fire ${action.consumer} ${formatTimer(action.timer)}`;
    case "send":
      return `${action.producer} send ${action.values.map(formatValue).join(" ")} to ${action.partition}`;
    case "transaction":
      return `${action.producer} ${action.step}`;
    case "restartProducer":
      return `${action.producer} restart`;
    case "seek":
      return `${action.consumer} seek ${action.partition} to ${action.offset}`;
    case "crash":
    case "start":
    case "shutdown":
      return `${action.type} ${action.brokerId}`;
    case "crashLosingTail":
      return `crash ${action.brokerId} keeping ${formatLogEnds(action.keep)}`;
    case "wipeDisk":
      return `wipe ${action.brokerId}`;
    case "pause":
    case "resume":
      return `${action.type} ${action.node}`;
    case "cut":
    case "heal":
      return `${action.type} ${action.from} > ${action.to}`;
    case "dropConnections":
      return `drop connections ${action.a} ${action.b}`;
    case "slowLink": {
      const how = action.delayMs === null ? "off" : `by ${formatDuration(action.delayMs)}`;
      return `slow ${action.from} > ${action.to} ${how}`;
    }
    case "slowDisk":
      return `slow-disk ${action.brokerId} ${action.delayMs === 0 ? "off" : `by ${formatDuration(action.delayMs)}`}`;
    case "controllerFailover":
      return "controller failover";
    case "lapse":
      return `lapse ${action.brokerId} ${action.partition} ${action.replicaId}`;
    case "admin":
      return formatAdminCommand(action.command);
    case "throttle":
      return `throttle ${action.brokerId} ${action.bytesPerSecond === null ? "off" : `to ${formatRate(action.bytesPerSecond)}`}`;
    default:
      return unreachable(action);
  }
}

/** Whole records a second where they are, else bytes. */
function formatRate(bytesPerSecond: number): string {
  return bytesPerSecond % recordBytes === 0 ? `${bytesPerSecond / recordBytes}/s` : `${bytesPerSecond}B/s`;
}

export type ActionResult =
  | { readonly ok: true; readonly action: Action }
  | { readonly ok: false; readonly column: number; readonly message: string; readonly hint: string | null };

/** Reads what {@link formatAction} wrote. `names` are those of the scenario it belongs to. */
export function parseAction(text: string, names: Names): ActionResult {
  try {
    const lexed = lexLine(text);
    const reader = lexed.type === "words" ? new LineReader(lexed.words, lexed.end) : new LineReader([], 1);
    const step = readStep(reader, names);
    if (step.type === "action") return { ok: true, action: step.action };
    if (step.type === "send" && step.partition !== null && step.everyMs === null) {
      const { producer, partition } = step;
      return { ok: true, action: { type: "send", producer, partition, values: valuesOf(step.values) } };
    }
    throw new ParseFailure(1, text.length, `"${text}" is not one single action`);
  } catch (failure) {
    if (!(failure instanceof ParseFailure)) throw failure;
    return { ok: false, column: failure.column, message: failure.message, hint: failure.hint };
  }
}

/** A value as `send` takes it: what could be read as something else is quoted. */
export function formatValue(value: string): string {
  const isWord = value === "to" || value === "every" || /^.*?\d\.\..*?\d$/.test(value);
  return isWord ? JSON.stringify(value) : quoteWord(value);
}

/** `fetch:orders-0` reads `fetch orders-0`. */
function formatChannel(channel: Channel): string {
  return channel.replace(":", " ");
}

function formatLogEnds(keep: Readonly<Record<string, number>>): string {
  const ends = Object.entries(keep).map(([partition, end]) => `${partition}=${end}`);
  return ends.length === 0 ? "flushed" : ends.join(" ");
}

function formatAdminCommand(command: AdminCommand): string {
  switch (command.type) {
    case "createTopic": {
      const { assignment } = command;
      const placed =
        "replicas" in assignment
          ? `replicas=${assignment.replicas.map((list) => list.join(",")).join(";")}`
          : `partitions=${assignment.partitions} replication.factor=${assignment.replicationFactor}`;
      return ["create topic", command.topic, placed, ...formatConfigs(command.configs)].join(" ");
    }
    case "deleteTopic":
      return `delete topic ${command.topic}`;
    case "alterConfigs": {
      const { scope } = command;
      const where =
        scope.kind === "topic" ? scope.topic : scope.kind === "broker" ? `broker ${scope.brokerId}` : "cluster";
      return `config ${where} ${formatConfigs(command.changes).join(" ")}`;
    }
    case "electLeaders":
      return `elect ${command.election} ${command.partitions === null ? "all" : command.partitions.join(" ")}`;
    case "reassignPartitions":
      return `reassign ${command.targets
        .map(({ partition, replicas }) => `${partition} ${replicas === null ? "cancel" : `to ${replicas.join(",")}`}`)
        .join(" ")}`;
    case "unregisterBroker":
      return `unregister ${command.brokerId}`;
    case "updateFeature":
      return `feature ${command.feature}=${command.level}`;
    default:
      return unreachable(command);
  }
}

function formatConfigs(configs: Readonly<Record<string, string | null>>): string[] {
  return Object.entries(configs).map(([key, value]) => (value === null ? `-${key}` : formatSetting({ key, value })));
}
