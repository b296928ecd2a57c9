import type { Random } from "../../core/random.js";

/** A question with four options, one of them right. What is right, and why, comes from runs of the model. */
export interface ReviewQuestion {
  readonly kind: "settings" | "failover" | "fate";
  /** What is given, line by line. */
  readonly given: readonly string[];
  readonly ask: string;
  readonly options: readonly ReviewOption[];
  /** A scenario that decides it; `highwater run` plays it. */
  readonly scenario: string;
}

export interface ReviewOption {
  readonly text: string;
  readonly right: boolean;
  /** Why it is right or wrong, read off the run. */
  readonly because: string;
}

export const optionCount = 4;

/** One of the items, each as likely as the others. */
export function drawn<T>(random: Random, items: readonly [T, ...T[]]): T {
  return items[random.below(items.length)] ?? items[0];
}

/** The items in an order drawn by chance. */
export function shuffled<T>(random: Random, items: readonly T[]): readonly T[] {
  const left = [...items];
  const order: T[] = [];
  while (left.length > 0) order.push(...left.splice(random.below(left.length), 1));
  return order;
}

/** The right option among the first three others that are not equal to it or to each other. */
export function optionsFrom(
  random: Random,
  right: ReviewOption,
  others: readonly ReviewOption[],
): readonly ReviewOption[] {
  const options = [right];
  for (const other of others)
    if (options.length < optionCount && options.every(({ text }) => text !== other.text)) options.push(other);
  return shuffled(random, options);
}
