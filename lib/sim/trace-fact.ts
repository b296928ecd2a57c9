import type { Change, Fact, FactValue } from "../protocol/fact.js";

/** A fact's name taken apart: `hw/orders-0@1`, `config/topic/orders/min.insync.replicas`. */
export interface FactParts {
  /** The first word: `hw`, `leader`, `config`. */
  readonly kind: string;
  /** What follows it. */
  readonly rest: string;
  /** Of facts that are known to one node: which node. */
  readonly at: string | null;
}

export function factParts(fact: Fact): FactParts {
  const slash = fact.indexOf("/");
  const kind = fact.slice(0, slash);
  const rest = fact.slice(slash + 1);
  // A partition's name has no @, a record's value may have one.
  const at = clientKinds.has(kind) || kind === "config" ? -1 : rest.indexOf("@");
  return at < 0 ? { kind, rest, at: null } : { kind, rest: rest.slice(0, at), at: rest.slice(at + 1) };
}

/** Facts about a client, whose name comes first. */
export const clientKinds: ReadonlySet<string> = new Set([
  "outcome",
  "position",
  "attempts",
  "producer-epoch",
  "transaction",
  "read-replica",
  "consumer-error",
  "known-leader",
]);

/** Facts about one partition as the controller decided it. */
const partitionKinds = new Set(["leader", "epoch", "isr", "elr", "last-known-elr", "recovery", "replicas"]);

/**
 * A fact in the words of a scenario: `hw(1)`, `leader`, `outcome(d)`. With several partitions the partition comes first:
 * `orders-0 hw(1)`.
 */
export function factLabel(fact: Fact, partitions: number): string {
  const { kind, rest, at } = factParts(fact);
  const prefix = partitions === 1 ? "" : `${rest} `;
  if (at !== null) return `${prefix}${kind}(${at})`;
  if (partitionKinds.has(kind)) return `${prefix}${kind}`;
  if (clientKinds.has(kind)) {
    const [client = "", ...about] = rest.split("/");
    const shown = about.length > 0 && (kind === "outcome" || partitions !== 1);
    return `${client} ${kind}${shown ? `(${about.join("/")})` : ""}`;
  }
  switch (kind) {
    case "config":
      return configLabel(rest);
    case "link":
      return `link ${rest.replace(">", " > ")}`;
    default:
      return `${kind}(${rest})`;
  }
}

/** `topic/orders/min.insync.replicas` → `orders min.insync.replicas`. */
function configLabel(rest: string): string {
  const [scope = "", ...names] = rest.split("/");
  if (scope === "topic") return names.join(" ");
  return scope === "broker" ? `broker ${names.join(" ")}` : `cluster ${names.join(" ")}`;
}

/** Whether a change tells of the protocol's bookkeeping rather than of its outcome; the short trace leaves it out. */
export function isDetail({ fact, to }: Pick<Change, "fact" | "to">): boolean {
  const { kind } = factParts(fact);
  if (kind.endsWith("-answer")) return to === "NONE";
  return kind === "metadata" || kind === "caught-up" || kind === "known-leader";
}

/** `-` for nothing, lists with commas, infinite times as words. */
export function formatFactValue(value: FactValue): string {
  if (value === null || value === "") return "-";
  if (typeof value === "object") return value.length === 0 ? "-" : value.map(formatFactValue).join(",");
  if (value === Number.POSITIVE_INFINITY) return "never";
  if (value === Number.NEGATIVE_INFINITY) return "long ago";
  return String(value);
}
