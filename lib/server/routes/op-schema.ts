import { z } from "zod";
import type { OpBatch } from "../wire.js";

const cellId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const place = cellId.nullable();
const count = z.int().min(0);
const cellType = z.enum(["code", "markdown", "raw"]);
const changes = z.array(z.union([count, z.tuple([count], z.string())])).max(10_000);

const op = z.discriminatedUnion("type", [
  z.object({ type: z.literal("edit"), cell: cellId, version: count, changes }),
  z.object({
    type: z.literal("insert"),
    cell: z.object({ id: cellId, type: cellType, source: z.string() }),
    after: place,
  }),
  z.object({ type: z.literal("delete"), cell: cellId }),
  z.object({ type: z.literal("restore"), cell: cellId, after: place }),
  z.object({ type: z.literal("move"), cell: cellId, after: place }),
  z.object({ type: z.literal("convert"), cell: cellId, to: cellType }),
  z.object({ type: z.literal("clear"), cell: cellId }),
  z.object({ type: z.literal("resolve"), cell: cellId }),
]);

/** What a tab may send: see {@link OpBatch}. */
export const opBatchSchema: z.ZodType<OpBatch> = z.object({
  client: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  epoch: z.string().max(64),
  sequence: z.int().min(1),
  ops: z.array(op).max(2000),
  restart: z.boolean().optional(),
  run: z.array(cellId).max(2000).optional(),
}) as z.ZodType<OpBatch>; // zod writes an optional field as `| undefined`, which exact optional types tell apart
