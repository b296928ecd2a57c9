import type { Model } from "../../../lib/check/model.js";
import type { Crew } from "../../../lib/check/parallel.js";
import type { CoordinatorPort, FromWorker, ToWorker } from "../../../lib/check/parallel-messages.js";
import { serveExploration } from "../../../lib/check/parallel-worker.js";
import type { Property } from "../../../lib/check/properties.js";

/** A crew on this thread: each message is delivered by itself, in an order that `order` may shuffle between workers. */
export function crewInPlace<State, Action>(
  model: Model<State, Action>,
  properties: readonly Property<State>[],
  workers: number,
  watch: (message: ToWorker) => void = () => {},
): Crew {
  return {
    workers,
    connect(): CoordinatorPort {
      let toWorker: (message: ToWorker) => void = () => {};
      let toLeader: (message: FromWorker) => void = () => {};
      serveExploration(model, properties, {
        post: (message) => toLeader(structuredClone(message)),
        listen: (onMessage) => {
          toWorker = onMessage;
        },
        close: () => {},
      });
      return {
        post(message) {
          watch(message);
          queueMicrotask(() => toWorker(message));
        },
        listen: (onMessage) => {
          toLeader = onMessage;
        },
        close: () => {},
      };
    },
  };
}
