import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, it, test } from "vitest";
import { describeInBrowser } from "../../web/browser.js";
import { type Essay, essayHashes } from "./essay-hashes.js";

const folder = new URL("../../scenarios/", import.meta.url);

const essays: readonly Essay[] = readdirSync(folder)
  .filter((file) => file.endsWith(".scenario"))
  .sort()
  .map((file) => ({ file, text: readFileSync(new URL(file, folder), "utf8") }));

// The file was written on one version of Node; every other must come to the same.
test("essays hash as they did when they were written down", async () => {
  await expect(essayHashes(essays)).toMatchFileSnapshot(new URL("essay-hashes.txt", import.meta.url).pathname);
});

describeInBrowser("in a browser", (browser) => {
  it("the same essays have the same hashes", async () => {
    const bundle = await build({
      stdin: {
        contents: `export { essayHashes } from "./essay-hashes.js";`,
        resolveDir: fileURLToPath(new URL(".", import.meta.url)),
      },
      bundle: true,
      format: "iife",
      globalName: "highwater",
      platform: "browser",
      write: false,
    });
    const page = await (await browser.context()).newPage();
    await page.addScriptTag({ content: bundle.outputFiles[0]?.text ?? "" });
    const hashes = await page.evaluate(
      (
        texts, // The bundle has put it there.
      ) => (Reflect.get(globalThis, "highwater") as { essayHashes: typeof essayHashes }).essayHashes(texts),
      essays,
    );
    expect(hashes).toBe(essayHashes(essays));
  }, 120_000);
});
