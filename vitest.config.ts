import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { highwater: fileURLToPath(new URL("./lib/index.ts", import.meta.url)) } },
  test: {
    include: ["test/**/*.test.ts"],
    // Browsers, kernels and servers are real here, and a busy machine can be slow: a failure must repeat to count. What
    // is deterministic fails every time.
    retry: 2,
    testTimeout: 60_000,
    // A poll that is given up after a second, as is the default, asks how busy the machine is.
    expect: { poll: { timeout: 20_000, interval: 50 } },
    hookTimeout: 60_000,
  },
});
