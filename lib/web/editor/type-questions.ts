import type { TypeAnswers, TypeQuestion } from "../../server/types/type-messages.js";
import type { LessonSession } from "../lesson/lesson-session.js";
import type { LiveCell } from "../lesson/live-cell.js";
import { postJson } from "../parts/api.js";

/** Asks the checker about a place in one cell; `undefined` when there is no answer, or none in time. */
export type Ask = <About extends TypeQuestion["about"]>(
  about: About,
  offset: number,
  options?: { readonly name?: string; readonly signal?: AbortSignal },
) => Promise<NonNullable<TypeAnswers[About]> | undefined>;

export function typeQuestions(session: LessonSession, cell: LiveCell): Ask {
  return async <About extends TypeQuestion["about"]>(
    about: About,
    offset: number,
    options: { readonly name?: string; readonly signal?: AbortSignal } = {},
  ) => {
    // The server answers about the text it has, so what was typed goes there first.
    await session.outbox.settled();
    const question = { about, cell: cell.id, offset, ...(options.name === undefined ? {} : { name: options.name }) };
    try {
      const { answer } = await postJson<{ answer: TypeAnswers[About] | null }>(
        `${session.path}/types`,
        question,
        options.signal,
      );
      return answer ?? undefined;
    } catch {
      return undefined; // An editor without answers still edits.
    }
  };
}
