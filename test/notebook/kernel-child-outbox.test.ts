import { describe, expect, it } from "vitest";
import {
  createOutbox,
  type DisplayContent,
  droppedType,
  errorType,
  outboxLimits,
} from "../../lib/notebook/kernel-child-outbox.js";

/** A socket that takes 500 messages a turn of an event loop that turns when told to. */
function world() {
  let nowMs = 0;
  let turns: (() => void)[] = [];
  let sentThisTurn = 0;
  const sent: string[] = [];
  const take = (message: string) => {
    sentThisTurn += 1;
    if (sentThisTurn > 500) throw new Error("the socket is busy");
    sent.push(message);
  };
  const wire = {
    stream: (name: string, text: string) => take(`${name}:${text}`),
    display: (content: DisplayContent, update: boolean) =>
      take(`${update ? "update" : "display"}:${JSON.stringify(content.data)}`),
  };
  const clock = { nowMs: () => nowMs, nextTurn: (callback: () => void) => void turns.push(callback) };
  return {
    sent,
    wire,
    clock,
    pass: (milliseconds: number) => {
      nowMs += milliseconds;
    },
    turn: () => {
      sentThisTurn = 0;
      const callbacks = turns;
      turns = [];
      for (const callback of callbacks) callback();
    },
  };
}

const display = (value: unknown, id?: string): DisplayContent => ({
  data: { "text/html": value },
  metadata: {},
  transient: { display_id: id },
});

/** Lets promises and turns go on until the outbox is empty. */
async function settle(done: Promise<void>, turn: () => void): Promise<void> {
  let finished = false;
  void done.then(() => {
    finished = true;
  });
  while (!finished) {
    await new Promise((resolve) => setImmediate(resolve));
    turn();
  }
}

describe("what a cell says on its way out", () => {
  it("sends a cell's first words at once", () => {
    const { sent, wire, clock } = world();
    const outbox = createOutbox(wire, { sent: 0 }, clock);
    outbox.stream("stdout", "one\n");
    outbox.stream("stderr", "two\n");
    outbox.display(display("<b>"), false);
    expect(sent).toEqual(["stdout:one\n", "stderr:two\n", 'display:{"text/html":"<b>"}']);
  });

  it("loses nothing and keeps the order when a loop prints for ever so long", async () => {
    const { sent, wire, clock, turn, pass } = world();
    const outbox = createOutbox(wire, { sent: 0 }, clock);
    let expected = "";
    for (let line = 0; line < 50_000; line++) {
      outbox.stream("stdout", `${line}\n`);
      expected += `${line}\n`;
      if (line % 10 === 0) pass(1);
    }
    await settle(outbox.drain(), turn);
    expect(sent.map((message) => message.slice("stdout:".length)).join("")).toBe(expected);
  });

  it("goes on showing what a slow loop prints before the loop ends", () => {
    const { sent, wire, clock, pass } = world();
    const outbox = createOutbox(wire, { sent: 0 }, clock);
    for (let line = 0; line < 300; line++) {
      outbox.stream("stdout", `${line}\n`);
      pass(150);
    }
    expect(sent).toHaveLength(300);
  });

  it("keeps streams apart and in order when both are written in one burst", async () => {
    const { sent, wire, clock, turn } = world();
    const outbox = createOutbox(wire, { sent: 0 }, clock);
    for (let line = 0; line < 2_000; line++) outbox.stream(line % 2 === 0 ? "stdout" : "stderr", `${line} `);
    await settle(outbox.drain(), turn);
    const numbers = sent.flatMap((message) => message.slice("stdout:".length).trim().split(" ")).map(Number);
    expect(numbers).toEqual(Array.from({ length: 2_000 }, (_, line) => line));
  });

  it("shows the last of many updates to one display", async () => {
    const { sent, wire, clock, turn } = world();
    const outbox = createOutbox(wire, { sent: 0 }, clock);
    outbox.display(display(0, "id"), false);
    for (let value = 1; value <= 5_000; value++) outbox.display(display(value, "id"), true);
    await settle(outbox.drain(), turn);
    expect(sent.at(-1)).toBe('update:{"text/html":5000}');
    expect(sent.length).toBeLessThan(500);
  });

  it("drops what passes the bound, says so once, and lets updates through", async () => {
    const { sent, wire, clock, turn } = world();
    const outbox = createOutbox(wire, { sent: 0 }, clock, { ...outboxLimits, keptLength: 10 });
    outbox.stream("stdout", "12345678");
    outbox.stream("stdout", "90abc");
    outbox.stream("stdout", "never");
    outbox.display(display("never"), false);
    await settle(outbox.drain(), turn);
    expect(sent).toEqual(["stdout:12345678", "stdout:90", `display:{"${droppedType}":{}}`]);
    outbox.display(display("yes", "id"), true);
    expect(sent.at(-1)).toBe('update:{"text/html":"yes"}');
  });

  it("reports errors after the text before them, also when the bound was passed, but not without end", async () => {
    const { sent, wire, clock, turn } = world();
    const outbox = createOutbox(wire, { sent: 0 }, clock, { keptLength: 4, keptDisplays: 400, keptErrors: 2 });
    outbox.stream("stdout", "12345");
    for (let count = 0; count < 5; count++) outbox.error({ ename: "E", evalue: String(count), traceback: [] });
    await settle(outbox.drain(), turn);
    expect(sent.filter((message) => message.includes(errorType))).toHaveLength(2);
    expect(sent[0]).toBe("stdout:1234");
  });
});
