/** The kinds of fault a search may place, each as often as its budget allows. Repairs cost nothing. */
export const faultKinds = [
  "crash",
  "power-loss",
  "disk-loss",
  "isolate-controller",
  "isolate-brokers",
  "slow",
  "shutdown",
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** How many of each kind may still happen. Kinds that are not named may not. */
export type FaultBudget = Readonly<Partial<Record<FaultKind, number>>>;

/** What each kind stands for, in words for people. */
export const faultSentences: Readonly<Record<FaultKind, string>> = {
  crash: "a broker's process is killed; its log survives",
  "power-loss": "a broker's machine loses power and with it what was not flushed",
  "disk-loss": "a broker loses its disk",
  "isolate-controller": "a broker and the controller cannot reach each other",
  "isolate-brokers": "a follower and its leader cannot reach each other",
  slow: "a follower falls behind for longer than replica.lag.time.max.ms",
  shutdown: "a broker is shut down in a controlled way",
};

export type ParsedFaults =
  | { readonly ok: true; readonly budget: FaultBudget }
  | { readonly ok: false; readonly what: string; readonly remedy: string };

/** Reads `crash 1, slow 1`. A kind without a number counts once; `none` or nothing is an empty budget. */
export function parseFaults(text: string): ParsedFaults {
  const budget: Partial<Record<FaultKind, number>> = {};
  for (const part of text.split(",").map((item) => item.trim())) {
    if (part === "" || part === "none") continue;
    const match = /^(?:(\d{1,3})\s+)?([a-z-]+)(?:\s+(\d{1,3}))?$/.exec(part);
    const kind = faultKinds.find((candidate) => candidate === match?.[2]);
    if (match === null || kind === undefined || (match[1] !== undefined && match[3] !== undefined))
      return {
        ok: false,
        what: `"${part}" is not a fault with a number`,
        remedy: `Write for example "crash 1, slow 1". Kinds: ${faultKinds.join(", ")}.`,
      };
    budget[kind] = (budget[kind] ?? 0) + Number(match[1] ?? match[3] ?? 1);
  }
  return { ok: true, budget };
}

export function formatFaults(budget: FaultBudget): string {
  const parts = faultKinds.flatMap((kind) => {
    const count = budget[kind] ?? 0;
    return count > 0 ? [`${kind} ${count}`] : [];
  });
  return parts.length === 0 ? "none" : parts.join(", ");
}

/** The budget after one fault of a kind; null when there is none left. */
export function spend(budget: FaultBudget, kind: FaultKind): FaultBudget | null {
  const left = budget[kind] ?? 0;
  return left > 0 ? { ...budget, [kind]: left - 1 } : null;
}
