import { describe, expect, it } from "vitest";
import { describeRefusal, describeThrown } from "../../lib/notebook/kernel-child-errors.js";
import { sourceLines } from "../../lib/notebook/kernel-child-lines.js";

/** What tslab 1.0.22 made of the source, copied from a run of it. */
const source = `import { strict as assert } from "node:assert";

// A replica as its leader sees it.
interface Replica {
  readonly brokerId: number;
  endOffset: number;
}

const replicas: Replica[] = [
  { brokerId: 1, endOffset: 3 },
  { brokerId: 2, endOffset: 1 },
];

function slowest(of: Replica[]): number {
  assert(of.length > 0, "none");

  return Math.min(...of.map((replica: Replica) => replica.endOffset));
}

slowest(replicas)`;
const compiled = `(function(exports, require) { Object.defineProperty(exports, "__esModule", { value: true });
exports.replicas = exports.assert = exports.slowest = exports.tsLastExpr = void 0;
const node_assert_1 = require("node:assert");
Object.defineProperty(exports, "assert", { enumerable: true, get: function () { return node_assert_1.strict; } });
const replicas = [
    { brokerId: 1, endOffset: 3 },
    { brokerId: 2, endOffset: 1 },
];
exports.replicas = replicas;
function slowest(of) {
    (0, node_assert_1.strict)(of.length > 0, "none");
    return Math.min(...of.map((replica) => replica.endOffset));
}
exports.slowest = slowest;
exports.tsLastExpr = slowest(replicas);

})(__tslab__.exports, __tslab__.require)`;

describe("where in a cell an error happened", () => {
  it.each([
    ["const replicas = [", 9],
    ["    { brokerId: 2, endOffset: 1 },", 11],
    ["function slowest(of) {", 14],
    ['    (0, node_assert_1.strict)(of.length > 0, "none");', 15],
    ["    return Math.min(...of.map((replica) => replica.endOffset));", 17],
    ["exports.tsLastExpr = slowest(replicas);", 20],
    ["})(__tslab__.exports, __tslab__.require)", undefined],
  ])("finds the line of %j", (line, expected) => {
    expect(sourceLines(source, compiled)[compiled.split("\n").indexOf(line)]).toBe(expected);
  });

  it("gives up on cells too long to match instead of holding up the kernel", () => {
    const long = "x;\n".repeat(3_000);
    expect(new Set(sourceLines(long, long))).toEqual(new Set([undefined]));
  });
});

describe("what was thrown", () => {
  it.each([
    ["a string", "no", "Thrown", "'no'"],
    ["nothing", undefined, "Thrown", "undefined"],
    ["an object", { a: 1 }, "Thrown", "{ a: 1 }"],
    ["an error", new RangeError("too far"), "RangeError", "too far"],
  ])("describes %s", (_, value, ename, evalue) => {
    expect(describeThrown(value)).toMatchObject({ ename, evalue });
  });

  it("survives values that resist being looked at", () => {
    const hostile = new Proxy(
      {},
      {
        getPrototypeOf: () => {
          throw new Error("no");
        },
      },
    );
    expect(describeThrown(hostile).ename).toBe("Thrown");
    const getter = Object.defineProperty(new Error(), "message", {
      get: () => {
        throw new Error("no");
      },
    });
    expect(describeThrown(getter).ename).toBe("Thrown");
  });

  it("names the place of each message of the type checker once", () => {
    const report = describeRefusal([
      ["", 1, 7, "Type 'A' is not assignable to type 'B'."],
      ["", 1, 7, "Types of property 'x' are incompatible."],
      ["", 3, 1, "Cannot find name 'y'."],
    ]);
    expect(report.ename).toBe("TypeScript");
    expect(report.evalue).toBe("line 1, column 7: Type 'A' is not assignable to type 'B'.");
    expect(report.traceback).toEqual([
      "line 1, column 7: Type 'A' is not assignable to type 'B'.",
      "  Types of property 'x' are incompatible.",
      "line 3, column 1: Cannot find name 'y'.",
    ]);
  });
});
