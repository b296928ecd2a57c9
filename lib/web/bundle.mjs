// Builds the page into lib/dist/web: hashed names, brotli beside each file, and a manifest the server reads.
// Plotly is built on its own, because it is large, changes only with its version, and is loaded when first seen.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";

const webFolder = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));
const outFolder = join(root, "lib", "dist", "web");
const recordPath = join(outFolder, "build.json");
const target = ["es2022", "chrome123", "firefox121", "safari17.5"];

const replayName = "highwater-replay.js";

/** Pages that are loaded on demand, by the name the server knows them by. */
const pageFiles = ["home", "lesson", "exercise", "sandbox", "search"];

export async function bundleWeb() {
  mkdirSync(outFolder, { recursive: true });
  const plotly = await bundlePlotly();
  const record = readRecord();
  if (record !== undefined && record.plotly === plotly && record.inputs.every(isUnchanged)) return;

  const result = await build({
    entryPoints: { main: join(webFolder, "main.tsx"), icon: join(webFolder, "icon.svg") },
    bundle: true,
    splitting: true,
    format: "esm",
    minify: true,
    metafile: true,
    target,
    outdir: outFolder,
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    loader: { ".svg": "copy" },
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "linked",
    define: { PLOTLY_URL: JSON.stringify(`/assets/${plotly}`), "process.env.NODE_ENV": '"production"' },
    external: ["/assets/*"],
    absWorkingDir: root,
    logLevel: "warning",
  });

  // The replay once more, in one piece and under a fixed name, for exported files and foreign pages.
  const alone = await build({
    entryPoints: [join(webFolder, "replay", "element.ts")],
    bundle: true,
    format: "esm",
    minify: true,
    metafile: true,
    target,
    outfile: join(outFolder, replayName),
    absWorkingDir: root,
    logLevel: "warning",
  });

  const { outputs, inputs } = result.metafile;
  const produced = Object.keys(outputs).map((path) => basename(path));
  const outputOf = (source) => {
    const wanted = relative(root, join(webFolder, source));
    const found = Object.entries(outputs).find(([, output]) => output.entryPoint === wanted);
    if (found === undefined) throw new Error(`${source} is not part of the page`);
    return found;
  };
  const [mainPath, main] = outputOf("main.tsx");
  const needs = (path) => closure(outputs, path).map((file) => basename(file));
  const preload = needs(mainPath).filter((name) => name !== basename(mainPath));
  const pages = Object.fromEntries(
    pageFiles.map((page) => {
      const [path] = outputOf(`pages/${page}-page.tsx`);
      return [page, needs(path).filter((name) => name !== basename(mainPath) && !preload.includes(name))];
    }),
  );
  const icon = produced.find((name) => /^icon-.*\.svg$/.test(name));
  for (const name of produced) compress(name, 11);
  const manifest = { script: basename(mainPath), style: basename(main.cssBundle), preload, pages, icon };
  removeOthers(new Set([...produced, plotly, replayName, "manifest.json", "build.json"]));
  writeFileSync(join(outFolder, "manifest.json"), `${JSON.stringify(manifest, undefined, 1)}\n`);
  const read = [
    ...Object.keys({ ...inputs, ...alone.metafile.inputs }).map((path) => join(root, path)),
    fileURLToPath(import.meta.url),
  ];
  writeFileSync(recordPath, JSON.stringify({ plotly, inputs: read.filter(existsSync).map(stamp) }));
}

/** The file and everything it imports at once, so that the browser can ask for all of it together. */
function closure(outputs, path, seen = new Set()) {
  if (seen.has(path) || outputs[path] === undefined) return [...seen];
  seen.add(path);
  for (const { path: imported, kind } of outputs[path].imports) {
    if (kind === "import-statement") closure(outputs, imported, seen);
  }
  return [...seen];
}

/** @returns the name of the built file; builds it only when this version of plotly has not been built before */
async function bundlePlotly() {
  const require = createRequire(import.meta.url);
  const { version } = JSON.parse(readFileSync(require.resolve("plotly.js-dist/package.json"), "utf8"));
  const hash = createHash("sha256").update(`${version} ${target} with nonce`).digest("hex").slice(0, 8);
  const name = `plotly-${hash}.js`;
  if (existsSync(join(outFolder, `${name}.br`))) return name;
  await build({
    stdin: { contents: 'export { default } from "plotly.js-dist";', resolveDir: webFolder },
    bundle: true,
    format: "esm",
    minify: true,
    target,
    legalComments: "none",
    outfile: join(outFolder, name),
    logLevel: "error",
    plugins: [nonceForStyles],
  });
  compress(name, 9);
  return name;
}

/** Plotly makes style elements; under the page's policy they need the nonce that the server put into the document. */
const nonceForStyles = {
  name: "nonce-for-styles",
  setup(bundle) {
    bundle.onLoad({ filter: /plotly\.js-dist[\\/]plotly\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replaceAll(
        'document.createElement("style")',
        'Object.assign(document.createElement("style"), { nonce: document.documentElement.dataset.nonce })',
      ),
      loader: "js",
    }));
  },
};

function compress(name, quality) {
  const path = join(outFolder, name);
  if (name.endsWith(".map")) return;
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality };
  writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path), { params }));
}

function removeOthers(kept) {
  for (const name of readdirSync(outFolder)) {
    if (!kept.has(name.replace(/\.br$/, ""))) rmSync(join(outFolder, name));
  }
}

function readRecord() {
  try {
    return existsSync(join(outFolder, "manifest.json")) ? JSON.parse(readFileSync(recordPath, "utf8")) : undefined;
  } catch {
    return undefined;
  }
}

function stamp(path) {
  const { mtimeMs, size } = statSync(path);
  return { path: relative(root, path), mtimeMs, size };
}

function isUnchanged(input) {
  const path = join(root, input.path);
  if (!existsSync(path)) return false;
  const { mtimeMs, size } = statSync(path);
  return mtimeMs === input.mtimeMs && size === input.size;
}
