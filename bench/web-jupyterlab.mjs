// The same notebook with the same kernel in JupyterLab, measured like ours. JUPYTERLAB names its `jupyter` executable.
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const tslab = fileURLToPath(new URL("../node_modules/tslab/bin/tslab", import.meta.url));
const idle = '.jp-Notebook-ExecutionIndicator[data-status="idle"]';

/**
 * @param notebook the text of the notebook; its cells are asked for by their place in `places`
 * @returns figures by the names of the web benchmark; one that could not be taken is missing, and why is in `problems`
 */
export async function measureJupyterLab(jupyter, browser, folder, notebook, { places, presses, lines, runs }) {
  const home = join(folder, "jupyterlab");
  const root = join(home, "root");
  mkdirSync(join(home, "data", "kernels", "tslab"), { recursive: true });
  mkdirSync(root);
  const argv = [process.execPath, tslab, "kernel", "--config-path", "{connection_file}"];
  const spec = { argv, display_name: "TypeScript", language: "typescript" };
  writeFileSync(join(home, "data", "kernels", "tslab", "kernel.json"), JSON.stringify(spec));
  const content = JSON.parse(notebook);
  content.metadata = { kernelspec: { name: "tslab", display_name: "TypeScript", language: "typescript" } };
  writeFileSync(join(root, "bench.ipynb"), JSON.stringify(content));
  const port = await freePort();
  const options = [
    "lab",
    "--no-browser",
    "--allow-root",
    `--port=${port}`,
    "--IdentityProvider.token=bench",
    `--ServerApp.root_dir=${root}`,
    "--LabApp.news_url=",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
  ];
  const places_ = { HOME: home, JUPYTER_DATA_DIR: join(home, "data"), JUPYTER_RUNTIME_DIR: join(home, "runtime") };
  const server = spawn(jupyter, options, {
    env: { ...process.env, ...places_, JUPYTER_CONFIG_DIR: join(home, "config"), IPYTHONDIR: join(home, "ipython") },
    stdio: "ignore",
    detached: true,
  });
  const problems = [];
  const figures = {};
  const attempt = async (name, take) => {
    try {
      figures[name] = await take();
    } catch (error) {
      problems.push(`${name}: ${String(error instanceof Error ? error.message : error).split("\n")[0]}`);
    }
  };
  const address = `http://127.0.0.1:${port}/lab/tree/bench.ipynb?token=bench&reset`;
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    await untilUp(`http://127.0.0.1:${port}/api?token=bench`);
    const page = await context.newPage();
    const network = await context.newCDPSession(page);
    await network.send("Network.enable");
    let bytes = 0;
    network.on("Network.loadingFinished", ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await attempt("interactiveMs", async () => {
      const startMs = performance.now();
      await page.goto(address);
      await page.locator(".jp-CodeCell .cm-content").first().waitFor({ timeout: 60_000 });
      return performance.now() - startMs;
    });
    await page.locator(idle).waitFor({ timeout: 60_000 });
    figures.compressedKB = bytes / 1000;
    const warm = places.warm;
    await attempt("firstCellMs", () => press(page, warm));
    await attempt("warmCellMs", async () => {
      const times = [];
      for (let index = 0; index < runs; index++) {
        times.push(await press(page, warm));
        await page.waitForTimeout(150);
      }
      times.sort((left, right) => left - right);
      return times[Math.floor(times.length / 2)];
    });
    await attempt("restartMs", async () => {
      const startMs = performance.now();
      await restart(page);
      await page.locator(idle).waitFor({ timeout: 60_000 });
      await press(page, warm);
      return performance.now() - startMs;
    });
    await attempt("pressesLost", async () => {
      await restart(page);
      for (let index = 0; index < presses; index++) {
        await select(page, places.presses + index);
        await page.keyboard.press("Control+Enter");
      }
      await page.waitForTimeout(8_000);
      let ran = 0;
      for (let index = 0; index < presses; index++) if ((await output(page, places.presses + index).count()) > 0) ran++;
      return presses - ran;
    });
    await attempt("linesLost", async () => {
      await select(page, places.lines);
      await page.keyboard.press("Control+s");
      await page.keyboard.press("Control+Enter");
      await output(page, places.lines).getByText("line 5").first().waitFor({ timeout: 30_000 });
      await page.close({ runBeforeUnload: false });
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      const again = await context.newPage();
      await again.goto(address);
      await again.locator(".jp-CodeCell .cm-content").first().waitFor({ timeout: 60_000 });
      await select(again, places.lines);
      await again.waitForTimeout(2_000);
      const shown = await output(again, places.lines).allTextContents();
      return (
        lines -
        shown
          .join("\n")
          .split("\n")
          .filter((line) => /^line \d+$/.test(line)).length
      );
    });
  } catch (error) {
    problems.push(String(error instanceof Error ? error.message : error).split("\n")[0]);
  } finally {
    await context.close();
    try {
      process.kill(-server.pid, "SIGTERM");
    } catch {
      // It has ended already.
    }
    await Promise.race([
      new Promise((resolve) => server.once("exit", resolve)),
      new Promise((resolve) => setTimeout(resolve, 5_000)),
    ]);
  }
  return { figures, problems };
}

const cellAt = (page, place) => page.locator(".jp-Notebook .jp-Cell").nth(place);
const output = (page, place) => cellAt(page, place).locator(".jp-OutputArea-output");

async function select(page, place) {
  const editor = cellAt(page, place).locator(".cm-content");
  await editor.scrollIntoViewIfNeeded();
  await editor.click();
}

/** From the key press to the changed output in the page, by the page's own clock. */
async function press(page, place) {
  await select(page, place);
  await page.evaluate((index) => {
    const cell = document.querySelectorAll(".jp-Notebook .jp-Cell")[index];
    const shown = () => cell.querySelector(".jp-OutputArea-output")?.textContent;
    const before = shown();
    window.benchTime = undefined;
    document.addEventListener(
      "keydown",
      (event) => {
        if (event.key === "Enter") window.benchStart = performance.now();
      },
      { capture: true, once: false },
    );
    new MutationObserver((_, observer) => {
      if (shown() === undefined || shown() === before) return;
      observer.disconnect();
      window.benchTime = performance.now() - window.benchStart;
    }).observe(cell, { subtree: true, childList: true, characterData: true });
  }, place);
  await page.keyboard.press("Control+Enter");
  await page.waitForFunction(() => window.benchTime !== undefined, undefined, { timeout: 30_000, polling: 50 });
  return page.evaluate(() => window.benchTime);
}

async function restart(page) {
  await page.keyboard.press("Escape");
  await page.keyboard.press("0");
  await page.keyboard.press("0");
  await page
    .getByRole("button", { name: "Confirm Kernel Restart" })
    .or(page.locator(".jp-Dialog .jp-mod-warn"))
    .first()
    .click();
}

async function untilUp(address) {
  for (let turn = 0; turn < 300; turn++) {
    const isUp = await fetch(address).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("JupyterLab did not come up within a minute");
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
