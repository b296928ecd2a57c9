/** Something the person at the keyboard can change; shown without a stack trace. */
export class Complaint extends Error {
  /** What to do about it. */
  readonly hint: string | null;

  constructor(message: string, hint: string | null = null) {
    super(message);
    this.hint = hint;
  }
}
