// npm run record -- FILE.scenario [--out FILE]: bundles the recorder and runs it in this process, which owns the cluster.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const folder = mkdtempSync(join(tmpdir(), "highwater-record-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const program = join(folder, "record.mjs");
await build({
  entryPoints: [fileURLToPath(new URL("main.ts", import.meta.url))],
  outfile: program,
  bundle: true,
  platform: "node",
  format: "esm",
  logLevel: "error",
});
const { main } = await import(pathToFileURL(program).href);
const driverSources = fileURLToPath(new URL("driver", import.meta.url));
process.exitCode = await main(process.argv.slice(2), { folder, driverSources });
