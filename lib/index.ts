/**
 * Everything a notebook or an exercise may import from "highwater", grouped by concept.
 */
export { InvariantError, invariant, unreachable } from "./core/assert.js";
