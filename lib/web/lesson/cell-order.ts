/** An op that changes which cells there are or where they stand. */
export type OrderOp =
  | { readonly type: "insert" | "restore" | "move"; readonly cell: string; readonly after: string | null }
  | { readonly type: "delete"; readonly cell: string };

/** The cells' order with one more op, exactly as the server applies it. */
export function applyOrderOp(order: readonly string[], op: OrderOp): readonly string[] {
  const others = order.filter((id) => id !== op.cell);
  if (op.type === "delete") return others;
  if (op.type === "move" && others.length === order.length) return order;
  if (op.type !== "move" && others.length < order.length) return order;
  const index = op.after === null ? 0 : others.indexOf(op.after) + 1;
  const at = op.after !== null && index === 0 ? others.length : index;
  return [...others.slice(0, at), op.cell, ...others.slice(at)];
}
