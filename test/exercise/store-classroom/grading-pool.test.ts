import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { GradingPool, type PoolOptions } from "../../../lib/exercise/store-classroom/grading-pool.js";
import { exercisesFolder } from "../course.js";

const pools: GradingPool[] = [];
afterEach(() => {
  for (const pool of pools.splice(0)) pool.close();
});

/** Processes run the built program: `npm run build` comes before the tests. */
function pool(options: Partial<PoolOptions> = {}): GradingPool {
  const made = new GradingPool({
    source: { exercisesFolder, hiddenFolder: null, seed: 0 },
    ...{ processes: 2, timeMaxMs: 60_000, memoryMaxMb: 512 },
    ...options,
  });
  pools.push(made);
  return made;
}

const id = "03-what-a-timeout-tells";
const right = "choice:\n  record: unknown\n";

function task(exercise: string, answerText: string) {
  return { exercise, variation: 0, answerText };
}

describe("processes that grade", () => {
  it("give each answer its own verdict", async () => {
    const under = pool();
    const texts = [right, "choice:\n  record: nowhere\n", "{"];
    const graded = await Promise.all([...texts, ...texts].map((text) => under.grade(task(id, text))));
    expect(graded.map((each) => each.kind === "verdict" && each.verdict.result)).toEqual([
      ...["pass", "fail", "ungradable"],
      ...["pass", "fail", "ungradable"],
    ]);
  });

  it("are ended when one answer takes too long, and the next answer has its turn", async () => {
    // Thousands of runs of a cluster are not played in two milliseconds.
    const hurried = pool({ timeMaxMs: 2, processes: 1 });
    const text = readFileSync(join(exercisesFolder, "01-survive-one-broker/solution.yaml"), "utf8");
    const both = [
      hurried.grade(task("01-survive-one-broker", text)),
      hurried.grade(task("01-survive-one-broker", text)),
    ];
    expect(await Promise.all(both)).toEqual([{ kind: "time" }, { kind: "time" }]);
  });

  it("that cannot start at all fail the run, not the answers", async () => {
    await expect(pool({ memoryMaxMb: 1 }).grade(task(id, right))).rejects.toThrow(/does not start: .*(?:OOM|memory)/);
  });

  it("leave nothing behind when they are closed", async () => {
    const closed = pool();
    await closed.grade(task(id, right));
    const waiting = closed.grade(task("01-survive-one-broker", "topic: {}\n"));
    closed.close();
    await expect(waiting).rejects.toThrow(/were ended/);
  });

  it("tell when the grader itself fails", async () => {
    expect(await pool().grade(task("99-nowhere", right))).toMatchObject({
      kind: "error",
      message: expect.stringMatching(/99-nowhere.*there is no such file/),
    });
  });
});
