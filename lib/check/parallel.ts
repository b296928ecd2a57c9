import { invariant } from "../core/assert.js";
import type { SearchOptions } from "./budget.js";
import { type Exploration, explore, ModelError, Search } from "./explore.js";
import { judge, type Watch } from "./findings.js";
import type { Model, Path } from "./model.js";
import {
  type CoordinatorPort,
  claimOf,
  type FromWorker,
  SETTLED,
  type SeenAt,
  Tally,
  type ToWorker,
} from "./parallel-messages.js";
import { type Hop, replay, SearchTree } from "./search-tree.js";
import { SharedFingerprintTable } from "./shared-fingerprint-table.js";
import type { Counts, EndedBy } from "./statistics.js";

/** The threads of a search. The explorer knows nothing of how they are made. */
export interface Crew {
  readonly workers: number;
  /** Starts one worker, which must call `serveExploration` with the same model and properties; it is closed at the end. */
  connect(index: number): CoordinatorPort;
}

/** States waiting at one depth, for each worker, before the work is worth sharing out. */
const WIDTH_PER_WORKER = 512;

/**
 * As `explore`, on several threads: the same findings, counts, depths and paths, whatever the threads do first. Only `bytes` differs,
 * and where time, memory or an interruption cut the search, which then stops at the end of a depth.
 *
 * Pays for models of more than some ten thousand states: starting a thread takes as long as exploring those. A leads-to
 * property needs the whole graph in one place, so with one of those the search stays on this thread.
 */
export async function exploreInParallel<State, Action>(
  model: Model<State, Action>,
  options: SearchOptions<State>,
  crew: Crew,
): Promise<Exploration<State, Action>> {
  const needsGraph = (options.properties ?? []).some(({ kind }) => kind === "leadsTo");
  if (crew.workers < 2 || needsGraph) return explore(model, options);
  const search = new Search(model, options);
  const width = WIDTH_PER_WORKER * crew.workers;
  const level = search.advanceToWidth(width);
  if (level === undefined) return search.exploration();
  const lines = Array.from({ length: crew.workers }, (_, index) => new Line(crew.connect(index)));
  try {
    const leader = new Leader(model, options, search, level.length, lines);
    return await leader.run(width);
  } finally {
    for (const line of lines) line.close();
  }
}

/** Leads the search: gives orders, counts what comes back, and decides where it ends. */
class Leader<State, Action> {
  private readonly control = new Int32Array(new SharedArrayBuffer(4));
  private readonly watch: Watch<State>;
  private readonly tree = new SearchTree((bytes) => new SharedArrayBuffer(bytes));
  /** Below this number, states were found before the work was shared out. */
  private readonly distinctBefore: number;
  private table: SharedFingerprintTable;
  private levelStart: number;
  /** The last whole depth, and what the workers have reported beyond it. */
  private counts: Counts;
  private endedBy: EndedBy | undefined;

  constructor(
    private readonly model: Model<State, Action>,
    private readonly options: SearchOptions<State>,
    private readonly search: Search<State, Action>,
    private levelSize: number,
    private readonly lines: readonly Line[],
  ) {
    this.watch = search.watch;
    this.counts = search.counts();
    this.distinctBefore = this.counts.distinct;
    this.levelStart = this.distinctBefore - levelSize;
    this.table = SharedFingerprintTable.withRoomFor(this.distinctBefore * 4);
    search.table.forEach((high, low) => {
      this.table.claim({ high, low }, SETTLED);
    });
    for (let number = 0; number < this.distinctBefore; number++) {
      this.tree.add(search.tree.parents[number] ?? 0, search.tree.actions[number] ?? 0);
    }
  }

  async run(width: number): Promise<Exploration<State, Action>> {
    const workers = this.lines.length;
    const control = this.control.buffer;
    await this.ask((index) => ({ kind: "start", index, workers, width, control }), "started");
    for (this.endedBy = this.reasonToEnd(); this.endedBy === undefined; this.endedBy ??= this.reasonToEnd()) {
      await this.goOneDeeper();
    }
    const findings = this.watch.properties.map((property, number) => {
      const sighting = this.watch.sightings.get(number);
      return judge(property, this.endedBy === "complete", sighting && this.play(this.tree.wayToSighting(sighting)));
    });
    return { findings, statistics: this.search.budget.statistics(this.counts, this.endedBy) };
  }

  private reasonToEnd(): EndedBy | undefined {
    const { maxStates, maxDepth } = this.options;
    if (this.watch.settled) return "decided";
    if (this.levelSize === 0) return "complete";
    if (maxStates !== undefined && this.tree.size >= maxStates) return "states";
    if (maxDepth !== undefined && this.counts.depth >= maxDepth) return "depth";
    return this.search.budget.poll(this.counts);
  }

  private async goOneDeeper(): Promise<void> {
    const tally = Tally.ofStates(this.levelSize);
    const before = this.counts;
    const seen = await this.expand(tally);
    this.counts = before;
    if (this.endedBy !== undefined) {
      // Cut in the middle of a depth, which is then not counted; but what was seen is true.
      for (const sighting of seen) this.watch.note(sighting.seen, sighting);
      return;
    }
    await this.ask(() => ({ kind: "settle" }), "settled");
    const levelEnd = this.tree.size;
    this.tallyUp(tally, seen);
    if (this.endedBy !== undefined) return;
    this.levelStart = levelEnd;
    this.levelSize = this.tree.size - levelEnd;
    const { parents, actions } = this.tree;
    await this.ask(
      () => ({ kind: "number", levelEnd, parents: shared(parents), actions: shared(actions) }),
      "numbered",
    );
  }

