import { type FaultBudget, parseFaults } from "../world/faults.js";
import { type Configuration, ConfigurationError } from "./configuration.js";

/** A configuration as one writes it in a notebook: values as they are, what is left out as Kafka has it. */
export interface AskedConfiguration {
  /** Replicas, and brokers: 1 to 7. Default: 3. */
  readonly replicationFactor?: number;
  /** A release, such as `4.3`; absent means the default one. */
  readonly kafka?: string;
  /** Eligible leader replicas (KIP-966); absent means as the release has it in a new cluster. */
  readonly elr?: string;
  /** A historical bug, such as `kip-101`. */
  readonly variant?: string;
  /** Kafka's own topic keys: `{ "min.insync.replicas": 2 }`. */
  readonly topic?: Keys;
  /** Kafka's own producer keys: `{ acks: "all" }`. */
  readonly producer?: Keys;
}

export type Keys = Readonly<Record<string, string | number | boolean>>;

const replicationFactorMax = 7;

/** @throws ConfigurationError for a replication factor beyond what can be searched */
export function configurationOf(asked: AskedConfiguration): Configuration {
  const { replicationFactor: own, topic = {}, producer = {}, ...others } = asked;
  const { "replication.factor": inTopic, ...topicKeys } = topic;
  const replicationFactor = own ?? Number(inTopic ?? 3);
  if (!Number.isInteger(replicationFactor) || replicationFactor < 1 || replicationFactor > replicationFactorMax)
    throw new ConfigurationError(
      `the replication factor is a number from 1 to ${replicationFactorMax}, not ${own ?? inTopic}`,
      null,
    );
  return { ...others, replicationFactor, topic: texts(topicKeys), producer: texts(producer) };
}

/** @throws ConfigurationError for a text that is no list of faults */
export function faultsOf(asked: string | FaultBudget): FaultBudget {
  if (typeof asked !== "string") return asked;
  const parsed = parseFaults(asked);
  if (parsed.ok) return parsed.budget;
  throw new ConfigurationError(parsed.what, parsed.remedy);
}

function texts(keys: Keys): Record<string, string> {
  return Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, String(value)]));
}
