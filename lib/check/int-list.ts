/** A list of 32-bit integers that grows, at four bytes an entry. */
export class IntList {
  length = 0;
  private items = new Int32Array(1 << 10);

  get bytes(): number {
    return this.items.byteLength;
  }

  push(item: number): void {
    if (this.length === this.items.length) {
      const items = new Int32Array(this.items.length * 2);
      items.set(this.items);
      this.items = items;
    }
    this.items[this.length++] = item;
  }

  /** The item at an index within the list; 0 beyond it. */
  at(index: number): number {
    return this.items[index] ?? 0;
  }

  set(index: number, item: number): void {
    this.items[index] = item;
  }
}
