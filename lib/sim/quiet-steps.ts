import { stepBroker } from "../protocol/broker/broker.js";
import { stepConsumer } from "../protocol/client/consumer.js";
import { stepProducer } from "../protocol/client/producer.js";
import { stepController } from "../protocol/controller/controller.js";
import type { NodeSteps } from "./node-steps.js";

/** What nodes do, without a word about why: for runs of which no trace is kept. The worlds are the same. */
export const quietSteps: NodeSteps = {
  stepBroker: (broker, event, nowMs, rules) => stepBroker(broker, event, nowMs, rules, false),
  stepController: (controller, event, nowMs, rules) => stepController(controller, event, nowMs, rules, false),
  stepProducer: (producer, event, nowMs, rules) => stepProducer(producer, event, nowMs, rules, false),
  stepConsumer: (consumer, event, nowMs, rules) => stepConsumer(consumer, event, nowMs, rules, false),
};