  /** Has all workers go on from the states of this depth, again with a larger table if this one gets full. */
  private async expand(tally: Tally): Promise<SeenAt[]> {
    const { size } = this.tree;
    const before = this.counts;
    for (let room = size + 3 * this.levelSize; ; room = 2 * this.table.room) {
      this.counts = before;
      if (this.table.room < room) this.table = this.table.grown(room, claimOf(this.levelStart));
      const order = {
        kind: "expand",
        table: this.table.buffer,
        quota: Math.floor((this.table.room - size) / this.lines.length),
        tally: tally.buffer,
        levelStart: this.levelStart,
        open: this.watch.open,
      } as const;
      const replies = await this.ask(() => order, "expanded");
      const isFull = replies.some(({ outcome }) => outcome === "full");
      if (isFull && this.endedBy === undefined) continue;
      const seen = replies.flatMap((reply) => reply.seen);
      return seen.sort((one, other) => one.parent - other.parent || one.action - other.action);
    }
  }

  /**
   * Counts what a search on one thread would have counted, up to the state at which it would have ended, and gives each new
   * state the number it would have had.
   */
  private tallyUp(tally: Tally, seen: readonly SeenAt[]): void {
    const { maxStates = Number.POSITIVE_INFINITY } = this.options;
    const levelEnd = this.tree.size;
    let { generated, outside, depth } = this.counts;
    let kept = 0;
    let position = 0;
    const pending = [...seen].reverse();
    for (; position < this.levelSize; position++) {
      if (position > 0 && levelEnd + kept >= maxStates) this.endedBy = "states";
      if (this.watch.settled) this.endedBy = "decided";
      if (this.endedBy !== undefined) break;
      for (let next = pending.at(-1); next?.parent === this.levelStart + position; next = pending.at(-1)) {
        this.watch.note(next.seen, next);
        pending.pop();
      }
      generated += tally.generated(position);
      outside += tally.outside(position);
      const fresh = tally.kept(position);
      tally.setFirst(position, kept);
      kept += fresh;
    }
    const distinct = levelEnd + kept;
    this.tree.reserve(distinct);
    this.tree.size = distinct;
    if (kept > 0) depth++;
    const frontier = distinct - this.levelStart - position;
    this.counts = { distinct, generated, outside, depth, frontier, bytes: this.table.bytes + this.tree.bytes };
  }

  private play(way: readonly Hop[]): Path<State, Action> {
    return replay(this.model, way, (fingerprint, number) =>
      number < this.distinctBefore
        ? this.search.table.find(fingerprint) === number
        : this.table.find(fingerprint) === claimOf(this.tree.parents[number] ?? 0),
    );
  }

  /** Sends an order to every worker and waits for all answers. */
  private ask<Kind extends FromWorker["kind"]>(order: (index: number) => ToWorker, kind: Kind) {
    const progress = (message: Progress): void => this.hear(message);
    return Promise.all(
      this.lines.map(async (line, index) => {
        const reply = await line.ask(order(index), progress);
        if (reply.kind === "failed") throw this.failure(reply.message, reply.at);
        invariant(isOfKind(reply, kind), () => `a worker was asked for "${kind}" and answered "${reply.kind}"`);
        return reply;
      }),
    );
  }

  /** Between two whole depths: tells how far it is, and has everyone stop where a limit is reached. */
  private hear({ expanded, generated, met }: Progress): void {
    const { counts } = this;
    this.counts = {
      ...counts,
      distinct: counts.distinct + met,
      generated: counts.generated + generated,
      frontier: counts.frontier + met - expanded,
    };
    this.endedBy ??= this.search.budget.poll(this.counts);
    if (this.endedBy !== undefined) Atomics.store(this.control, 0, 1);
  }

  private failure(message: string, at: number): Error {
    return at < 0 ? new Error(message) : new ModelError(new Error(message), this.play(this.tree.wayTo(at)));
  }
}

type Progress = Extract<FromWorker, { kind: "progress" }>;

function isOfKind<Kind extends FromWorker["kind"]>(
  reply: FromWorker,
  kind: Kind,
): reply is Extract<FromWorker, { kind: Kind }> {
  return reply.kind === kind;
}

function shared({ buffer }: { readonly buffer: ArrayBufferLike }): SharedArrayBuffer {
  invariant(buffer instanceof SharedArrayBuffer, "the tree of a parallel search lies in shared memory");
  return buffer;
}

/** One worker: an order at a time, with progress in between. */
class Line {
  private resolve: (reply: FromWorker) => void = () => {};
  private reject: (error: Error) => void = () => {};
  private progress: (message: Progress) => void = () => {};
  private broken: Error | undefined;

  constructor(private readonly port: CoordinatorPort) {
    port.listen(
      (message) => (message.kind === "progress" ? this.progress(message) : this.resolve(message)),
      (error) => {
        this.broken = error;
        this.reject(error);
      },
    );
  }

  ask(order: ToWorker, progress: (message: Progress) => void): Promise<FromWorker> {
    if (this.broken !== undefined) return Promise.reject(this.broken);
    this.progress = progress;
    return new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
      this.port.post(order);
    });
  }

  close(): void {
    this.port.close();
  }
}
