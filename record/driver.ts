import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { Complaint } from "./complaint.js";

/** What an application was told of one record. Times are wall clock, ms. */
export interface AnswerEvent {
  readonly event: "answer";
  readonly send: number;
  readonly value: string;
  readonly sentAt: number;
  readonly answeredAt: number;
  readonly offset?: number;
  readonly error?: string;
}

type Waiting = { resolve(value: unknown): void; reject(error: Error): void };

/** The process that speaks with the cluster through Kafka's own classes (`driver/Driver.java`). */
export class Driver {
  onAnswer: (answer: AnswerEvent) => void = () => {};
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #said = "";

  constructor(classPath: string, javaOptions: readonly string[]) {
    this.#process = spawn("java", [...javaOptions, "-cp", classPath, "Driver"], { stdio: ["pipe", "pipe", "pipe"] });
    this.#process.stderr?.on("data", (data) => {
      this.#said = (this.#said + data).slice(-4000);
    });
    // A pipe to a process that has gone; its end is reported below.
    this.#process.stdin?.on("error", () => {});
    if (this.#process.stdout !== null)
      createInterface({ input: this.#process.stdout }).on("line", (line) => this.#take(line));
    this.#process.on("exit", () => {
      const failure = new Complaint(`the driver process has ended: ${this.#said.trim() || "it said nothing"}`);
      for (const { reject } of this.#waiting.values()) reject(failure);
      this.#waiting.clear();
    });
  }

  /**
   * Asks for one thing.
   *
   * @throws Error with `ERROR_NAME ExceptionClass: message` where it was refused
   */
  ask(what: string, details: object = {}): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#process.stdin?.write(`${JSON.stringify({ id, do: what, ...details })}\n`);
    });
  }

  /** Its input ends, so it ends every process that it guards, and itself. */
  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => this.#process.once("exit", () => resolve()));
    this.#process.stdin?.end();
    await gone;
  }

  #take(line: string): void {
    // The driver prints one JSON object a line, and what the classes of Kafka print goes elsewhere.
    const message = JSON.parse(line) as
      | AnswerEvent
      | { readonly id: number; readonly ok: boolean; readonly value?: unknown; readonly error?: string };
    if ("event" in message) return this.onAnswer(message);
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.ok) waiting?.resolve(message.value ?? null);
    else waiting?.reject(new Error(message.error));
  }
}
