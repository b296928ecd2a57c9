/** A rule of this program (not of Kafka) does not hold: a bug in the caller or here. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/**
 * Throws {@link InvariantError} unless `condition` holds. For programmer errors only: a broken invariant of the
 * protocol is a result, and a Kafka error is a value.
 *
 * @param message what must hold, with the values that show that it does not
 */
export function invariant(condition: unknown, message: string | (() => string)): asserts condition {
  if (!condition) throw new InvariantError(typeof message === "string" ? message : message());
}

/** Marks the end of a `switch` over a tagged union: the compiler refuses it while a case is missing. */
export function unreachable(value: never): never {
  throw new InvariantError(`no case for ${JSON.stringify(value)}`);
}
