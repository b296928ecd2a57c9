import { signal } from "@preact/signals";
import type { ProofLine, ProofProgress, ProofReport } from "../../server/services.js";
import { messageOf, postForLines } from "../parts/api.js";

/** What may go wrong while the question is searched; Kafka's operators meet these first. */
export const faultChoices: readonly (readonly [words: string, faults: string])[] = [
  ["one broker crashes", "crash 1"],
  ["two brokers crash", "crash 2"],
  ["a follower falls behind, and a broker crashes", "slow 1, crash 1"],
  ["a broker loses its disk", "disk-loss 1"],
  ["a follower falls behind, and a broker loses its disk", "slow 1, disk-loss 1"],
  ["a broker loses power", "power-loss 1"],
  ["a broker is cut off from the controller", "isolate-controller 1"],
  ["nothing", "none"],
];

/** A question to the checker: asked, searched, answered or given up. */
export class ProofSession {
  readonly faults = signal("crash 1");
  readonly records = signal(2);
  readonly report = signal<ProofReport | undefined>(undefined);
  /** The text the report is about; another one has not been asked about yet. */
  readonly askedText = signal("");
  /** Set while the search goes on. */
  readonly progress = signal<(ProofProgress & { readonly sinceMs: number }) | undefined>(undefined);
  private search: AbortController | undefined;

  async ask(text: string): Promise<void> {
    this.stop();
    const search = new AbortController();
    this.search = search;
    this.report.value = undefined;
    this.askedText.value = text;
    const sinceMs = performance.now();
    this.progress.value = { states: 0, depth: 0, waiting: 0, sinceMs };
    const question = { text, faults: this.faults.value, records: this.records.value };
    try {
      for await (const line of postForLines<ProofLine>("/api/model/prove", question, search.signal)) {
        if (this.search !== search) return;
        if (line.type === "progress") this.progress.value = { ...line.progress, sinceMs };
        else this.report.value = line.report;
      }
    } catch (error) {
      if (search.signal.aborted) return;
      this.report.value = { ok: false, problems: [{ line: null, column: null, message: messageOf(error) }] };
    } finally {
      if (this.search === search) {
        this.search = undefined;
        this.progress.value = undefined;
      }
    }
  }

  /** Gives the search up; the server ends it too. */
  stop(): void {
    this.search?.abort();
    this.search = undefined;
    this.progress.value = undefined;
  }
}
