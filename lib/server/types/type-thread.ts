import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { CellText } from "../../notebook/check/cell-files.js";
import type { CellDiagnostic } from "../../notebook/check/checker.js";
import type { CellNames } from "../../notebook/dependencies.js";
import type { TypeAnswers, TypeQuestion, TypeReply, TypeRequest } from "./type-messages.js";

/** What a lesson is told about the types in its cells. */
export type OnDiagnostics = (cell: string, revision: number, found: readonly CellDiagnostic[]) => void;

/** What the server knows of types. Nothing here throws: without an answer the page is a plainer editor. */
export interface TypeService {
  /** Takes the notebook as it is now; diagnostics follow, cell by cell, under `revision`. */
  update(slug: string, revision: number, cells: readonly CellText[], onDiagnostics: OnDiagnostics): void;
  ask<About extends TypeQuestion["about"]>(
    slug: string,
    question: TypeQuestion & { readonly about: About },
  ): Promise<TypeAnswers[About] | undefined>;
  /** What each of the texts reads and writes. */
  names(sources: readonly string[]): Promise<readonly CellNames[] | undefined>;
  close(slug: string): void;
  stop(): Promise<void>;
}

/** A question that takes longer than this is given up; the next one may find the checker warm. */
const patienceMs = 10_000;

// Under the test runner this file is TypeScript, which a plain worker cannot read: it takes the built one.
const workerFile = import.meta.url.endsWith(".ts") ? "../../dist/server/types/type-worker.js" : "./type-worker.js";

/**
 * The type checker in a thread of its own, started with the first request. If the thread dies, the next request starts
 * another; what it knew comes back with the next update.
 *
 * @param directory the folder of the notebooks: it decides what their imports mean
 */
export class TypeThread implements TypeService {
  private worker: Worker | undefined;
  private asked = 0;
  private readonly waiting = new Map<number, (reply: TypeReply | undefined) => void>();
  private readonly listeners = new Map<string, OnDiagnostics>();

  constructor(private readonly directory: string) {}

  update(slug: string, revision: number, cells: readonly CellText[], onDiagnostics: OnDiagnostics): void {
    this.listeners.set(slug, onDiagnostics);
    this.send({ kind: "update", slug, revision, cells });
  }

  async ask<About extends TypeQuestion["about"]>(
    slug: string,
    question: TypeQuestion & { readonly about: About },
  ): Promise<TypeAnswers[About] | undefined> {
    const reply = await this.request((ask) => ({ kind: "question", ask, slug, question }));
    // The worker answers the kind of question it was asked.
    return reply?.kind === "answer" ? (reply.answer as TypeAnswers[About]) : undefined;
  }

  async names(sources: readonly string[]): Promise<readonly CellNames[] | undefined> {
    const reply = await this.request((ask) => ({ kind: "names", ask, sources }));
    return reply?.kind === "names" ? reply.names : undefined;
  }

  close(slug: string): void {
    this.listeners.delete(slug);
    if (this.worker !== undefined) this.send({ kind: "close", slug });
  }

  async stop(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    this.giveUp();
    await worker?.terminate();
  }

  private request(make: (ask: number) => TypeRequest): Promise<TypeReply | undefined> {
    const ask = ++this.asked;
    return new Promise((resolve) => {
      const timer = setTimeout(() => finish(undefined), patienceMs);
      const finish = (reply: TypeReply | undefined): void => {
        clearTimeout(timer);
        this.waiting.delete(ask);
        resolve(reply);
      };
      this.waiting.set(ask, finish);
      this.send(make(ask));
    });
  }

  private send(request: TypeRequest): void {
    this.worker ??= this.start();
    this.worker.postMessage(request);
  }

  private start(): Worker {
    const worker = new Worker(fileURLToPath(new URL(workerFile, import.meta.url)), {
      workerData: { directory: this.directory },
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
    });
    worker.unref();
    const forget = (): void => {
      if (this.worker !== worker) return;
      this.worker = undefined;
      this.giveUp();
    };
    worker.on("error", forget);
    worker.on("exit", forget);
    worker.on("message", (reply: TypeReply) => this.onReply(reply));
    return worker;
  }

  private onReply(reply: TypeReply): void {
    if (reply.kind === "diagnostics") {
      this.listeners.get(reply.slug)?.(reply.cell, reply.revision, reply.found);
    } else {
      this.waiting.get(reply.ask)?.(reply.kind === "failed" ? undefined : reply);
    }
  }

  private giveUp(): void {
    for (const finish of [...this.waiting.values()]) finish(undefined);
  }
}
