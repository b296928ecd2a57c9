import { invariant } from "../core/assert.js";
import { type ConfigDefinition, configDefinitions, configGroups, defaultText } from "../kafka/config.js";
import { defaultKafkaVersion, rulesFor } from "../kafka/versions.js";
import { isJsonObject, type JsonObject, type JsonValue } from "../notebook/json.js";
import { ledger } from "../sim/ledger.js";
import { parseScenario } from "../sim/scenario/parse.js";
import { type Run, runScenario, worldBefore } from "../sim/scenario/run-scenario.js";
import { traceLine } from "../sim/trace-text.js";
import { logText } from "../view/log/text.js";
import { partitionViews } from "../view/partition-view.js";
import { replayDocument } from "../view/replay-builder.js";
import { replayComparison } from "../view/replay-comparison.js";
import type { ReplayComparison, ReplayDocument } from "../view/replay-document.js";
import { proveInThread } from "./prove-thread.js";
import { scenarioExamples } from "./scenario-examples.js";
import type { ClusterRun, CourseServices, KeyExplanation, ScenarioReport } from "./services.js";
import { whatChanged } from "./what-changed.js";

/** Longer runs are cut: nobody reads them on a page, and their trace would not fit into memory. */
const stepsMax = 20_000;

type ClusterServices = Pick<
  CourseServices,
  "explainKey" | "runScenario" | "compareScenarios" | "prove" | "firstCluster" | "examples"
>;

/** What the page asks of the model itself: run a scenario, explain a key, show a first cluster. */
export function clusterServices(): ClusterServices {
  return {
    explainKey: async (key) => explainKey(key),
    runScenario: async (text) => report(text),
    compareScenarios: async (before, after) => comparison(before, after),
    prove: proveInThread,
    firstCluster: async () => {
      const calm = clusterRun(calmScenario, "Everything below the high watermark is on all three brokers.");
      const faulted = clusterRun(
        faultedScenario,
        "Broker 1 is down; broker 2 was elected and leads. Nothing that was acknowledged is gone.",
      );
      return {
        sentence: "Three brokers keep the same log. Broker 1 leads: it takes the writes, the others fetch from it.",
        button: "Crash the leader",
        calm,
        faulted,
      };
    },
    examples: async () => scenarioExamples,
  };
}

const head = `cluster brokers=3 kafka=${defaultKafkaVersion}
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=all
`;

const calmScenario = `${head}
at 0   p send a b c
at 1s  p send d e f every 500ms
end 5s
`;

const faultedScenario = `${head}
at 0    p send a b c
at 1s   p send d e f every 500ms
at 3s   crash 1
at 14s  p send g
end 16s
`;

function clusterRun(text: string, sentence: string): ClusterRun {
  const done = report(text);
  if (!done.ok) throw new Error(`the first cluster does not run: ${done.problems[0]?.message}`);
  return { scenario: text, trace: done.trace, text: done.text, sentence };
}

function report(text: string): ScenarioReport {
  const done = runText(text);
  if (!done.ok) return done;
  return {
    ok: true,
    trace: asJson(replayDocument(done.run, "scenario")),
    text: textOf(done.run),
    summary: summaryOf(done.run),
  };
}

function comparison(before: string, after: string): ScenarioReport {
  const done = [runText(before), runText(after)] as const;
  for (const one of done) if (!one.ok) return one;
  const [first, second] = done;
  if (!first.ok || !second.ok) return report(after);
  const compared = replayComparison(
    { run: first.run, name: "before" },
    { run: second.run, name: "after" },
    whatChanged(before, after),
  );
  const text = `before\n\n${textOf(first.run)}\n\nafter\n\n${textOf(second.run)}`;
  return { ok: true, trace: asJson(compared), text, summary: summaryOf(second.run) };
}

type TextRun = { readonly ok: true; readonly run: Run } | (ScenarioReport & { readonly ok: false });

/** Runs a text that anybody may have written, or says what is wrong with it and where. */
function runText(text: string): TextRun {
  const parsed = parseScenario(text);
  if (!parsed.ok)
    return {
      ok: false,
      problems: parsed.diagnostics.map(({ line, column, message, hint }) => ({
        line,
        column,
        message: hint === null ? message : `${message}; ${hint}`,
      })),
    };
  const run = runScenario(parsed.scenario, { maxSteps: stepsMax });
  if (run.stopped?.kind === "impossible") {
    const { line, reason, hint } = run.stopped;
    return {
      ok: false,
      problems: [{ line, column: line === null ? null : 1, message: hint === null ? reason : `${reason}; ${hint}` }],
    };
  }
  return { ok: true, run };
}

/** The document as the replay viewer plays it. */
function asJson(made: ReplayDocument | ReplayComparison): JsonObject {
  const document: JsonValue = JSON.parse(JSON.stringify(made));
  invariant(isJsonObject(document), "a replay is one JSON object");
  return document;
}

function textOf(run: Run): string {
  const lines = run.entries.flatMap((entry, index) => traceLine(worldBefore(run, index), entry, { all: false }) ?? []);
  return [...lines, "", ...partitionViews(run.world).map(logText)].join("\n");
}

function summaryOf(run: Run): string {
  if (run.stopped !== null) return `The run was cut: ${run.stopped.reason}.`;
  const [failure] = run.failures;
  if (failure !== undefined) return `Line ${failure.line} expects ${failure.claim}, but it is ${failure.actual}.`;
  const entries = ledger(run.world);
  const lost = entries.filter(({ fate }) => fate === "acked-lost").map(({ send }) => send.value);
  if (lost.length > 0) return `Acknowledged and lost: ${lost.join(", ")}.`;
  const kept = entries.filter(({ fate }) => fate === "acked-kept").length;
  return kept === 0 ? "Nothing was acknowledged." : "Nothing acknowledged was lost.";
}

function explainKey(key: string): KeyExplanation | undefined {
  const found = configGroups.flatMap((group) => configDefinitions[group].filter(({ name }) => name === key));
  const [first] = found;
  if (first === undefined) return undefined;
  const range = rangeOf(first);
  return {
    key,
    where: found.map(({ group }) => group).join(", "),
    defaultText: defaultText(first, rulesFor(defaultKafkaVersion)) ?? "none",
    ...(range === undefined ? {} : { range }),
    ...(first.since === undefined ? {} : { since: first.since }),
    decides: first.decides,
  };
}

function rangeOf({ type, validator }: ConfigDefinition): string | undefined {
  switch (validator?.kind) {
    case "range":
    case "topic-size":
      return validator.max === undefined ? `${validator.min} or more` : `${validator.min} to ${validator.max}`;
    case "one-of":
    case "list-of":
      return validator.values.join(", ");
    default:
      return type === "boolean" ? "true or false" : undefined;
  }
}
