import type { TopicPartition } from "./output.js";

// Kafka's tools print many lists in the order of a java.util.HashMap. It is no promise, but it is what people see, and
// it is deterministic: bucket by bucket, inside a bucket in the order of insertion.

/** String.hashCode. */
export function textHash(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(31, hash) + text.charCodeAt(index)) | 0;
  return hash;
}

/** TopicPartition.hashCode. */
export function partitionHash({ topic, partition }: TopicPartition): number {
  return (Math.imul(31, 31 + partition) + textHash(topic)) | 0;
}

/**
 * `items` in the order in which a HashMap iterates after they were put one by one.
 *
 * @param capacity as given to its constructor; 16 is Java's default
 */
export function hashMapOrder<T>(items: readonly T[], hashOf: (item: T) => number, capacity = 16): readonly T[] {
  let buckets = powerOfTwo(capacity);
  // The map doubles when it holds more than three quarters of its buckets.
  while (items.length > buckets * 0.75) buckets *= 2;
  const bucketOf = (item: T) => {
    const hash = hashOf(item);
    return (hash ^ (hash >>> 16)) & (buckets - 1);
  };
  return [...items].sort((left, right) => bucketOf(left) - bucketOf(right));
}

/** `items` after `new HashMap<>(map)`, which takes room for all of them and a little more. */
export function copiedMapOrder<T>(items: readonly T[], hashOf: (item: T) => number): readonly T[] {
  return hashMapOrder(items, hashOf, Math.floor(items.length / 0.75 + 1));
}

function powerOfTwo(least: number): number {
  let power = 1;
  while (power < least) power *= 2;
  return power;
}
