import { expect, test } from "vitest";
import { scenario } from "../../lib/sim/scenario/builder.js";

// UncleanLeaderElectionTest.testUncleanLeaderElectionEnabled: the follower that stopped first is the one that comes back.
const staleFollowerReturns = (variant: string | undefined) =>
  scenario({
    elr: false,
    replicas: [[1, 2]],
    minInsyncReplicas: 1,
    acks: 1,
    ...(variant === undefined ? {} : { variant }),
  })
    .send("first")
    .run("1s")
    .crash(2)
    .run("15s")
    .send("second")
    .run("1s")
    .crash(1)
    .run("15s")
    .start(2)
    .run("5s");

test("before 0.11 a stale replica leads unless a topic forbids it", () => {
  const cluster = staleFollowerReturns("unclean-by-default");
  cluster.expect("leader=2 isr=2").expect("ledger first=acked-kept second=acked-lost");
  expect(cluster.shell("kafka-configs --describe --all --topic orders")).toContain(
    "unclean.leader.election.enable=true sensitive=false synonyms={DEFAULT_CONFIG:unclean.leader.election.enable=true}",
  );
});

test("today it waits for the one that has the records", () => {
  staleFollowerReturns(undefined).expect("leader=- isr=1");
});
