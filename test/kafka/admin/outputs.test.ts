import { describe, expect, test } from "vitest";
import { recorded } from "./recorded.js";
import { Replay } from "./replay-of-recording.js";

describe("recorded output, printed again from values", () => {
  const all = [
    ...recorded("clusters"),
    ...recorded("two-brokers").map((command) => ({ ...command, scenario: "two-brokers" })),
  ];
  for (const scenario of new Set(all.map((command) => command.scenario))) {
    const commands = all.filter((command) => command.scenario === scenario);
    // One replay for the whole scenario: its commands build on each other and run in order.
    const replay = new Replay(scenario);
    test.each(commands.map((command) => [command.line, command] as const))(`${scenario} %s`, (line, command) => {
      const output = replay.print(command);
      if (!line.includes("rbad.json")) expect(output.text).toBe(command.text);
      expect(output.exitStatus).toBe(command.exitStatus);
    });
  }
});
