import { invariant } from "./assert.js";

/**
 * An immutable list that grows at its end: adding to a list of thousands copies one chunk and the short list of chunks,
 * and older lists share the rest. Plain data.
 *
 * Invariant: every chunk but the last holds `chunkLength` items, and none is empty, so equal lists always lie the same way.
 */
export interface AppendList<Item> {
  readonly length: number;
  readonly chunks: readonly (readonly Item[])[];
}

const chunkLength = 128;

export const emptyList: AppendList<never> = { length: 0, chunks: [] };

/** The list with the items behind its end. */
export function append<Item>(list: AppendList<Item>, items: readonly Item[]): AppendList<Item> {
  if (items.length === 0) return list;
  const chunks = list.chunks.slice();
  let taken = 0;
  const last = chunks.at(-1);
  if (last !== undefined && last.length < chunkLength) {
    taken = Math.min(items.length, chunkLength - last.length);
    chunks[chunks.length - 1] = [...last, ...items.slice(0, taken)];
  }
  for (; taken < items.length; taken += chunkLength) chunks.push(items.slice(taken, taken + chunkLength));
  return { length: list.length + items.length, chunks };
}

/** The item at an index, or undefined outside of the list. */
export function itemAt<Item>(list: AppendList<Item>, index: number): Item | undefined {
  return list.chunks[Math.floor(index / chunkLength)]?.[index % chunkLength];
}

/** The list with another item at an index that it has. */
export function withItem<Item>(list: AppendList<Item>, index: number, item: Item): AppendList<Item> {
  invariant(index >= 0 && index < list.length, () => `index ${index} of a list of ${list.length}`);
  const at = Math.floor(index / chunkLength);
  const chunks = list.chunks.slice();
  const chunk = (chunks[at] ?? []).slice();
  chunk[index % chunkLength] = item;
  chunks[at] = chunk;
  return { length: list.length, chunks };
}

/** All items in order, as an array of their own. */
export function itemsOf<Item>(list: AppendList<Item>): readonly Item[] {
  return list.chunks.length === 1 ? (list.chunks[0] ?? []) : list.chunks.flat();
}
