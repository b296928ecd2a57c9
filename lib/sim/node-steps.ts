import { stepBroker } from "../protocol/broker/broker.js";
import { stepConsumer } from "../protocol/client/consumer.js";
import { stepProducer } from "../protocol/client/producer.js";
import { stepController } from "../protocol/controller/controller.js";

/**
 * What nodes do with an event. They are functions of their arguments, so a search, which meets the same node with the same
 * event thousands of times, may hand in ones that remember.
 */
export interface NodeSteps {
  readonly stepBroker: typeof stepBroker;
  readonly stepController: typeof stepController;
  readonly stepProducer: typeof stepProducer;
  readonly stepConsumer: typeof stepConsumer;
}

export const nodeSteps: NodeSteps = { stepBroker, stepController, stepProducer, stepConsumer };
