// Builds what the commands and the page need: the library with tsc, the page with esbuild.
// Both are incremental; a second run with nothing changed takes about a second.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL(".", import.meta.url));
const tsc = fileURLToPath(new URL("node_modules/typescript/bin/tsc", import.meta.url));

try {
  execFileSync(process.execPath, [tsc, "-p", "lib/tsconfig.json"], { cwd: root, stdio: "inherit" });
} catch {
  console.error("The library did not build: see the type errors above.");
  process.exit(2);
}
if (existsSync(new URL("lib/web/bundle.mjs", import.meta.url))) {
  const { bundleWeb } = await import("./lib/web/bundle.mjs");
  await bundleWeb();
}
