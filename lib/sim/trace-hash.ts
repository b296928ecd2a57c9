import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { TraceEntry } from "./trace.js";
import { traceStepJson, traceStepLine } from "./trace-json.js";
import type { World } from "./world.js";

/**
 * The hash of a trace, step by step: SHA-256 of the canonical JSON lines of its steps, each ended by a newline. Anybody
 * can recompute it from the JSON document: `jq -c '.steps[]' | sha256sum`.
 */
export class TraceHasher {
  readonly #hash = sha256.create();

  /** @param line one step, as `traceStepLine` writes it */
  add(line: string): void {
    this.#hash.update(utf8ToBytes(`${line}\n`));
  }

  /** 64 hexadecimal digits. More steps may still be added afterwards. */
  digest(): string {
    return bytesToHex(this.#hash.clone().digest());
  }
}

/** The hash of all steps of a run. @param start the world before the first */
export function traceHash(start: World, entries: readonly TraceEntry[]): string {
  const hasher = new TraceHasher();
  let before = start;
  for (const entry of entries) {
    hasher.add(traceStepLine(traceStepJson(before, entry)));
    before = entry.world;
  }
  return hasher.digest();
}

/** The first digits, for people. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12);
}
