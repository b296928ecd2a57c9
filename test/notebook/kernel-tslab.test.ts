import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import type { ExecuteOptions, KernelExit, KernelStatus, RunResult } from "../../lib/notebook/kernel.js";
import { spawnKernelProcess } from "../../lib/notebook/kernel-process.js";
import { type TslabKernel, tslabKernels } from "../../lib/notebook/kernel-tslab.js";
import { applyOutput, noOutputs, noticeKind, type OutputEvent, outputText } from "../../lib/notebook/output.js";

// These start real kernels from the built library. A start takes a second on an idle machine and many on a busy one.
const patience = 120_000;
const cwd = fileURLToPath(new URL("../../notebooks", import.meta.url));
const kernels = tslabKernels({ cwd, maxTextLength: 20_000 });
afterAll(() => kernels.close(), patience);

interface Ran extends RunResult {
  readonly events: readonly OutputEvent[];
  /** Every output as text, one string. */
  readonly text: string;
}

async function run(
  kernel: TslabKernel,
  code: string,
  options: ExecuteOptions = {},
  events: OutputEvent[] = [],
): Promise<Ran> {
  const result = await kernel.execute(code, { ...options, onOutput: (event) => events.push(event) });
  return { ...result, events, text: textOf(events) };
}

function textOf(events: readonly OutputEvent[]): string {
  return events.reduce(applyOutput, noOutputs).outputs.map(outputText).join("");
}

