/**
 * What a tool printed and how it ended. Texts are those of 4.3.1 unless a rule says otherwise; stdout and stderr
 * together, without the frames of stack traces and without the pages of usage that some failures print.
 */
export interface ToolOutput {
  /** Lines, each ended by a newline (the few places where Kafka forgets one are as Kafka prints them). */
  readonly text: string;
  readonly exitStatus: 0 | 1;
}

export function printed(...lines: readonly string[]): ToolOutput {
  return { text: textOf(lines), exitStatus: 0 };
}

export function failed(...lines: readonly string[]): ToolOutput {
  return { text: textOf(lines), exitStatus: 1 };
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

/** A partition by topic and index, printed as `orders-0`. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

export function partitionName({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}

/** By topic name, then by index. */
export function byPartition(left: TopicPartition, right: TopicPartition): number {
  if (left.topic !== right.topic) return left.topic < right.topic ? -1 : 1;
  return left.partition - right.partition;
}
