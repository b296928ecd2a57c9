import { brokerName } from "../../protocol/ids.js";
import type { Action } from "../action.js";
import { actions } from "../actions.js";
import { brokerOf, consumerOf, isPaused, type World } from "../world.js";
import { formatAction } from "./action-text.js";
import { hintFor } from "./diagnostic.js";

/** Why an action cannot happen in this world, with a hint, or null when it can. */
export interface Impossible {
  readonly reason: string;
  readonly hint: string | null;
}

export function whyImpossible(world: World, action: Action): Impossible | null {
  switch (action.type) {
    case "deliverRequest":
    case "deliverResponse":
    case "readMetadata":
    case "brokerTimer":
    case "controllerTimer":
    case "producerTimer":
    case "consumerTimer":
      return whyNotOffered(world, action);
    case "start":
      return brokerOf(world, action.brokerId).process === "running"
        ? no(`broker ${action.brokerId} is running already`)
        : null;
    case "crash":
    case "crashLosingTail":
    case "shutdown":
    case "lapse":
      return brokerOf(world, action.brokerId).process === "down" ? no(`broker ${action.brokerId} is down`) : null;
    case "pause":
      if (isPaused(world, action.node)) return no(`${action.node} is paused already`);
      return world.brokers.some(({ brokerId, process }) => brokerName(brokerId) === action.node && process === "down")
        ? no(`broker ${action.node} is down`)
        : null;
    case "resume":
      return isPaused(world, action.node) ? null : no(`${action.node} is not paused`);
    case "seek": {
      const reads = consumerOf(world, action.consumer).partitions.some(
        ({ partition }) => partition === action.partition,
      );
      return reads ? null : no(`${action.consumer} does not read ${action.partition}`);
    }
    default:
      return null;
  }
}

function no(reason: string): Impossible {
  return { reason, hint: null };
}

function whyNotOffered(world: World, action: Action): Impossible | null {
  const wanted = formatAction(action);
  const offered = actions(world).map((due) => formatAction(due.action));
  if (offered.includes(wanted)) return null;
  const hint = offered.length === 0 ? "nothing can happen by itself" : hintFor(wanted, offered);
  return { reason: `"${wanted}" cannot happen now`, hint: hint ?? `what can: ${offered.join(" · ")}` };
}
