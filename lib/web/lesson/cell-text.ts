import { Annotation, ChangeSet, Text, Transaction } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { signal } from "@preact/signals";
import { changeBetween, type TextChange } from "../../notebook/text-change.js";

/** Marks a change that did not come from this tab's keyboard: it must not be sent back. */
export const fromElsewhere = Annotation.define<boolean>();

/**
 * One cell's text in one tab: what the server has confirmed, what is on its way there, what waits to be sent, and the
 * text with all of these, which is what the reader sees. Changes from other tabs slip underneath the unsent ones.
 */
export class CellText {
  /** The text as shown. */
  readonly doc = signal(Text.empty);
  private confirmed: Text;
  private inFlight: ChangeSet | undefined;
  private waiting: ChangeSet | undefined;
  private view: EditorView | undefined;

  constructor(
    source: string,
    private version: number,
    /** Called when there is something to send. */
    private readonly onUnsent: () => void,
  ) {
    this.confirmed = toText(source);
    this.doc.value = this.confirmed;
  }

  get source(): string {
    return this.doc.value.toString();
  }

  /** True when the text on show is the server's text of `version`: places in one are places in the other. */
  isAt(version: number): boolean {
    return this.version === version && this.inFlight === undefined && this.waiting === undefined;
  }

  /** The editor that shows this text from now on; `undefined` when it goes away. */
  attach(view: EditorView | undefined): void {
    this.view = view;
  }

  /** Notes what the editor has done; the editor calls it for each of its transactions. */
  typed(transaction: Transaction): void {
    if (!transaction.docChanged) return;
    this.doc.value = transaction.newDoc;
    if (transaction.annotation(fromElsewhere)) return;
    this.addWaiting(transaction.changes);
  }

  /** Changes the text from outside the editor, as a split or a merge of cells does, and sends it. */
  replaceRange(from: number, to: number, insert: string): void {
    const changes = ChangeSet.of({ from, to, insert: toText(insert) }, this.doc.value.length);
    this.show(changes);
    this.addWaiting(changes);
  }

  replaceAll(source: string): void {
    this.replaceChange(changeBetween(this.source, source));
  }

  /** What to send now, if nothing is on its way already. */
  takeUnsent(): { readonly version: number; readonly changes: TextChange } | undefined {
    if (this.inFlight !== undefined || this.waiting === undefined) return undefined;
    this.inFlight = this.waiting;
    this.waiting = undefined;
    return { version: this.version, changes: this.inFlight.toJSON() as TextChange }; // the editor's own JSON form
  }

  /** What was taken did not arrive, or came too late: it waits again. */
  putBack(): void {
    if (this.inFlight === undefined) return;
    this.waiting = this.waiting === undefined ? this.inFlight : this.inFlight.compose(this.waiting);
    this.inFlight = undefined;
  }

  /** What was taken is in, as this version. The answer and the event both say so; the first to come counts. */
  accepted(version: number): void {
    if (version <= this.version || this.inFlight === undefined) return;
    this.version = version;
    this.confirmed = this.inFlight.apply(this.confirmed);
    this.inFlight = undefined;
    if (this.waiting !== undefined) this.onUnsent();
  }

  /** Another tab's edit was applied on the server. */
  applied(change: TextChange, version: number): void {
    const changes = ChangeSet.fromJSON(change);
    this.version = version;
    this.confirmed = changes.apply(this.confirmed);
    this.slipUnder(changes);
  }

  /**
   * The server's text as it is now, after the connection or the server was away. What this tab had not got through is
   * put on top again.
   */
  resume(source: string, version: number): void {
    this.version = version;
    const theirs = toText(source);
    if (this.inFlight?.apply(this.confirmed).eq(theirs)) {
      this.confirmed = theirs; // It had arrived; only the answer was lost.
      this.inFlight = undefined;
      return;
    }
    this.putBack();
    const change = changeBetween(this.confirmed.toString(), source);
    this.confirmed = theirs;
    this.slipUnder(ChangeSet.fromJSON(change));
    if (this.waiting !== undefined) this.onUnsent();
  }

  private replaceChange(change: TextChange): void {
    const changes = ChangeSet.fromJSON(change);
    if (changes.empty) return;
    this.show(changes);
    this.addWaiting(changes);
  }

  private slipUnder(changes: ChangeSet): void {
    let remote = changes;
    if (this.inFlight !== undefined) {
      const mapped = this.inFlight.map(remote);
      remote = remote.map(this.inFlight, true);
      this.inFlight = mapped;
    }
    if (this.waiting !== undefined) {
      const mapped = this.waiting.map(remote);
      remote = remote.map(this.waiting, true);
      this.waiting = mapped;
    }
    this.show(remote);
  }

  private show(changes: ChangeSet): void {
    if (changes.empty) return;
    if (this.view === undefined) {
      this.doc.value = changes.apply(this.doc.value);
      return;
    }
    this.view.dispatch({ changes, annotations: [fromElsewhere.of(true), Transaction.addToHistory.of(false)] });
  }

  private addWaiting(changes: ChangeSet): void {
    this.waiting = this.waiting === undefined ? changes : this.waiting.compose(changes);
    this.onUnsent();
  }
}

function toText(source: string): Text {
  return Text.of(source.split("\n"));
}
