import { afterEach, describe, expect, it } from "vitest";
import { origin, type TestApp, testApp } from "./test-app.js";

let running: TestApp | undefined;
const start = (options = {}): TestApp => {
  running = testApp(options);
  return running;
};
afterEach(async () => {
  await running?.close();
});

describe("who is let in", () => {
  it("exchanges the token for a cookie that scripts and other sites cannot use, and drops it from the address", async () => {
    const { app, token } = start();
    const response = await app.request(
      new Request(`${origin}/sandbox?token=${token}`, { headers: { host: "127.0.0.1:4000" } }),
    );
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe("/sandbox");
    const cookie = response.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(cookie).not.toContain(token);
  });

  it("refuses a wrong token and no cookie, in words, without setting anything", async () => {
    const { app } = start();
    for (const path of [`/?token=${"x".repeat(43)}`, "/", "/api/course", "/assets/main.js"]) {
      const headers = { host: "127.0.0.1:4000", accept: "text/html" };
      const response = await app.request(new Request(`${origin}${path}`, { headers }));
      expect(response.status, path).toBe(403);
      expect(response.headers.get("set-cookie"), path).toBeNull();
      expect(await response.text(), path).toContain("terminal");
    }
  });

  it("lets the cookie in", async () => {
    const response = await start().get("/api/course");
    expect(response.status).toBe(200);
  });
});

describe("requests from elsewhere", () => {
  const attacks: [string, Record<string, string>][] = [
    ["a name that resolves to this machine (DNS rebinding)", { host: "evil.example:4000" }],
    ["the right name with another port", { host: "127.0.0.1:80" }],
    ["another site's page", { origin: "https://evil.example" }],
    ["another port of this machine", { origin: "http://127.0.0.1:8888" }],
    ["an opaque origin, such as a sandboxed frame", { origin: "null" }],
  ];
  for (const [name, headers] of attacks) {
    it(`refuses ${name}, reading and writing, even with the cookie`, async () => {
      const server = start();
      expect((await server.get("/api/course", headers)).status).toBe(403);
      expect((await server.post("/api/lessons/01-copies/interrupt", {}, headers)).status).toBe(403);
    });
  }

  it("refuses a post that names no origin", async () => {
    const server = start();
    const headers = { host: "127.0.0.1:4000", cookie: server.cookie };
    const request = new Request(`${origin}/api/lessons/01-copies/interrupt`, { method: "POST", headers });
    expect((await server.app.request(request)).status).toBe(403);
  });

  it("refuses to be embedded in or fetched by another port of this machine", async () => {
    const headers = { "sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors" };
    expect((await start().get("/api/course", headers)).status).toBe(403);
  });

  it("sends the headers that keep pages apart with every answer, refusals too", async () => {
    const server = start();
    for (const response of [await server.get("/"), await server.get("/api/course", { host: "evil.example" })]) {
      expect(response.headers.get("content-security-policy")).toMatch(/default-src 'none'/);
      expect(response.headers.get("content-security-policy")).toMatch(/frame-ancestors 'none'/);
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
      expect(response.headers.get("cross-origin-resource-policy")).toBe("same-origin");
      expect(response.headers.get("access-control-allow-origin")).toBeNull();
    }
    const policy = (await server.get("/")).headers.get("content-security-policy") ?? "";
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|https?:/);
  });
});

describe("what is asked for", () => {
  it("finds no file outside the course and the learner's folder", async () => {
    const server = start();
    const paths = [
      "/assets/..%2f..%2fpackage.json",
      "/assets/%2e%2e%2fmanifest.json",
      "/assets/....//x.js",
      "/lessons/..%2f..%2fetc%2fpasswd",
      "/api/lessons/..%2F01-copies",
      "/api/lessons/%2e%2e/events",
      "/api/lessons/01-copies%00.ipynb",
      "/api/lessons/01-copies/cells/..%2f..%2ftoken/whole-output",
      "/frames/01-copies/first/..%2f0",
      "/exercises/..%2f..",
    ];
    for (const path of paths) expect((await server.get(path)).status, path).toBe(404);
    expect(server.errors).toEqual([]);
  });

  it("refuses a body of more than a megabyte, with and without its length", async () => {
    const server = start();
    const body = JSON.stringify({ client: "tab", sequence: 1, ops: [], filler: "x".repeat(1_100_000) });
    const response = await server.post("/api/lessons/01-copies/ops", body);
    expect(response.status).toBe(413);
    const stream = new Blob([body]).stream();
    const headers = { host: "127.0.0.1:4000", cookie: server.cookie, origin };
    const init: RequestInit & { duplex: "half" } = { method: "POST", headers, body: stream, duplex: "half" };
    const chunked = await server.app.request(new Request(`${origin}/api/lessons/01-copies/ops`, init));
    expect(chunked.status).toBe(413);
  });

  it("answers malformed requests with the field at fault", async () => {
    const server = start();
    const notJson = await server.post("/api/lessons/01-copies/ops", "{");
    expect(notJson.status).toBe(400);
    const wrong = await server.post("/api/lessons/01-copies/ops", {
      client: "tab",
      epoch: "life.1",
      sequence: 0,
      ops: [],
    });
    expect(wrong.status).toBe(400);
    expect(JSON.stringify(await wrong.json())).toContain("sequence");
    const polluting = '{"answers":{"__proto__":"x"},"skipped":false}';
    await server.post("/api/lessons/01-copies/predictions/p1", polluting);
    const { progress } = (await (await server.get("/api/lessons/01-copies")).json()) as { progress: unknown };
    expect(progress).toMatchObject({ predictions: { p1: { answers: {} } } });
    expect(JSON.stringify(progress)).not.toContain("x");
    expect(
      (await server.post("/api/lessons/01-copies/predictions/__proto__", { answers: {}, skipped: true })).status,
    ).toBe(400);
  });
});

describe("beyond loopback", () => {
  it("asks for the password, and the token in an address no longer opens anything", async () => {
    const server = start({ password: "correct horse battery" });
    const headers = { host: "127.0.0.1:4000", accept: "text/html" };
    const byToken = await server.app.request(new Request(`${origin}/?token=${server.token}`, { headers }));
    expect(byToken.status).toBe(403);
    const asked = await server.app.request(new Request(`${origin}/`, { headers }));
    expect(asked.headers.get("location")).toBe("/login");
    const sign = (password: string) =>
      server.app.request(
        new Request(`${origin}/login`, {
          method: "POST",
          headers: { ...headers, origin, "content-type": "application/x-www-form-urlencoded" },
          body: new URLSearchParams({ password }),
        }),
      );
    expect((await sign("wrong horse battery")).status).toBe(403);
    const entered = await sign("correct horse battery");
    expect(entered.status).toBe(303);
    expect(entered.headers.get("set-cookie")).toMatch(/HttpOnly/);
  });
});
