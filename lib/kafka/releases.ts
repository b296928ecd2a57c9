/**
 * The Kafka releases this library knows, oldest first. `2.8` stands for the ZooKeeper era (its ZooKeeper controller,
 * not its KRaft preview); all others are KRaft. `4.3` is the default: its behaviour was recorded from a running
 * cluster.
 */
export const kafkaVersions = ["2.8", "3.6", "3.9", "4.0", "4.1", "4.2", "4.3"] as const;

export type KafkaVersion = (typeof kafkaVersions)[number];

export const defaultKafkaVersion: KafkaVersion = "4.3";

export function isKafkaVersion(text: string): text is KafkaVersion {
  return kafkaVersions.some((version) => version === text);
}

/** Whether `version` is `other` or newer. */
export function isAtLeast(version: KafkaVersion, other: KafkaVersion): boolean {
  return kafkaVersions.indexOf(version) >= kafkaVersions.indexOf(other);
}

/**
 * A value that changed over the releases: each entry holds from its release on, until the next entry. The oldest
 * release is always there, so that there is a value for every release.
 */
export type ByVersion<T> = { readonly [V in KafkaVersion]?: T } & { readonly "2.8": T };

/** The value that holds in `version`. */
export function valueIn<T>(byVersion: ByVersion<T>, version: KafkaVersion): T {
  let value: T = byVersion["2.8"];
  for (const since of kafkaVersions) {
    const changed: T | undefined = byVersion[since];
    if (changed !== undefined && isAtLeast(version, since)) value = changed;
  }
  return value;
}
