import { invariant } from "../core/assert.js";

/** An event with the id a reader names to go on after it. */
export interface LoggedEvent<Event> {
  /** `<epoch>-<number>`: the epoch tells two lives of the server apart, the number orders within one. */
  readonly id: string;
  readonly event: Event;
}

/** What happened to one document, kept for as long as a reader may come back and ask for what it missed. */
export class EventLog<Event> {
  private readonly kept: LoggedEvent<Event>[] = [];
  private readonly listeners = new Set<(logged: LoggedEvent<Event>) => void>();
  private count = 0;

  /**
   * @param epoch differs between two starts of the server; has no "-" in it
   * @param keep how many events a reader may be behind before it needs the whole state again
   */
  constructor(
    private readonly epoch: string,
    private readonly keep = 4000,
  ) {
    invariant(!epoch.includes("-"), `the epoch ${epoch} contains the separator "-"`);
  }

  /** The id of the newest event, also before there is one. */
  get lastId(): string {
    return `${this.epoch}-${this.count}`;
  }

  get listenerCount(): number {
    return this.listeners.size;
  }

  append(event: Event): void {
    this.count += 1;
    const logged = { id: this.lastId, event };
    this.kept.push(logged);
    if (this.kept.length > this.keep) this.kept.shift();
    for (const listener of [...this.listeners]) listener(logged);
  }

  /** The events after `id`, oldest first; `undefined` when they are not all here any more: then the state is needed. */
  since(id: string): readonly LoggedEvent<Event>[] | undefined {
    const [epoch, digits] = id.split("-");
    if (epoch !== this.epoch || digits === undefined || !/^\d{1,15}$/.test(digits)) return undefined;
    const seen = Number(digits);
    const missed = this.count - seen;
    if (missed < 0 || missed > this.kept.length) return undefined;
    return this.kept.slice(this.kept.length - missed);
  }

  /** Calls `listener` with each event from now on. @returns a function that ends it */
  subscribe(listener: (logged: LoggedEvent<Event>) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
