import { ChangeSet, EditorState, Text } from "@codemirror/state";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyTextChange, type TextChange } from "../../lib/notebook/text-change.js";
import { CellText } from "../../lib/web/lesson/cell-text.js";

/** A server of one cell: versions, and edits applied in the order they arrive. */
class Server {
  source = "start";
  version = 0;
  readonly log: { readonly by: number; readonly changes: TextChange; readonly version: number }[] = [];

  submit(by: number, sent: { version: number; changes: TextChange }): boolean {
    if (sent.version !== this.version) return false;
    this.source = applyTextChange(this.source, sent.changes);
    this.version += 1;
    this.log.push({ by, changes: sent.changes, version: this.version });
    return true;
  }
}

/** A tab: it hears the log up to some point, and may have an edit on its way. */
class Tab {
  readonly text: CellText;
  heard = 0;
  sent: { version: number; changes: TextChange } | undefined;

  constructor(
    private readonly server: Server,
    private readonly number: number,
  ) {
    this.text = new CellText(server.source, server.version, () => undefined);
  }

  type(at: number, remove: number, insert: string): void {
    const { length } = this.text.source;
    const from = at % (length + 1);
    const to = Math.min(length, from + remove);
    const state = EditorState.create({ doc: this.text.doc.value });
    this.text.typed(state.update({ changes: { from, to, insert } }));
  }

  send(): void {
    this.sent ??= this.text.takeUnsent();
  }

  /** The edit on its way arrives; the answer comes back at once, or is lost with `isAnswerLost`. */
  arrive(): void {
    if (this.sent === undefined) return;
    const accepted = this.server.submit(this.number, this.sent);
    if (accepted) this.text.accepted(this.sent.version + 1);
    else this.text.putBack();
    this.sent = undefined;
  }

  hear(): void {
    const event = this.server.log[this.heard];
    if (event === undefined) return;
    this.heard += 1;
    if (event.by === this.number) this.text.accepted(event.version);
    else this.text.applied(event.changes, event.version);
  }
}

const action = fc.record({
  tab: fc.nat(1),
  act: fc.constantFrom("type", "type", "send", "arrive", "hear"),
  at: fc.nat(20),
  remove: fc.nat(2),
  insert: fc.constantFrom("a", "bc", "\n", ""),
});

describe("two tabs typing in one cell", () => {
  it("agree with each other and the server, whatever the order of sending and hearing", () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const server = new Server();
        const tabs = [new Tab(server, 0), new Tab(server, 1)];
        for (const { tab: number, act, at, remove, insert } of actions) {
          const tab = tabs[number];
          if (act === "type") tab?.type(at, remove, insert);
          else tab?.[act]();
        }
        for (let round = 0; round < 400; round++) {
          for (const tab of tabs) {
            tab.hear();
            tab.send();
            tab.arrive();
          }
        }
        expect(tabs.map(({ text }) => text.source)).toEqual([server.source, server.source]);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps what both typed", () => {
    const server = new Server();
    const [left, right] = [new Tab(server, 0), new Tab(server, 1)];
    left.type(0, 0, "left ");
    right.type(5, 0, " right");
    for (let round = 0; round < 6; round++) {
      for (const tab of [left, right]) {
        tab.send();
        tab.arrive();
        tab.hear();
      }
    }
    expect(left.text.source).toBe("left start right");
    expect(right.text.source).toBe("left start right");
  });
});

describe("after the server was away", () => {
  const typed = (text: CellText, at: number, insert: string) => {
    const state = EditorState.create({ doc: text.doc.value });
    text.typed(state.update({ changes: { from: at, insert } }));
  };

  it("does not repeat an edit that had arrived although its answer was lost", () => {
    const text = new CellText("start", 0, () => undefined);
    typed(text, 5, "!");
    expect(text.takeUnsent()).toBeDefined();
    text.resume("start!", 0);
    expect(text.source).toBe("start!");
    expect(text.takeUnsent()).toBeUndefined();
  });

  it("puts an edit that had not arrived on top of what is there now", () => {
    const text = new CellText("start", 3, () => undefined);
    typed(text, 5, " mine");
    text.takeUnsent();
    text.resume("theirs start", 0);
    expect(text.source).toBe("theirs start mine");
    const again = text.takeUnsent();
    expect(again?.version).toBe(0);
    expect(
      ChangeSet.fromJSON(again?.changes)
        .apply(Text.of(["theirs start"]))
        .toString(),
    ).toBe("theirs start mine");
  });
});
