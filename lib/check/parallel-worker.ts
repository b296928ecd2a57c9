import { invariant, unreachable } from "../core/assert.js";
import { Fingerprinter } from "../core/fingerprint.js";
import { Search } from "./explore.js";
import { Watch } from "./findings.js";
import type { Model } from "./model.js";
import { claimOf, type FromWorker, type SeenAt, Tally, type ToWorker, type WorkerPort } from "./parallel-messages.js";
import type { Property } from "./properties.js";
import { fingerprintState } from "./search-tree.js";
import { SharedFingerprintTable } from "./shared-fingerprint-table.js";

type Expand = Extract<ToWorker, { kind: "expand" }>;
type Expanded = Omit<Extract<FromWorker, { kind: "expanded" }>, "kind">;
type Start = Extract<ToWorker, { kind: "start" }>;

/** States between two looks at the order to stop, and between two reports. */
const STOP_EVERY = 256;
const REPORT_EVERY = 4096;

/**
 * Takes part in a search that `exploreInParallel` leads from another thread. The model and the properties must be
 * those of the leader, in the same order; only numbers and shared memory pass between the threads, never states.
 */
export function serveExploration<State, Action>(
  model: Model<State, Action>,
  properties: readonly Property<State>[],
  port: WorkerPort,
): void {
  const worker = new ExplorationWorker(model, properties, port);
  port.listen(
    (message) => worker.receive(message),
    () => port.close(),
  );
}

/** A state waiting to be gone on from. */
interface Waiting<State> {
  readonly number: number;
  readonly state: State;
}

/** A new state, as long as nobody has a lower claim on it. */
interface Candidate<State> {
  readonly slot: number;
  readonly parent: number;
  readonly action: number;
  readonly state: State;
}

class ExplorationWorker<State, Action> {
  private readonly watch: Watch<State>;
  private readonly fold = new Fingerprinter();
  private control: Int32Array = new Int32Array(1);
  private table = SharedFingerprintTable.withRoomFor(0);
  private tally = Tally.ofStates(0);
  private levelStart = 0;
  /** In the order of their numbers. */
  private level: Waiting<State>[] = [];
  private candidates: Candidate<State>[] = [];
  /** Entries of this thread in the table beyond which it has to grow first. */
  private fullAt = 0;
  /** The state the model is asked about. */
  private at = -1;

  constructor(
    private readonly model: Model<State, Action>,
    properties: readonly Property<State>[],
    private readonly port: WorkerPort,
  ) {
    this.watch = new Watch([...model.invariants, ...properties], "all-decided");
  }

  receive(message: ToWorker): void {
    try {
      this.obey(message);
    } catch (error) {
      this.port.post({ kind: "failed", message: error instanceof Error ? error.message : String(error), at: this.at });
    }
  }

  private obey(message: ToWorker): void {
    switch (message.kind) {
      case "start":
        this.start(message);
        return this.port.post({ kind: "started" });
      case "expand":
        return this.port.post({ kind: "expanded", ...this.expand(message) });
      case "settle":
        this.settle();
        return this.port.post({ kind: "settled" });
      case "number":
        this.number(message.levelEnd, new Int32Array(message.parents), new Uint16Array(message.actions));
        return this.port.post({ kind: "numbered" });
      default:
        return unreachable(message);
    }
  }

  /** Every worker finds the first states for itself, which spares sending them. */
  private start({ index, workers, width, control }: Start): void {
    this.control = new Int32Array(control);
    const search = new Search(withoutQuestions(this.model));
    const states = search.advanceToWidth(width);
    invariant(states !== undefined, "the leader shares out a depth that is there");
    const first = search.counts().distinct - states.length;
    this.level = states
      .map((state, position) => ({ number: first + position, state }))
      .filter((_, position) => position % workers === index);
  }

  private expand({ table, quota, tally, levelStart, open }: Expand): Expanded {
    if (table !== this.table.buffer) this.table = new SharedFingerprintTable(table);
    this.tally = new Tally(tally);
    this.levelStart = levelStart;
    this.candidates = [];
    this.fullAt = this.table.filled + quota;
    const seen: SeenAt[] = [];
    let unseen = open;
    let since = { expanded: 0, generated: 0, filled: this.table.filled };
    for (const waiting of this.level) {
      if (since.expanded % STOP_EVERY === 0 && Atomics.load(this.control, 0) !== 0) return { outcome: "stopped", seen };
      if (since.expanded === REPORT_EVERY) {
        const { filled } = this.table;
        const { expanded, generated } = since;
        this.port.post({ kind: "progress", expanded, generated, met: filled - since.filled });
        since = { expanded: 0, generated: 0, filled };
      }
      const candidates = this.candidates.length;
      since.generated += this.expandState(waiting);
      since.expanded++;
      if (this.table.filled > this.fullAt) return { outcome: "full", seen };
      for (let fresh = candidates; fresh < this.candidates.length && unseen !== 0; fresh++) {
        const candidate = this.candidates[fresh];
        if (candidate === undefined) continue;
        const decided = this.watch.seenIn(candidate.state, unseen);
        if (decided === 0) continue;
        unseen &= ~decided;
        seen.push({ seen: decided, parent: candidate.parent, action: candidate.action });
      }
    }
    return { outcome: "whole", seen };
  }

  private expandState({ number, state }: Waiting<State>): number {
    const { model, fold, table } = this;
    this.at = number;
    let position = -1;
    let generated = 0;
    let outside = 0;
    for (const action of model.actions(state)) {
      position++;
      const next = model.next(state, action);
      if (next === undefined) continue;
      generated++;
      if (model.within !== undefined && !model.within(next)) {
        outside++;
        continue;
      }
      fingerprintState(model, next, fold);
      const slot = table.claim(fold, claimOf(number));
      if (slot < 0) continue;
      this.candidates.push({ slot, parent: number, action: position, state: next });
      if (table.filled > this.fullAt) break;
    }
    this.tally.count(number - this.levelStart, generated, outside);
    return generated;
  }

  private settle(): void {
    this.candidates = this.candidates.filter(({ slot, parent }) => this.table.claimOn(slot) === claimOf(parent));
    for (const { parent } of this.candidates) this.tally.keep(parent - this.levelStart);
  }

  private number(levelEnd: number, parents: Int32Array, actions: Uint16Array): void {
    this.level = this.candidates.map(({ parent, action, state }) => {
      const number = levelEnd + this.tally.keep(parent - this.levelStart);
      parents[number] = parent;
      actions[number] = action;
      return { number, state };
    });
    this.candidates = [];
  }
}

/** The model alone, so that finding the first states ends for no property. */
function withoutQuestions<State, Action>(model: Model<State, Action>): Model<State, Action> {
  return {
    init: () => model.init(),
    actions: (state) => model.actions(state),
    next: (state, action) => model.next(state, action),
    invariants: [],
    key: (state, into) => model.key(state, into),
    ...(model.within && { within: (state: State) => model.within?.(state) ?? true }),
    ...(model.symmetry && { symmetry: (state: State) => model.symmetry?.(state) ?? state }),
  };
}
