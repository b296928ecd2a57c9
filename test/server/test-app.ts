import type { Hono } from "hono";
import { createAccess } from "../../lib/server/access.js";
import { createApp } from "../../lib/server/app.js";
import { KernelPool } from "../../lib/server/kernel-pool.js";
import { Lessons } from "../../lib/server/lessons.js";
import { ProgressStore } from "../../lib/server/progress.js";
import type { TypeService } from "../../lib/server/types/type-thread.js";
import type { DocumentOp, OpReply } from "../../lib/server/wire.js";
import { type CourseFixture, courseFixture, plainRender } from "./course-fixture.js";
import { FakeKernels } from "./fake-kernel.js";
import { fakeServices } from "./fake-services.js";

export const origin = "http://127.0.0.1:4000";

/** The whole server without a port: requests go in, responses come out. */
export interface TestApp {
  readonly app: Hono;
  readonly course: CourseFixture;
  readonly kernels: FakeKernels;
  readonly lessons: Lessons;
  readonly cookie: string;
  readonly token: string;
  readonly errors: unknown[];
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Sends ops as one tab and gives the server's reply. */
  ops(
    slug: string,
    sequence: number,
    ops: readonly DocumentOp[],
    run?: readonly string[],
    restart?: boolean,
  ): Promise<OpReply>;
  /** Lets everything that was started and waits for nothing finish. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** A type service that knows nothing: what tests that are not about types need. */
const noTypes: TypeService = {
  update: () => undefined,
  ask: () => Promise.resolve(undefined),
  names: () => Promise.resolve(undefined),
  close: () => undefined,
  stop: () => Promise.resolve(),
};

export interface TestAppOptions {
  readonly course?: CourseFixture;
  readonly kernels?: FakeKernels;
  readonly kernelsMax?: number;
  readonly password?: string;
  readonly saveAfterMs?: number;
  readonly runMsMax?: number;
}

export function testApp(options: TestAppOptions = {}): TestApp {
  const course = options.course ?? courseFixture();
  const kernels = options.kernels ?? new FakeKernels();
  let nowMs = 1_700_000_000_000;
  const clock = () => nowMs++;
  const pool = new KernelPool({
    source: kernels,
    kernelsMax: options.kernelsMax ?? 4,
    idleMs: 60_000,
    nowMs: clock,
  });
  const lessons = new Lessons({
    ...course,
    pool,
    render: plainRender,
    types: noTypes,
    nowMs: clock,
    epoch: "life",
    saveAfterMs: options.saveAfterMs ?? 5,
    runMsMax: options.runMsMax ?? 60_000,
  });
  const token = "t".repeat(43);
  const access = createAccess({ port: 4000, token, ...(options.password ? { password: options.password } : {}) });
  const errors: unknown[] = [];
  const app = createApp({
    access,
    lessons,
    pool,
    progress: new ProgressStore(`${course.learnerFolder}/progress.json`, clock),
    services: fakeServices(),
    render: plainRender,
    webFolder: "/nowhere",
    manifest: () => ({ script: "main.js", style: "main.css", preload: [], pages: {}, icon: "icon.svg" }),
    onError: (error) => errors.push(error),
  });
  const cookie = `${access.cookieName}=${access.cookieValue}`;
  const send = async (path: string, init: RequestInit, headers: Record<string, string>) =>
    app.request(new Request(`${origin}${path}`, { ...init, headers: { host: "127.0.0.1:4000", cookie, ...headers } }));
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    send(
      path,
      { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) },
      { origin, "content-type": "application/json", ...headers },
    );
  return {
    app,
    course,
    kernels,
    lessons,
    cookie,
    token,
    errors,
    get: (path, headers = {}) => send(path, {}, headers),
    post,
    ops: async (slug, sequence, ops, run, restart) => {
      const [epoch] = lessons.lesson(slug).log.lastId.split("-");
      const response = await post(`/api/lessons/${slug}/ops`, { client: "tab", epoch, sequence, ops, run, restart });
      return (await response.json()) as OpReply;
    },
    settle: async () => {
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    },
    close: async () => {
      await pool.close();
      await lessons.close();
      if (options.course === undefined) course.remove();
    },
  };
}
