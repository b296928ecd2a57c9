import { invariant } from "../core/assert.js";
import type { Rules } from "../kafka/versions.js";
import { newBroker, startBroker } from "../protocol/broker/process.js";
import type { Broker } from "../protocol/broker/state.js";
import type { Consumer } from "../protocol/client/consumer.js";
import type { Producer } from "../protocol/client/producer.js";
import { newController } from "../protocol/controller/controller.js";
import type { Controller } from "../protocol/controller/state.js";
import type { BrokerId } from "../protocol/ids.js";
import { emptyImage } from "../protocol/metadata/apply.js";
import { topicDefaults } from "../protocol/metadata/topic-configs.js";
import { noConditions } from "./conditions.js";
import { runUntil } from "./engine.js";
import { emptyHistory } from "./history.js";
import { type Envelope, type Network, newNetwork } from "./network.js";
import { next } from "./next.js";
import { brokerSettingsFrom, controllerSettingsFrom, type StaticConfigs } from "./settings.js";
import type { World } from "./world.js";

/** What a scenario's head says. Values have been checked. */
export interface ClusterSetup {
  readonly rules: Rules;
  readonly brokers: readonly { readonly brokerId: BrokerId; readonly rack: string | null }[];
  /** Static settings of every broker and of the controller. */
  readonly staticConfigs: StaticConfigs;
  /** One way, on every link without a delay of its own. */
  readonly delayMs: number;
  readonly topics: readonly TopicSetup[];
  readonly producers: readonly Producer[];
  readonly consumers: readonly Consumer[];
}

export interface TopicSetup {
  readonly topic: string;
  readonly assignment:
    | { readonly replicas: readonly (readonly BrokerId[])[] }
    | { readonly partitions: number; readonly replicationFactor: number };
  readonly configs: Readonly<Record<string, string>>;
}

/** Brokers start this long before time 0, and topics are created this long before it. */
const startMs = -30_000;
const topicsMs = -5_000;

/**
 * A cluster that is ready at time 0: brokers registered and unfenced, topics created, followers fetching. The phases of
 * periodic tasks start at 0 (a real cluster's start with each process), heartbeats have just been received, and the
 * set-up leaves no trace: step 0 is the first after it.
 *
 * @throws InvariantError when a topic cannot be created; a scenario's checks refuse that before
 */
export function newWorld(setup: ClusterSetup): World {
  const { rules, staticConfigs } = setup;
  const settings = brokerSettingsFrom(staticConfigs, rules);
  const image = emptyImage(staticConfigs, topicDefaults(rules));
  const fresh: World = {
    rules,
    nowMs: startMs,
    steps: 0,
    sequence: 0,
    nextIncarnationId: setup.brokers.length * 2 + 1,
    controller: newController(controllerSettingsFrom(staticConfigs, rules), staticConfigs, rules, startMs),
    brokers: [...setup.brokers]
      .sort((a, b) => a.brokerId - b.brokerId)
      .map(({ brokerId, rack }, index) =>
        startBroker(newBroker({ brokerId, rack, settings, directoryId: index + 1 }), index + 1, startMs, image),
      ),
    producers: [],
    consumers: [],
    network: newNetwork(setup.delayMs),
    conditions: noConditions,
    history: emptyHistory,
  };
  const registered = runUntil(fresh, topicsMs);
  const unready = registered.brokers.filter(({ lifecycle }) => lifecycle.state !== "running");
  invariant(unready.length === 0, () => `brokers ${unready.map(({ brokerId }) => brokerId)} are not ready`);
  const created = setup.topics.reduce(createTopic, registered);
  return fromZero({
    ...runUntil(created, 0),
    producers: [...setup.producers].sort(byName),
    consumers: [...setup.consumers].sort(byName),
  });
}

function createTopic(world: World, { topic, assignment, configs }: TopicSetup): World {
  const { world: created, answer } = next(world, {
    type: "admin",
    command: { type: "createTopic", topic, assignment, configs },
  });
  invariant(answer?.type === "created", () => `topic ${topic} was not created: ${JSON.stringify(answer)}`);
  return created;
}

/** Lets everything periodic begin at time 0 and forgets the steps of the set-up. */
function fromZero(world: World): World {
  return {
    ...world,
    steps: 0,
    brokers: world.brokers.map(brokerFromZero),
    controller: controllerFromZero(world.controller),
    network: networkFromZero(world.network),
    history: emptyHistory,
  };
}

function brokerFromZero(broker: Broker): Broker {
  const { replicaLagTimeMaxMs, brokerHeartbeatIntervalMs, replicaHighWatermarkCheckpointIntervalMs } = broker.settings;
  return {
    ...broker,
    dueMs: {
      ...broker.dueMs,
      heartbeat: brokerHeartbeatIntervalMs,
      isrExpiration: Math.floor(replicaLagTimeMaxMs / 2),
      highWatermarkCheckpoint: replicaHighWatermarkCheckpointIntervalMs,
    },
  };
}

function controllerFromZero(controller: Controller): Controller {
  return {
    ...controller,
    sessions: controller.sessions.map((session) => ({ ...session, lastContactTimeMs: 0 })),
    dueMs: {
      preferredRebalance: controller.settings.leaderImbalanceCheckIntervalMs,
      uncleanElection: controller.settings.uncleanLeaderElectionIntervalMs,
    },
  };
}

function networkFromZero(network: Network): Network {
  const ofSetup = <Body>(envelope: Envelope<Body>): Envelope<Body> => ({ ...envelope, sentAtStep: -1 });
  const connections = network.connections.map((connection) => ({
    ...connection,
    requests: connection.requests.map(ofSetup),
    returning: connection.returning.map(ofSetup),
  }));
  return { ...network, connections };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
