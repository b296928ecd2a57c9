import { describe, expect, test } from "vitest";
import { scenario } from "../../lib/sim/scenario/builder.js";

describe("a cut and a death", () => {
  // Broker 1 has taken the record and answered; the answer waits in the cut.
  const answeredIntoACut = () => scenario({ acks: 1 }).produce("a").step("cut 1 > p");

  test("what was sent into a cut arrives when it is healed", () => {
    answeredIntoACut().run("1s").expect("outcome(a)=pending").heal().run("10ms").expect("outcome(a)=acked");
  });

  test("nobody sends it again for a broker that died meanwhile", () => {
    const cluster = answeredIntoACut().run("1s").crash(1).heal().run("1s");
    expect(cluster.value("outcome(a)")).toBe("pending");
    expect(cluster.value("error(a)")).toBe("-");
    // The producer learns of the lost connection and tries the next leader, which has the record already: acks=1 is not
    // idempotent.
    cluster.run("30s").expect("leader=2 outcome(a)=acked log(2)=a,a");
  });
});

describe("a power failure", () => {
  // Recorded: S23 of a real cluster, where a stopped broker's epoch file still names the epoch of records it has lost.
  test("the epoch file is cut when the log is loaded, not before", () => {
    const cluster = scenario({ elr: false, minInsyncReplicas: 1 }).crash(1).run("15s").send("a").run("1s");
    cluster.expect("leader=2 epochs(2)=1@0");
    cluster.crash(2, { "orders-0": 0 });
    cluster.expect("leo(2)=0 epochs(2)=1@0");
    cluster.start(2).run(3).expect("leo(2)=0 epochs(2)=-");
  });
});

describe("a replication throttle", () => {
  /** Broker 3 is out of the ISR, and has 10 records of 1024 bytes to copy. */
  const lagging = () => {
    const cluster = scenario({ minInsyncReplicas: 1 }).crash(3).run("15s");
    return cluster.send(...Array.from({ length: 10 }, (_, index) => `r${index}`)).run("1s");
  };

  test("counts bytes", () => {
    lagging().step("throttle 3 to 5/s").start(3).run("12s").expect("leo(3)=10 isr=1,2,3");
    lagging().step("throttle 3 to 512B/s").start(3).run("15s").expect("leo(3)=0 isr=1,2");
  });

  test("taken away, it lets through what it has held back", () => {
    const cluster = lagging().step("throttle 3 to 1B/s").start(3).run("25s").expect("leo(3)=0 isr=1,2");
    cluster.step("throttle 3 off").run("2s").expect("leo(3)=10 isr=1,2,3");
  });
});

test("lso is where read_committed consumers stop", () => {
  const cluster = scenario({ producer: { "transactional.id": "t" }, minInsyncReplicas: 2 });
  cluster.step("p begin").send("a").run("1s").expect("hw=1 leo=1 lso=0 lso(2)=0");
  cluster.step("p commit").run("2s").expect("hw=2 lso=2 lso(3)=2");
});
