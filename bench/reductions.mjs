// What each reduction of the Kafka world saves: distinct states with all of them, and without one.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const USAGE = `Usage: npm run bench -- reductions [--json] [--max-states N]
  --max-states N   end each search after so many states (100000); "≥" marks those that were ended`;

export async function run(args) {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: { json: { type: "boolean", default: false }, "max-states": { type: "string", default: "100000" } },
    }));
  } catch (error) {
    console.error(`${error.message}\n${USAGE}`);
    return 2;
  }
  if (!/^[1-9]\d*$/.test(values["max-states"])) {
    console.error(`--max-states takes a whole number from 1 up, not "${values["max-states"]}".\n${USAGE}`);
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), "highwater-bench-"));
  try {
    const program = join(folder, "reductions-run.mjs");
    await build({
      entryPoints: [fileURLToPath(new URL("reductions-run.ts", import.meta.url))],
      outfile: program,
      bundle: true,
      platform: "node",
      format: "esm",
      logLevel: "error",
    });
    const output = execFileSync(process.execPath, [program, values["max-states"]], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const rows = JSON.parse(output.toString());
    if (values.json) console.log(JSON.stringify(rows, null, 2));
    else
      console.table(
        rows.map(({ isCut, without, ...row }) => ({ ...row, without: isCut ? `≥ ${without}` : String(without) })),
      );
    return 0;
  } catch (error) {
    console.error(error.stderr?.toString() || error.message);
    return 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
