import type { NodeName } from "../../protocol/ids.js";
import type { ProtocolAction } from "../action.js";
import { actions } from "../actions.js";
import type { World } from "../world.js";
import { formatAction } from "./action-text.js";
import { ScenarioError } from "./session.js";

export interface Delivery {
  /** The node that asks: a broker's id or a client's name. Default: whoever can. */
  readonly from?: NodeName | number;
  /** `request`: stop when the request has arrived. Default: also its answer, if it comes at once. */
  readonly until?: "request" | "answer";
}

/** Steps that one round may take: a timer, a metadata request, the round itself. */
const stepsMax = 12;

/**
 * Lets one round of messages of a kind happen: whatever has to happen before its request can go out, the request, and
 * its answer if that is ready. An answer that is already on its way is a round of its own.
 *
 * @param perform does one step in the words of a scenario and returns the world after it
 * @throws ScenarioError when nothing of this kind can happen
 */
export function deliverOnce(first: World, kind: string, delivery: Delivery, perform: (text: string) => World): void {
  const from = delivery.from === undefined ? null : String(delivery.from);
  let world = first;
  let asked = false;
  for (let step = 0; step < stepsMax; step++) {
    const offered = actions(world).map(({ action }) => action);
    const next = chooseNext(offered, kind, from, asked);
    if (next === null) {
      if (step > 0) return;
      throw new ScenarioError(nothingToDeliver(world, kind, from));
    }
    world = perform(formatAction(next));
    if (next.type === "deliverResponse" && kindOf(next) === kind) return;
    if (next.type === "readMetadata") return;
    if (next.type === "deliverRequest" && kindOf(next) === kind) {
      if (delivery.until === "request") return;
      asked = true;
    }
  }
}

/** Rounds that an acks=all produce may need before its followers have fetched it. */
const roundsMax = 60;

/**
 * Lets what a producer has already sent come to its end: it is appended, the followers fetch it if it waits for them, and
 * the answer arrives. A broker takes one request of a connection at a time, so until then nothing new can be appended.
 *
 * @throws ScenarioError when a produce cannot be answered, because a follower it waits for does not fetch
 */
export function settleProduces(first: World, producer: NodeName, perform: (text: string) => World): void {
  let world = first;
  for (let step = 0; step < roundsMax; step++) {
    if (!hasProduceUnderWay(world, producer)) return;
    const next = chooseNext(due(world), "produce", producer, false) ?? chooseNext(due(world), "fetch", null, false);
    if (next === null) break;
    world = perform(formatAction(next));
  }
  if (hasProduceUnderWay(world, producer))
    throw new ScenarioError(`${producer} still waits for the answer to what it sent before, which nobody can give now`);
}

/** Messages, whenever they are due, and timers of this moment: those to come would end what is waited for. */
function due(world: World): readonly ProtocolAction[] {
  return actions(world).flatMap(({ action, dueMs }) => ("timer" in action && dueMs > world.nowMs ? [] : action));
}

function hasProduceUnderWay(world: World, producer: NodeName): boolean {
  return world.network.connections.some(({ client, channel }) => client === producer && channel === "produce");
}

/** An answer before a request, a request before what makes one; after the request only its answer. */
function chooseNext(
  offered: readonly ProtocolAction[],
  kind: string,
  from: NodeName | null,
  asked: boolean,
): ProtocolAction | null {
  const ofKind = offered.filter((action) => kindOf(action) === kind && (from === null || askerOf(action) === from));
  const answer = ofKind.find((action) => action.type === "deliverResponse");
  if (answer !== undefined || asked) return answer ?? null;
  const request = ofKind.find((action) => action.type === "deliverRequest" || action.type === "readMetadata");
  if (request !== undefined) return request;
  const timer = ofKind[0];
  if (timer !== undefined || from === null) return timer ?? null;
  // A client asks for metadata before anything else.
  return (
    offered.find(
      (action) => kindOf(action) === "metadata" && askerOf(action) === from && action.type !== "readMetadata",
    ) ?? null
  );
}

/** `fetch`, `produce`, `heartbeat`, …: the first word of the channel, or the name of the timer that makes such a request. */
function kindOf(action: ProtocolAction): string {
  switch (action.type) {
    case "deliverRequest":
    case "deliverResponse":
      return action.channel.split(":")[0] ?? "";
    case "readMetadata":
      return "metadata";
    case "producerTimer":
      return action.timer.name === "batch" ? "produce" : action.timer.name;
    case "brokerTimer":
      return action.timer.name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
    default:
      return action.timer.name;
  }
}

function askerOf(action: ProtocolAction): NodeName {
  switch (action.type) {
    case "deliverRequest":
    case "deliverResponse":
      return action.client;
    case "readMetadata":
    case "brokerTimer":
      return String(action.brokerId);
    case "controllerTimer":
      return "controller";
    case "producerTimer":
      return action.producer;
    case "consumerTimer":
      return action.consumer;
  }
}

function nothingToDeliver(world: World, kind: string, from: NodeName | null): string {
  const who = from === null ? "nobody" : `${from} does not`;
  const kinds = [...new Set(actions(world).map(({ action }) => kindOf(action)))].sort();
  return `${from === null ? "nobody has" : `${who} have`} a ${kind} to deliver now; what there is: ${kinds.join(", ")}`;
}
