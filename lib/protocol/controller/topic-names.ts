import type { MetadataImage } from "../metadata/image.js";

const nameLengthMax = 249;

/** What Kafka says of a name for a new topic, or null if it is allowed. Source: Topic.validate, hasCollision. */
export function topicNameComplaint(image: MetadataImage, name: string): string | null {
  const reason = invalidReason(name);
  if (reason !== null) return `Topic name is invalid: ${reason}`;
  // Metric names turn dots into underscores, so two topics may differ in nothing but that.
  const unified = name.replaceAll(".", "_");
  const colliding = image.topics.find(({ topic }) => topic !== name && topic.replaceAll(".", "_") === unified);
  return colliding === undefined ? null : `Topic '${name}' collides with existing topic: ${colliding.topic}`;
}

function invalidReason(name: string): string | null {
  if (name === "") return "the empty string is not allowed";
  if (name === "." || name === "..") return `'${name}' is not allowed`;
  if (name.length > nameLengthMax) {
    return `the length of '${name}' is longer than the max allowed length ${nameLengthMax}`;
  }
  return /^[a-zA-Z0-9._-]+$/.test(name)
    ? null
    : `'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`;
}
