/** Steps that are pressed instead of typed: they are lines at the end of the scenario, so that one sees what was done. */

/** Virtual time between the last line of the text and a step that is pressed. */
const gapMs = 1_000;
/** How long the run goes on after it: long enough for a session to end and an election to be seen. */
const afterMs = 12_000;

export interface StepButton {
  readonly label: string;
  readonly step: string;
}

export interface StepRow {
  readonly name: string;
  readonly buttons: readonly StepButton[];
}

/** What can be done to each broker the text speaks of, and to the network between them. */
export function stepRows(text: string): readonly StepRow[] {
  const count = Math.min(9, Number(/^\s*cluster\b.*\bbrokers=(\d+)/m.exec(text)?.[1] ?? 3));
  const brokers = Array.from({ length: count }, (_, index) => index + 1);
  return [
    ...brokers.map((broker) => ({
      name: `broker ${broker}`,
      buttons: [
        { label: "crash", step: `crash ${broker}` },
        { label: "start", step: `start ${broker}` },
        { label: "isolate", step: `isolate ${broker}` },
        { label: "pause", step: `pause ${broker}` },
        { label: "resume", step: `resume ${broker}` },
        { label: "wipe", step: `wipe ${broker}` },
      ],
    })),
    { name: "network", buttons: [{ label: "heal all", step: "heal" }] },
  ];
}

/** The text with one more step a second after its last, and an end late enough to see what comes of it. */
export function withStep(text: string, step: string): string {
  const lines = text.trimEnd().split("\n");
  const atMs = latestMs(lines) + gapMs;
  const kept = lines.filter((line) => !/^\s*end\b/.test(line));
  return `${kept.join("\n")}\nat ${duration(atMs)}  ${step}\nend ${duration(atMs + afterMs)}\n`;
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

function latestMs(lines: readonly string[]): number {
  const times = lines.flatMap((line) => {
    const [, amount, unit = "ms"] = /^\s*at\s+(\d+)(ms|s|m)?\b/.exec(line) ?? [];
    return amount === undefined ? [] : [Number(amount) * (unitMs[unit] ?? 1)];
  });
  return Math.max(0, ...times);
}

function duration(ms: number): string {
  return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`;
}
