import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Another server already works on the same folder; `url` is where it answers. */
export class AlreadyServingError extends Error {
  override readonly name = "AlreadyServingError";

  constructor(readonly url: string) {
    super(`The course is already being served at ${url}. Open that address, or stop the other server first.`);
  }
}

interface LockContent {
  readonly pid: number;
  readonly url: string;
}

/**
 * Makes this process the only server that writes to the learner's folder. A lock whose process is gone, as after a
 * kill, is taken over.
 *
 * @returns a function that gives the folder free
 * @throws AlreadyServingError
 */
export function lockFolder(folder: string, url: string): () => void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "server.json");
  const content: LockContent = { pid: process.pid, url };
  const write = (): void => writeFileSync(path, `${JSON.stringify(content)}\n`, { flag: "wx", mode: 0o600 });
  try {
    write();
  } catch (error) {
    if (!isExisting(error)) throw error;
    const other = read(path);
    if (other !== undefined && isAlive(other.pid)) throw new AlreadyServingError(other.url);
    rmSync(path, { force: true });
    write();
  }
  return () => {
    if (read(path)?.pid === process.pid) rmSync(path, { force: true });
  };
}

function read(path: string): LockContent | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof value !== "object" || value === null || !("pid" in value) || !("url" in value)) return undefined;
    return typeof value.pid === "number" && typeof value.url === "string"
      ? { pid: value.pid, url: value.url }
      : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EEXIST";
}
