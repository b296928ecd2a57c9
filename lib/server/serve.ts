import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import { tslabKernels } from "../notebook/kernel-tslab.js";
import { createAccess, loadOrCreateToken } from "./access.js";
import { createApp } from "./app.js";
import { builtPage } from "./assets.js";
import { KernelPool, type KernelSource } from "./kernel-pool.js";
import { prepareLearnerFolder } from "./learner-copy.js";
import { lessonMarkdown } from "./lesson-markdown.js";
import { Lessons } from "./lessons.js";
import { checkedHost, listen } from "./listen.js";
import { ProgressStore } from "./progress.js";
import { lockFolder } from "./server-lock.js";
import type { CourseServices } from "./services.js";
import { TypeThread } from "./types/type-thread.js";

export interface ServeOptions {
  /** The folder of lessons; only read. */
  readonly notebooksFolder: string;
  /** Everything the learner makes goes here and nowhere else. */
  readonly learnerFolder: string;
  readonly services: CourseServices;
  /** Where kernels come from; left out, tslab processes for the folder of lessons. */
  readonly kernels?: KernelSource;
  /** A port to insist on; left out, the first free one from 8092 on. 0 asks the system for one. */
  readonly port?: number;
  /** Where to listen; 127.0.0.1 when left out. Anything but loopback needs `allowRemote` and `password`. */
  readonly host?: string;
  readonly allowRemote?: boolean;
  readonly password?: string;
  /** Further names under which the page may be asked for, when listening beyond loopback. */
  readonly publicHosts?: readonly string[];
  readonly kernelsMax?: number;
  readonly idleKernelMs?: number;
  /** How long one cell may run before it is interrupted; ten minutes when left out. */
  readonly runMsMax?: number;
  /** The built page; left out, the one that was built beside this file. */
  readonly webFolder?: string;
  /** Told about faults of the server's own. */
  readonly onError?: (error: unknown) => void;
}

export interface RunningServer {
  /** The address to open; on loopback it holds the key. */
  readonly url: string;
  readonly port: number;
  /** Saves everything and ends every kernel. Safe to call twice. */
  close(): Promise<void>;
}

/** The learner's folder cannot be written. */
export class LearnerFolderError extends Error {
  override readonly name = "LearnerFolderError";
}

const usualPort = 8092;
const saveAfterMs = 800;

/**
 * Serves the course until closed.
 *
 * @throws PortInUseError, RemoteRefusedError, AlreadyServingError, LearnerFolderError, PageNotBuiltError: each message
 *   is for the learner and says what to do
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const host = checkedHost(options.host ?? "127.0.0.1", options.allowRemote ?? false, options.password);
  const problem = prepareLearnerFolder(options.learnerFolder);
  if (problem !== undefined) throw new LearnerFolderError(problem);
  const webFolder = options.webFolder ?? fileURLToPath(new URL("../web", import.meta.url));
  const manifest = builtPage(webFolder);

  // The address is part of what the guard checks, so the app is made once the port is known.
  let app: Hono | undefined;
  /** Requests that are being answered: closing waits for what they write. */
  const answering = new Set<Promise<unknown>>();
  const server = createServer(
    getRequestListener((request) => {
      if (app === undefined) return new Response(null, { status: 503 });
      const answer = Promise.resolve(app.fetch(request));
      answering.add(answer);
      void answer.finally(() => answering.delete(answer)).catch(() => undefined);
      return answer;
    }),
  );
  const port = await listen(server, host, options.port ?? usualPort, options.port !== undefined);
  const token = loadOrCreateToken(join(options.learnerFolder, "token"));
  const isLoopback = options.password === undefined || host === "127.0.0.1" || host === "localhost" || host === "::1";
  const shownHost = host === "::1" ? "[::1]" : host === "0.0.0.0" || host === "::" ? "localhost" : host;
  const origin = `http://${shownHost}:${port}`;
  const url = isLoopback ? `${origin}/?token=${token}` : `${origin}/`;
  let unlock: () => void;
  try {
    unlock = lockFolder(options.learnerFolder, url);
  } catch (error) {
    server.close();
    throw error;
  }

  const nowMs = () => Date.now();
  const onError = options.onError ?? ((error: unknown) => console.error(error));
  const pool = new KernelPool({
    source: options.kernels ?? tslabKernels({ cwd: options.notebooksFolder }),
    kernelsMax: options.kernelsMax ?? 6,
    idleMs: options.idleKernelMs ?? 20 * 60_000,
    nowMs,
  });
  mkdirSync(join(options.learnerFolder, "overflow"), { recursive: true });
  const { notebooksFolder, learnerFolder } = options;
  // The first page shows the same run to everyone; it is computed once, while the browser is still starting.
  const firstCluster = options.services.firstCluster();
  firstCluster.catch(onError);
  const services: CourseServices = { ...options.services, firstCluster: () => firstCluster };
  const render = lessonMarkdown();
  const types = new TypeThread(notebooksFolder);
  const epoch = randomBytes(6).toString("hex");
  const lessons = new Lessons({
    notebooksFolder,
    learnerFolder,
    pool,
    render,
    types,
    nowMs,
    epoch,
    saveAfterMs,
    runMsMax: options.runMsMax ?? 10 * 60_000,
  });
  const progress = new ProgressStore(join(learnerFolder, "progress.json"), nowMs);
  app = createApp({
    access: createAccess({
      port,
      token,
      extraHosts: [...(isLoopback ? [] : [host]), ...(options.publicHosts ?? [])],
      ...(isLoopback || options.password === undefined ? {} : { password: options.password }),
    }),
    lessons,
    progress,
    services,
    pool,
    render,
    webFolder,
    manifest,
    onError,
  });
  pool.prepare();

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    // A tab that stays open goes on asking; it is told that nobody is here, and keeps what it has.
    app = undefined;
    const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
    // Kernels first: what they still say in ending belongs into the copies.
    await Promise.allSettled([pool.close()]);
    server.closeAllConnections();
    await Promise.allSettled(answering);
    await Promise.allSettled([lessons.close(), progress.flush(), types.stop()]);
    await stopped;
    unlock();
  };
  return {
    url,
    port,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
