/** Kafka's configuration keys as data: what they mean, what they may be, and what Kafka says of what they may not be. */
export {
  type ConfigLookup,
  configDefinitions,
  configGroups,
  defaultText,
  findConfig,
  keysOf,
  lookUpConfig,
} from "./config/catalog.js";
export {
  type BrokerConfigChange,
  type ChangeRefusal,
  checkBrokerConfigChange,
  checkTopicConfigs,
} from "./config/change.js";
export { type ConsumerSettings, resolveConsumerSettings } from "./config/consumer-settings.js";
export type {
  ConfigDefinition,
  ConfigGroup,
  ConfigType,
  ConfigUnit,
  ConfigUpdate,
  ConfigValidator,
} from "./config/definition.js";
export {
  type ConfigEntry,
  type ConfigLayers,
  type ConfigSource,
  type ConfigSynonym,
  configSources,
  dynamicBrokerEntries,
  topicConfigEntries,
} from "./config/entries.js";
export { type ProducerAccepted, type ProducerSettings, resolveProducerSettings } from "./config/producer-settings.js";
export { resolveServerSettings, type ServerSettings } from "./config/server-settings.js";
export { type ConfigRefusal, type ConfigValue, type ParsedConfig, parseConfigValue } from "./config/value.js";
