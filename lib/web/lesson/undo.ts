/** A change of the notebook's cells that can be taken back. */
export interface UndoableStep {
  /** "delete cell", for the sentence that offers to undo it. */
  readonly label: string;
  readonly undo: () => void;
  readonly redo: () => void;
}

const stepsMax = 200;

/** What can be taken back, newest last. Typing has its own history inside each editor. */
export class UndoStack {
  private done: UndoableStep[] = [];
  private undone: UndoableStep[] = [];

  /** Does the step and remembers it. */
  perform(step: UndoableStep): void {
    step.redo();
    this.done.push(step);
    if (this.done.length > stepsMax) this.done.shift();
    this.undone = [];
  }

  /** @returns what was taken back, or `undefined` when there is nothing */
  undo(): string | undefined {
    const step = this.done.pop();
    if (step === undefined) return undefined;
    step.undo();
    this.undone.push(step);
    return step.label;
  }

  redo(): string | undefined {
    const step = this.undone.pop();
    if (step === undefined) return undefined;
    step.redo();
    this.done.push(step);
    return step.label;
  }
}
