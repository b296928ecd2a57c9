/** A reason. A clause follows the word; a sentence of its own stands as it is. */
export function Because({ because }: { because: string | null }) {
  if (because === null) return null;
  const isClause = /^[^A-Z]|^[A-Z]{2,}/.test(because);
  return <span class="because">{isClause ? `because ${because}` : because}</span>;
}
