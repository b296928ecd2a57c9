import { ledger } from "../sim/ledger.js";
import { statementsOf } from "../sim/scenario/ast.js";
import { planCluster } from "../sim/scenario/cluster-plan.js";
import { formatScenario } from "../sim/scenario/format.js";
import { isMet, type Run, worldBefore } from "../sim/scenario/run-scenario.js";
import { traceFormatVersion, traceStepJson, traceStepLine } from "../sim/trace-json.js";

/** The document of `highwater run --json`; `lib/schema/trace.schema.json` describes it. */
export function runDocument(run: Run): unknown {
  return {
    ...head(run),
    steps: run.entries.map((entry, index) => JSON.parse(traceStepLine(traceStepJson(worldBefore(run, index), entry)))),
    ...tail(run),
  };
}

/** What is known before the first step. */
export function head(run: Run): object {
  const cluster = statementsOf(run.scenario).find(({ statement }) => statement.type === "cluster")?.statement;
  const plan = planCluster(cluster?.type === "cluster" ? cluster.settings : []);
  return {
    format: "highwater-run",
    version: traceFormatVersion,
    scenario: formatScenario(run.scenario),
    kafka: plan.rules.version,
    eligibleLeaderReplicas: plan.rules.eligibleLeaderReplicas,
    variant: plan.rules.variant ?? null,
    seed: plan.seed,
  };
}

/** What is known after the last one. */
export function tail(run: Run): object {
  return {
    expectations: { looked: run.claims, failures: run.failures },
    met: isMet(run),
    stopped: run.stopped,
    commands: run.toolRuns.map(({ kind, line, atMs, command, output }) => ({
      kind,
      line,
      atMs,
      command,
      output: output.text,
      exitStatus: output.exitStatus,
    })),
    ledger: ledger(run.world).map(({ send, fate, copies, readThenGone }) => ({
      producer: send.producer,
      partition: send.partition,
      value: send.value,
      acks: send.acks,
      sentAtMs: send.sentAtMs,
      endedAtMs: send.endedAtMs,
      fate,
      copies,
      readThenGone,
    })),
    hash: run.hash,
  };
}