function notices(events: readonly OutputEvent[]): readonly (string | undefined)[] {
  return events.flatMap((event) => (event.type === "output" ? [noticeKind(event.output)] : [])).filter(Boolean);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("a tslab kernel", () => {
  const kernel = kernels.open();
  const statuses: KernelStatus[] = [];
  kernel.onStatus((status) => statuses.push(status));

  it(
    "queues cells that come before it is ready, and runs them in order with what they declare",
    async () => {
      const results = await Promise.all([
        run(kernel, "const a = 20"),
        run(kernel, "const b = await Promise.resolve(a + 1)"),
        run(kernel, "const a = 'declared again'; a"),
        run(kernel, "b * 2"),
      ]);
      expect(results.map(({ status, executionCount }) => [status, executionCount])).toEqual([
        ["ok", 1],
        ["ok", 2],
        ["ok", 3],
        ["ok", 4],
      ]);
      expect(results.map(({ text }) => text)).toEqual(["", "", "declared again\n", "42\n"]);
      expect(statuses.slice(0, 3)).toEqual(["idle", "busy", "idle"]);
    },
    patience,
  );

  it(
    "checks and runs cells that use timers, Node's modules and the library, with nothing installed by the learner",
    async () => {
      const timers = `import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "timers/promises";
await new Promise<void>((resolve) => setTimeout(resolve, 1));
await sleep(1);
const bytes: Buffer = Buffer.from("ab");
new URL("http://localhost/x").pathname + bytes.length + typeof readFileSync + performance.now().toFixed(0).length;`;
      expect(await run(kernel, timers)).toMatchObject({
        status: "ok",
        text: expect.stringMatching(/^\/x2function\d+\n$/),
      });
      const library = 'import { invariant } from "highwater"; invariant(true, "holds"); typeof invariant';
      expect(await run(kernel, library)).toMatchObject({ status: "ok", text: "function\n" });
    },
    patience,
  );

  it(
    "reports what the type checker refuses and what is thrown, by line of the cell, and loses no cell after an error",
    async () => {
      const refused = run(kernel, "\nconst n: number = 'text'");
      const thrown = run(
        kernel,
        "// a comment\n\nfunction fail(): never {\n  throw new RangeError('too far');\n}\n\nfail()",
      );
      const after = run(kernel, "console.log('after')");
      expect(await refused).toMatchObject({ status: "error" });
      expect((await refused).events).toEqual([
        {
          type: "output",
          output: {
            output_type: "error",
            ename: "TypeScript",
            evalue: "line 2, column 7: Type 'string' is not assignable to type 'number'.",
            traceback: ["line 2, column 7: Type 'string' is not assignable to type 'number'."],
          },
        },
      ]);
      const { events, executionCount } = await thrown;
      expect(events).toEqual([
        {
          type: "output",
          output: {
            output_type: "error",
            ename: "RangeError",
            evalue: "too far",
            traceback: [
              "RangeError: too far",
              `    at fail (cell[${executionCount}], line 4)`,
              `    at cell[${executionCount}], line 7`,
            ],
          },
        },
      ]);
      expect(await after).toMatchObject({ status: "ok", text: "after\n" });
    },
    patience,
  );

  it(
    "is not silenced by a cell that replaces the error stream",
    async () => {
      const { status, text } = await run(
        kernel,
        "process.stderr.write = () => true; console.error = () => {}; throw new Error('heard')",
      );
      expect([status, text]).toEqual(["error", "Error: heard"]);
    },
    patience,
  );

  it(
    "gives late output and late errors to the cell that started the work, while another runs",
    async () => {
      const first = await run(
        kernel,
        "setTimeout(() => console.log('late text'), 30); setTimeout(() => { throw new Error('late error') }, 40); ''",
      );
      const second = await run(kernel, "await new Promise(resolve => setTimeout(resolve, 300)); console.log('second')");
      expect(second.text).toBe("second\n");
      await until(() => notices(first.events).includes("late-error"));
      const late = first.events.filter((event) => event.type === "output" && event.late === true);
      expect(late.map((event) => (event.type === "output" ? outputText(event.output) : ""))).toEqual([
        "late text\n",
        expect.stringContaining("after the cell had finished"),
        "Error: late error",
      ]);
    },
    patience,
  );

  it(
    "shows all of fifty lines, cuts a flood with a notice, and keeps the whole in a file",
    async () => {
      const fifty = await run(kernel, "for (let line = 1; line <= 50; line++) console.log(line)");
      expect(fifty.text).toBe(Array.from({ length: 50 }, (_, index) => `${index + 1}\n`).join(""));

      const folder = mkdtempSync(join(tmpdir(), "overflow-"));
      const overflowFile = join(folder, "all.txt");
      const flood = await run(kernel, "for (let line = 1; line <= 30000; line++) console.log(line)", { overflowFile });
      const whole = Array.from({ length: 30_000 }, (_, index) => `${index + 1}\n`).join("");
      expect(flood.status).toBe("ok");
      expect(notices(flood.events)).toEqual(["cut"]);
      expect(flood.text.startsWith(whole.slice(0, 20_000))).toBe(true);
      expect(flood.text.slice(20_000)).toMatch(/^Output cut here after 20 kB; the cell has written 169 kB by now/);
      expect(readFileSync(overflowFile, "utf8")).toBe(whole);
      rmSync(folder, { recursive: true });
    },
    patience,
  );

  it(
    "replaces displays by id",
    async () => {
      const { events } = await run(
        kernel,
        `import { newDisplay } from "tslab";
const shown = newDisplay(); shown.html("<b>1</b>"); console.log("between"); shown.html("<b>2</b>");`,
      );
      expect(events.reduce(applyOutput, noOutputs).outputs).toEqual([
        { output_type: "display_data", data: { "text/html": "<b>2</b>" }, metadata: {} },
        { output_type: "stream", name: "stdout", text: "between\n" },
      ]);
    },
    patience,
  );

  it(
    "interrupts a loop and a wait, says that started work may go on, and drops what was queued",
    async () => {
      const looping: OutputEvent[] = [];
      const loop = run(kernel, "console.log('looping'); for (;;) {}", {}, looping);
      const queued = run(kernel, "console.log('never')");
      await until(() => looping.length > 0);
      expect(await kernel.interrupt()).toBe("stopped");
      expect(await loop).toMatchObject({ status: "aborted", text: "looping\nInterrupted: You stopped this cell." });
      expect(await queued).toMatchObject({ status: "aborted", executionCount: null, text: "" });

      const wait: OutputEvent[] = [];
      const waiting = run(kernel, "console.log('waiting'); await new Promise(() => {})", {}, wait);
      await until(() => wait.length > 0);
      expect(await kernel.interrupt()).toBe("work-goes-on");
      expect((await waiting).status).toBe("aborted");
      expect(notices((await waiting).events)).toEqual(["work-goes-on"]);

      expect(await kernel.interrupt()).toBe("nothing-running");
      expect(await run(kernel, "1 + 1")).toMatchObject({ status: "ok", text: "2\n" });
    },
    patience,
  );

  it(
    "says when a loop cannot be reached by an interrupt; a restart ends it",
    async () => {
      const loop: OutputEvent[] = [];
      const stuck = run(kernel, "await null; console.log('looping'); for (;;) {}", {}, loop);
      await until(() => loop.length > 0);
      expect(await kernel.interrupt()).toBe("no-answer");
      await until(() => kernel.status === "unresponsive");
      await kernel.restart();
      expect((await stuck).status).toBe("aborted");
      expect(await run(kernel, "typeof a")).toMatchObject({ status: "error", executionCount: 1 });
    },
    patience,
  );

  it(
    "notices that a cell ends the process, and comes back by restart",
    async () => {
      const exits: KernelExit[] = [];
      kernel.onExit((exit) => exits.push(exit));
      const last = await run(kernel, "console.log('last words'); process.exit(3)");
      expect(last).toMatchObject({ status: "died", exit: { reason: "process-exit", exitCode: 3 } });
      expect(last.text).toContain("last words\n");
      expect(notices(last.events)).toEqual(["died"]);
      expect(exits).toHaveLength(1);
      expect(kernel.status).toBe("dead");
      expect((await run(kernel, "1")).status).toBe("died");
      await kernel.restart();
      expect(await run(kernel, "1")).toMatchObject({ status: "ok", text: "1\n" });
      expect(exits).toHaveLength(1);
    },
    patience,
  );

  it(
    "is closed for good by shutdown, with its process",
    async () => {
      const { pid } = kernel;
      const running = run(kernel, "await new Promise(() => {})");
      await until(() => kernel.status === "busy");
      await kernel.shutdown();
      expect((await running).status).toBe("aborted");
      expect(kernel.status).toBe("closed");
      expect(isAlive(pid)).toBe(false);
      await expect(kernel.start()).rejects.toThrow("shut down");
    },
    patience,
  );
});

describe("a kernel that fails", () => {
  it(
    "runs out of memory within its bound, and says so",
    async () => {
      const small = tslabKernels({ cwd, keepSpare: false, maxHeapMiB: 160 });
      const result = await run(
        small.open(),
        "const hog: string[][] = []; for (;;) hog.push(new Array(100_000).fill('x'))",
      );
      expect(result).toMatchObject({ status: "died", exit: { reason: "out-of-memory" } });
      expect(result.text).toContain("160 MiB");
      await small.close();
    },
    patience,
  );

  it(
    "says that it could not start, and where it should have",
    async () => {
      const nowhere = tslabKernels({ cwd: join(cwd, "no-such-folder"), keepSpare: false });
      const kernel = nowhere.open();
      await expect(kernel.start()).rejects.toThrow(/kernel.*could not be started|ended while it was starting/);
      expect(await kernel.execute("1")).toMatchObject({ status: "died" });
      await nowhere.close();
    },
    patience,
  );

  it(
    "runs its first cell also when it took very long to start",
    async () => {
      const slow = await spawnKernelProcess({ cwd, maxHeapMiB: 512, startTimeoutMs: patience });
      process.kill(slow.pid, "SIGSTOP");
      await pause(12_000);
      process.kill(slow.pid, "SIGCONT");
      await slow.ready;
      expect((await slow.execute("1", () => {})).content.status).toBe("ok");
      await slow.kill();
    },
    patience,
  );

  it(
    "does not stay behind when its folder goes while it starts, which its watching thread cannot bear",
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "gone-"));
      const homeless = await spawnKernelProcess({ cwd: folder, maxHeapMiB: 512, startTimeoutMs: patience });
      rmSync(folder, { recursive: true });
      // Removed early enough or too late: either way the owner is told, or has a kernel it can end.
      await homeless.ready.then(
        () => homeless.kill(),
        (error: Error) => expect(error.message).toContain("ended while it was starting"),
      );
      await homeless.exited;
      expect(isAlive(homeless.pid)).toBe(false);
    },
    patience,
  );

  it(
    "is reached by loopback ports where socket files cannot be used",
    async () => {
      const parent = mkdtempSync(join(tmpdir(), "long-"));
      const long = join(parent, "x".repeat(100));
      mkdirSync(long);
      const before = process.env.TMPDIR;
      process.env.TMPDIR = long;
      const kernelsThere = tslabKernels({ cwd, keepSpare: false });
      expect(await run(kernelsThere.open(), "6 * 7")).toMatchObject({ status: "ok", text: "42\n" });
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
      await kernelsThere.close();
      rmSync(parent, { recursive: true });
    },
    patience,
  );

  it(
    "leaves no process and no files when its owner is killed in the middle of a loop",
    async () => {
      const temporary = mkdtempSync(join(tmpdir(), "owner-"));
      const fixture = fileURLToPath(new URL("fixtures/kernel-owner.mjs", import.meta.url));
      const owner = spawn(process.execPath, [fixture], { cwd, env: { ...process.env, TMPDIR: temporary } });
      const told = await new Promise<string>((resolve) => owner.stdout.once("data", (data) => resolve(String(data))));
      const pids = JSON.parse(told) as { kernel: number; program: number };
      expect([pids.kernel, pids.program].map(isAlive)).toEqual([true, true]);
      owner.kill("SIGKILL");
      await until(() => !isAlive(pids.kernel) && !isAlive(pids.program));
      expect(readdirSync(temporary)).toEqual([]);
      rmSync(temporary, { recursive: true });
    },
    patience,
  );
});

/** A process that has ended but has not been collected by its parent counts as ended. */
function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
