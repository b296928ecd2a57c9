import { describe, expect, it } from "vitest";
import { gradeAnswer } from "../../lib/exercise/grade.js";
import { exerciseOf } from "./course.js";

/** The steps are twenty seconds apart from 15 s on, records come every ten seconds: what must be told follows from that. */
describe("a runbook that fails", () => {
  it("is told up to the write that had to wait, with the ISR it met", () => {
    const verdict = gradeAnswer(exerciseOf("13-the-min-3-trap"), "steps: [stop-1, start-1]");
    const [noWait] = verdict.requirements;
    const steps = noWait?.counterexample?.steps.map(({ sentence }) => sentence) ?? [];
    expect(noWait?.result).toBe("fail");
    expect(steps[0]).toMatch(/^15s: broker 1 is shut down/);
    expect(steps).toContainEqual(expect.stringMatching(/^35s: broker 1 starts/));
    expect(steps.at(-1)).toMatch(/m3 is acknowledged/);
    expect(noWait?.counterexample?.causeChain[0]).toBe("When m3 was sent, at 20s, the ISR was {2,3} and broker 2 led.");
    expect(verdict.misconceptions.map(({ id }) => id)).toEqual(["more-insync-is-safer"]);
  });

  it("is told to its end where a claim about the end fails", () => {
    const verdict = gradeAnswer(exerciseOf("05-rolling-restart"), "steps: [stop-3, start-3]");
    const restarted = verdict.requirements.find(({ id }) => id === "all-restarted");
    const steps = restarted?.counterexample?.steps.map(({ sentence }) => sentence) ?? [];
    expect(steps[0]).toMatch(/^15s: broker 3 is shut down/);
    expect(steps.at(-1)).toMatch(/the ISR goes from \{1,2\} to \{1,2,3\}/);
    expect(restarted?.counterexample?.conclusion).toMatch(/epoch>=1 was expected, but it is 0/);
  });
});
