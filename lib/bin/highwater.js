#!/usr/bin/env node
// Kept in plain, old JavaScript so that an old Node can still print why it will not do.
var parts = process.versions.node.split(".").map(Number);
if (parts[0] < 20 || (parts[0] === 20 && parts[1] < 19)) {
  console.error("highwater needs Node 20.19 or newer; this is Node " + process.versions.node + ".");
  console.error("Install a current Node (22 or 24 are good choices) and run the command again.");
  process.exit(2);
}
import("../dist/cli/main.js").then(
  (cli) => cli.main(process.argv.slice(2)),
  (error) => {
    if (error && error.code === "ERR_MODULE_NOT_FOUND" && /[\\/]lib[\\/]dist[\\/]/.test(error.message)) {
      console.error(
        "highwater is not built, or only in part. Run `npm run build` in the course folder, then try again.",
      );
      process.exit(2);
    }
    throw error;
  },
);
