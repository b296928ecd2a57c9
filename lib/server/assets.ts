import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Hono } from "hono";
import { z } from "zod";

/** What the build of the page left: see `lib/web/bundle.mjs`. */
const manifestSchema = z.object({
  script: z.string(),
  style: z.string(),
  /** Parts the first page loads, fetched while the main script is still being read. */
  preload: z.array(z.string()),
  /** Parts each kind of page loads after that, by its name. */
  pages: z.record(z.string(), z.array(z.string())),
  icon: z.string(),
});

export type WebManifest = z.infer<typeof manifestSchema>;

/** The page has not been built; the message says what to do. */
export class PageNotBuiltError extends Error {
  override readonly name = "PageNotBuiltError";
}

/**
 * What was built, read again when it has been built again while the server runs.
 *
 * @throws PageNotBuiltError at once when there is nothing
 */
export function builtPage(webFolder: string): () => WebManifest {
  const path = join(webFolder, "manifest.json");
  let known: { readonly changedMs: number; readonly manifest: WebManifest } | undefined;
  const read = (): WebManifest => {
    if (!existsSync(path)) {
      throw new PageNotBuiltError(
        "The page is not built yet. Run `npm run build` in the course folder, then try again.",
      );
    }
    const changedMs = statSync(path).mtimeMs;
    if (known?.changedMs !== changedMs) {
      known = { changedMs, manifest: manifestSchema.parse(JSON.parse(readFileSync(path, "utf8"))) };
    }
    return known.manifest;
  };
  read();
  return read;
}

const contentTypes: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
};

interface Asset {
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly brotli?: Uint8Array<ArrayBuffer>;
  readonly type: string;
}

/**
 * The built page's files. Their names carry a hash of their bytes, so a browser keeps them for ever; each was compressed
 * when it was built. Only names of the build's own shape are looked up, so no path can lead out of the folder.
 */
export function assetRoutes(webFolder: string): Hono {
  const known = new Map<string, Asset>();
  return new Hono().get("/:name", (context) => {
    const name = context.req.param("name");
    const asset = known.get(name) ?? readAsset(webFolder, name);
    if (asset === undefined) return context.notFound();
    known.set(name, asset);
    const headers = {
      "Content-Type": asset.type,
      "Cache-Control": "public, max-age=31536000, immutable",
      Vary: "Accept-Encoding",
    };
    const takesBrotli = /\bbr\b/.test(context.req.header("accept-encoding") ?? "");
    if (takesBrotli && asset.brotli) return context.body(asset.brotli, 200, { ...headers, "Content-Encoding": "br" });
    return context.body(asset.plain, 200, headers);
  });
}

function readAsset(folder: string, name: string): Asset | undefined {
  const extension = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.(js|css|svg|txt)$/.exec(name)?.[1];
  const type = extension === undefined ? undefined : contentTypes[extension];
  const path = join(folder, name);
  if (type === undefined || !existsSync(path)) return undefined;
  const brotliPath = `${path}.br`;
  return {
    plain: bytes(path),
    type,
    ...(existsSync(brotliPath) ? { brotli: bytes(brotliPath) } : {}),
  };
}

function bytes(path: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(path));
}
