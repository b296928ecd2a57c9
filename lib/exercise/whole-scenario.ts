/** A whole scenario text. */
export function withHead(head: string, steps: string): string {
  return head.endsWith("\n") ? head + steps : `${head}\n${steps}`;
}
