import { describe, expect, it } from "vitest";
import { WorldKey } from "../../../lib/check/world/key.js";
import { readyForSearch } from "../../../lib/check/world/ready.js";
import { Fingerprinter } from "../../../lib/core/fingerprint.js";
import { parseScenario } from "../../../lib/sim/scenario/parse.js";
import { runScenario } from "../../../lib/sim/scenario/run-scenario.js";
import type { World } from "../../../lib/sim/world.js";

/** A leader with a record that others have yet to fetch: messages are under way. */
const world = worldAfter([
  "cluster brokers=3 delay=100ms",
  "topic orders",
  "producer p linger.ms=0",
  "at 0 p send a",
  "end 350ms",
]);

function worldAfter(lines: readonly string[]): World {
  const parsed = parseScenario(lines.join("\n"));
  if (!parsed.ok) throw new Error(parsed.diagnostics[0].message);
  return runScenario(parsed.scenario, { keepTrace: false }).world;
}

function keyOf(of: World): string {
  const fold = new Fingerprinter();
  new WorldKey().absorb(of, fold);
  fold.finish();
  return `${fold.high} ${fold.low}`;
}

type Fields = Readonly<Record<string, unknown>>;

/** The world with one more in a number field of this name, in every object that `where` accepts. */
function withMore(
  name: string,
  where: (owner: Fields) => boolean,
): { readonly world: World; readonly changes: number } {
  let changes = 0;
  const visit = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(visit);
    const fields = Object.entries(value).map(([key, inner]) => {
      if (key !== name || typeof inner !== "number" || !where({ ...value })) return [key, visit(inner)];
      changes++;
      return [key, inner + 1];
    });
    return Object.fromEntries(fields);
  };
  // The same shape with other numbers.
  return { world: visit(world) as World, changes };
}

const isEnvelope = (owner: Fields): boolean => "sentAtStep" in owner;

describe("the key of a world", () => {
  it.each(["sequence", "sentAtStep", "dueMs"])("leaves out the %s of an envelope", (name) => {
    const { world: other, changes } = withMore(name, isEnvelope);
    expect(changes).toBeGreaterThan(0);
    expect(keyOf(other)).toBe(keyOf(world));
  });

  it.each([
    ["sequence", "producerId", "of a record in a log"],
    ["lastSequence", "firstSequence", "of a batch that a log remembers"],
    ["nextSequence", "lastAckedSequence", "of a producer"],
    ["lastAsked", "silent", "of a client, which decides whom it asks next"],
    ["highWatermark", "log", "of a replica"],
  ])("holds the %s beside %s: that %s", (name, beside) => {
    const { world: other, changes } = withMore(name, (owner) => beside in owner);
    expect(changes).toBeGreaterThan(0);
    expect(keyOf(other)).not.toBe(keyOf(world));
  });

  it("does not know one process from another, but whether it is the one that is registered", () => {
    const registered = withMore("incarnationId", (owner) => "fenced" in owner).world;
    const both = withMore("incarnationId", () => true).world;
    expect(keyOf(both)).toBe(keyOf(world));
    expect(keyOf(registered)).not.toBe(keyOf(world));
  });

  it("knows how far brokers have read while one of them waits for it to leave", () => {
    const leaving = worldAfter(["cluster brokers=3", "topic orders", "at 0 shutdown 1", "end 100ms"]);
    expect(leaving.controller.sessions.some(({ controlledShutdownOffset }) => controlledShutdownOffset !== null)).toBe(
      true,
    );
    const sessions = leaving.controller.sessions.map((session) => ({ ...session, metadataOffset: 99 }));
    const other = { ...leaving, controller: { ...leaving.controller, sessions } };
    expect(keyOf(other)).not.toBe(keyOf(leaving));
    const quiet = { ...world, controller: { ...world.controller, sessions: [] } };
    expect(keyOf(quiet)).not.toBe(keyOf(world));
  });

  it("is the same for a cluster that is made ready twice", () => {
    expect(keyOf(readyForSearch(world).world)).toBe(keyOf(readyForSearch(world).world));
  });
});
