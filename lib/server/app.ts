import { randomBytes } from "node:crypto";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { compress } from "hono/compress";
import { getCookie } from "hono/cookie";
import type { Access } from "./access.js";
import { assetRoutes, type WebManifest } from "./assets.js";
import { boot, type PageKind } from "./boot.js";
import { guard } from "./guard.js";
import type { KernelPool } from "./kernel-pool.js";
import type { Render } from "./lesson-markdown.js";
import { type Lessons, LessonUnreadableError } from "./lessons.js";
import { pageHtml } from "./page-html.js";
import { plainPage } from "./plain-page.js";
import type { ProgressStore } from "./progress.js";
import { eventRoutes } from "./routes/event-routes.js";
import { exerciseRoutes } from "./routes/exercise-routes.js";
import { frameRoutes } from "./routes/frame-routes.js";
import { lessonRoutes } from "./routes/lesson-routes.js";
import { loginRoutes } from "./routes/login-routes.js";
import { modelRoutes } from "./routes/model-routes.js";
import { RequestError } from "./routes/request-body.js";
import { type SearchHit, searchLessons } from "./search.js";
import { pagePolicy, securityHeaders } from "./security-headers.js";
import type { CourseServices } from "./services.js";

export interface AppOptions {
  readonly access: Access;
  readonly lessons: Lessons;
  readonly progress: ProgressStore;
  readonly services: CourseServices;
  readonly pool: KernelPool;
  readonly render: Render;
  /** Where the built page is, and what it consists of. */
  readonly webFolder: string;
  readonly manifest: () => WebManifest;
  /** Told about what should not have happened, for the terminal; the page gets a sentence without details. */
  readonly onError: (error: unknown) => void;
}

/** Larger requests are refused before they are read to the end. */
const bodyBytesMax = 1024 * 1024;

/** The whole server as a function from request to response: nothing here listens or reads a clock. */
export function createApp(options: AppOptions): Hono {
  const { lessons, progress, services } = options;
  const app = new Hono();
  app.use(securityHeaders());
  // Assets are compressed when they are built, and a stream of events must not wait for a full block.
  app.use("/api/*", compressUnlessStream);
  for (const path of ["/", "/lessons/*", "/exercises/*", "/sandbox", "/search"]) app.use(path, compressUnlessStream);
  app.use(guard(options.access));
  app.use(
    bodyLimit({
      maxSize: bodyBytesMax,
      onError: (context) => fail(context, 413, "This is larger than one megabyte. Nothing was changed."),
    }),
  );

  app.route("/assets", assetRoutes(options.webFolder));
  app.route("/login", loginRoutes(options.access));
  app.route("/frames", frameRoutes(lessons));
  app.route("/api/lessons", eventRoutes(lessons));
  app.route("/api/lessons", lessonRoutes(lessons, progress));
  app.route("/api/exercises", exerciseRoutes(services, options.render));
  app.route("/api/model", modelRoutes(services));
  app.get("/api/course", async (context) => context.json(await boot("home", undefined, options)));
  app.get("/api/search", (context) => context.json({ hits: search(lessons, context.req.query("q") ?? "") }));
  app.get("/api/status", async (context) =>
    context.json({ serverBytes: process.memoryUsage.rss(), kernels: await options.pool.report() }),
  );

  const page = (kind: PageKind) => async (context: Context) => {
    const state = await boot(kind, context.req.param("name"), options);
    if (state === undefined) return context.html(plainPage("Not found", "There is nothing at this address."), 404);
    const nonce = randomBytes(16).toString("base64url");
    context.header("Content-Security-Policy", pagePolicy(nonce));
    const looks = getCookie(context, "highwater-looks");
    const manifest = options.manifest();
    return context.html(pageHtml({ manifest, nonce, looks, title: state.title, kind, boot: state }));
  };
  app.get("/", page("home"));
  app.get("/lessons/:name", page("lesson"));
  app.get("/exercises/:name", page("exercise"));
  app.get("/sandbox", page("sandbox"));
  app.get("/search", page("search"));

  app.notFound((context) => fail(context, 404, "There is nothing at this address."));
  app.onError((error, context) => {
    if (error instanceof RequestError) return fail(context, error.status, error.message);
    if (error instanceof LessonUnreadableError) return fail(context, 422, error.message);
    options.onError(error);
    return fail(context, 500, "The server met an error of its own; the terminal has the details. Your work is kept.");
  });
  return app;
}

const compressed = compress({ threshold: 8 * 1024 });

const compressUnlessStream: MiddlewareHandler = (context, next) =>
  /\/(events|prove)$/.test(context.req.path) ? next() : compressed(context, next);

function fail(context: Context, status: 400 | 404 | 409 | 413 | 422 | 500 | 503, message: string): Response {
  const isPage = context.req.method === "GET" && (context.req.header("accept") ?? "").includes("text/html");
  if (isPage) return context.html(plainPage("This does not work", message), status);
  return context.json({ error: { message } }, status);
}

function search(lessons: Lessons, query: string): readonly SearchHit[] {
  const all = lessons.list().filter(({ cellCount }) => cellCount > 0);
  const searched = all.map(({ slug, title }) => ({ slug, title, notebook: lessons.courseNotebook(slug) }));
  return searchLessons(searched, query.slice(0, 200));
}
