import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Verdict } from "../verdict.js";
import { verdictSchema } from "../verdict-schema.js";

const lineSchema = z.object({ key: z.string(), verdict: verdictSchema });

/** How long verdicts may wait for the disk, in ms. A kill of the process costs none of them; a power cut these. */
const syncEveryMs = 200;

/**
 * Every verdict that was ever computed here, by key: a file of JSON lines that only grows, so that a run that was killed goes
 * on where it stopped. Several runs may add at the same time (shards, each to a file of its own); all files are read.
 */
export class VerdictJournal {
  private readonly verdicts = new Map<string, Verdict>();
  private readonly fresh: string;
  private file: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** Lines that were not whole: a kill in mid-write leaves one. */
  tornLines = 0;

  /** @param shard which part of the work this run does; its verdicts go into a file of their own */
  constructor(folder: string, shard: string | null) {
    mkdirSync(folder, { recursive: true });
    this.fresh = join(folder, shard === null ? "verdicts.jsonl" : `verdicts-${shard}.jsonl`);
    for (const name of readdirSync(folder).sort())
      if (/^verdicts(?:-[\w-]+)?\.jsonl$/.test(name)) this.read(join(folder, name));
  }

  get(key: string): Verdict | undefined {
    return this.verdicts.get(key);
  }

  /**
   * Keeps a verdict. When this returns, the death of the process no longer costs it.
   *
   * @throws when the disk is full or the folder cannot be written to; every verdict before it stays
   */
  add(key: string, verdict: Verdict): void {
    this.verdicts.set(key, verdict);
    this.file ??= this.open();
    const bytes = Buffer.from(`${JSON.stringify({ key, verdict })}\n`);
    // A disk that fills up may take half a line; the rest is asked for, and refused with a reason.
    for (let written = 0; written < bytes.length; ) written += writeSync(this.file, bytes, written);
    this.timer ??= setTimeout(() => this.sync(), syncEveryMs);
  }

  close(): void {
    this.sync();
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  private sync(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.file === undefined) return;
    try {
      fsyncSync(this.file);
    } catch (error) {
      // A device or a pipe has nothing to sync; whatever else is wrong is told.
      if (!(error instanceof Error && "code" in error && error.code === "EINVAL")) throw error;
    }
  }

  /** Opened for adding; a torn last line is closed first, so that it costs itself only. */
  private open(): number {
    const file = openSync(this.fresh, "a+", 0o600);
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    if (size > 0) readSync(file, last, 0, 1, size - 1);
    if (size > 0 && last[0] !== 0x0a) writeSync(file, "\n");
    return file;
  }

  private read(path: string): void {
    if (!statSync(path).isFile()) return;
    for (const line of readFileSync(path, "utf8").split("\n")) {
      if (line === "") continue;
      const entry = entryOf(line);
      if (entry === null) this.tornLines++;
      else this.verdicts.set(entry.key, entry.verdict);
    }
  }
}

function entryOf(line: string): { readonly key: string; readonly verdict: Verdict } | null {
  try {
    const parsed = lineSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
