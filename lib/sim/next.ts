import { invariant, unreachable } from "../core/assert.js";
import { crashBroker, crashBrokerLosingTail, startBroker, wipeBrokerDisk } from "../protocol/broker/process.js";
import type { AdminAnswer } from "../protocol/controller/admin-answer.js";
import { failoverController } from "../protocol/controller/controller.js";
import type { Change } from "../protocol/fact.js";
import { fact } from "../protocol/fact.js";
import { brokerName, controllerName, longAgoMs, type NodeName } from "../protocol/ids.js";
import { emptyImage } from "../protocol/metadata/apply.js";
import type { Action } from "./action.js";
import { noteSends } from "./history.js";
import { metadataBatchFor } from "./metadata-delivery.js";
import { withCuts, withLinkDelay, withoutCuts } from "./network.js";
import { type NodeSteps, nodeSteps } from "./node-steps.js";
import { Stage } from "./stage.js";
import { brokerIndex, brokerOf, producerOf, type World } from "./world.js";

/** What one step did. */
export interface StepResult {
  readonly world: World;
  readonly changes: readonly Change[];
  readonly sent: readonly { readonly from: NodeName; readonly to: NodeName; readonly type: string }[];
  /** The step that sent the message which this one delivered. */
  readonly causedBy: number | null;
  /** What the administrator was told, for an `admin` action. */
  readonly answer: AdminAnswer | null;
}

/**
 * Lets one action happen. The action must be possible now (`actions` lists those that are); time is the world's
 * `nowMs`, which the simulating engine sets before and a search leaves alone.
 *
 * @param nodes what the nodes do; a run of which no trace is kept has quiet ones, a search ones that remember
 * @throws InvariantError when the action is not possible in this world
 */
export function next(world: World, action: Action, nodes: NodeSteps = nodeSteps): StepResult {
  const stage = new Stage(world, nodes);
  perform(stage, action);
  return stage.finish();
}

function perform(stage: Stage, action: Action): void {
  const { world } = stage;
  switch (action.type) {
    case "deliverRequest":
      return stage.deliverRequest(action.client, action.server, action.channel);
    case "deliverResponse":
      return stage.deliverResponse(action.client, action.server, action.channel);
    case "readMetadata": {
      const broker = brokerOf(world, action.brokerId);
      const batch = metadataBatchFor(world, broker);
      invariant(batch !== null, () => `broker ${action.brokerId} has read all metadata`);
      return stage.stepBroker(action.brokerId, { type: "metadata", batch });
    }
    case "brokerTimer":
      return stage.stepBroker(action.brokerId, { type: "timer", timer: action.timer });
    case "controllerTimer":
      return stage.stepController({ type: "timer", timer: action.timer });
    case "producerTimer":
      return stage.stepProducer(action.producer, { type: "timer", timer: action.timer });
    case "consumerTimer":
      return stage.stepConsumer(action.consumer, { type: "timer", timer: action.timer });
    case "send": {
      const { acks } = producerOf(world, action.producer).settings;
      const notes = action.values.map((value) => ({
        producer: action.producer,
        partition: action.partition,
        value,
        acks,
        sentAtMs: world.nowMs,
        outcome: null,
        endedAtMs: null,
      }));
      stage.history = noteSends(stage.history, notes);
      return stage.stepProducer(action.producer, { type: "send", partition: action.partition, values: action.values });
    }
    case "transaction":
      return stage.stepProducer(action.producer, { type: "transaction", step: action.step });
    case "restartProducer":
      stage.dropConnectionsOf(action.producer);
      return stage.stepProducer(action.producer, { type: "restart", producerId: stage.takeIncarnationId() });
    case "seek":
      return stage.stepConsumer(action.consumer, { type: "seek", partition: action.partition, offset: action.offset });
    case "crash":
      return stage.stopBroker(action.brokerId, crashBroker(brokerOf(world, action.brokerId)), "world.crash");
    case "crashLosingTail": {
      const broker = brokerOf(world, action.brokerId);
      return stage.stopBroker(action.brokerId, crashBrokerLosingTail(broker, action.keep), "world.power-loss");
    }
    case "wipeDisk": {
      const broker = brokerOf(world, action.brokerId);
      const stopped = broker.process === "down" ? broker : crashBroker(broker);
      return stage.stopBroker(action.brokerId, wipeBrokerDisk(stopped, stage.takeDirectoryId()), "world.disk-loss");
    }
    case "start": {
      const broker = brokerOf(world, action.brokerId);
      invariant(broker.process === "down", () => `broker ${action.brokerId} is already running`);
      const { staticConfigs, topicDefaults } = world.controller.image;
      const image = emptyImage(staticConfigs, topicDefaults);
      stage.replaceBroker(startBroker(broker, stage.takeIncarnationId(), world.nowMs, image));
      stage.delayMetadata(action.brokerId);
      return stage.change(fact.process(action.brokerId), "down", "running", "world.start", {}, []);
    }
    case "shutdown":
      return stage.stepBroker(action.brokerId, { type: "shutdown" });
    case "pause":
      stage.setPaused(action.node, true);
      return;
    case "resume":
      stage.setPaused(action.node, false);
      return;
    case "cut":
      stage.network = withCuts(stage.network, [{ from: action.from, to: action.to }]);
      return stage.change(fact.link(action.from, action.to), "open", "cut", "world.cut", {}, []);
    case "heal": {
      stage.network = withoutCuts(stage.network, (cut) => cut.from === action.from && cut.to === action.to);
      stage.delayHeldMessages(action.from, action.to);
      return stage.change(fact.link(action.from, action.to), "cut", "open", "world.heal", {}, []);
    }
    case "dropConnections":
      return stage.dropConnectionsBetween(action.a, action.b);
    case "slowLink":
      stage.network = withLinkDelay(stage.network, action.from, action.to, action.delayMs);
      return;
    case "slowDisk":
      return stage.setSlowDisk(action.brokerId, action.delayMs);
    case "throttle":
      return stage.setThrottle(action.brokerId, action.bytesPerSecond);
    case "controllerFailover":
      stage.controller = failoverController(stage.controller, world.nowMs);
      return stage.dropConnectionsOf(controllerName);
    case "lapse":
      return lapse(stage, action.brokerId, action.partition, action.replicaId);
    case "admin":
      return stage.stepController({ type: "admin", command: action.command });
    default:
      return unreachable(action);
  }
}

/** Makes the leader's note on one follower old, as `replica.lag.time.max.ms` without progress would. */
function lapse(stage: Stage, brokerId: number, partition: string, replicaId: number): void {
  const broker = stage.brokers[brokerIndex(stage.world, brokerId)];
  invariant(broker !== undefined, () => `the cluster has no broker ${brokerId}`);
  const replicas = broker.replicas.map((replica) => {
    if (replica.role !== "leader" || replica.partition !== partition) return replica;
    const remoteReplicas = replica.remoteReplicas.map((remote) =>
      remote.replicaId === replicaId
        ? { ...remote, lastCaughtUpTimeMs: longAgoMs, lastFetchTimeMs: longAgoMs }
        : remote,
    );
    return { ...replica, remoteReplicas };
  });
  stage.replaceBroker({ ...broker, replicas });
  stage.change(fact.caughtUp(partition, brokerId, replicaId), true, false, "world.time-passes", {}, []);
}

/** True for names that are brokers' of this world. */
export function isBrokerName(world: World, node: NodeName): boolean {
  return world.brokers.some((broker) => brokerName(broker.brokerId) === node);
}
