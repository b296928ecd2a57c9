import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { serve as Serve } from "../../lib/server/serve.js";
import { FakeKernels } from "../server/fake-kernel.js";
import { fakeServices } from "../server/fake-services.js";

/**
 * A server in a process of its own, for tests that kill it. Arguments: the built library's folder, the folder of
 * lessons, the learner's folder, the port, and "tslab" for real kernels. Prints its address when it is ready.
 */
const [libFolder = "", notebooksFolder = "", learnerFolder = "", port = "0", kernels] = process.argv.slice(2);
const { serve } = (await import(pathToFileURL(join(libFolder, "server/serve.js")).href)) as { serve: typeof Serve };
const server = await serve({
  notebooksFolder,
  learnerFolder,
  services: fakeServices(),
  port: Number(port),
  ...(kernels === "tslab" ? {} : { kernels: new FakeKernels() }),
});
console.log(server.url);
process.on("SIGTERM", () => void server.close().then(() => process.exit(0)));
