import { parentPort, workerData } from "node:worker_threads";
import { ConfigurationError } from "../check/guarantees/configuration.js";
import { prove } from "../check/guarantees/prove.js";
import { parseScenario } from "../sim/scenario/parse.js";
import { askedConfiguration } from "./asked-configuration.js";
import type { ProofLine, ProofQuestion, ProofReport } from "./services.js";

/** A person waits for it: what is not found by then is said to be open. */
const maxMs = 60_000;
const maxStates = 3_000_000;
/** Often enough to be seen moving. */
const tellEveryMs = 150;

const tell = (line: ProofLine): void => parentPort?.postMessage(line);

/** Answers one question and ends. */
function answer({ text, faults, records }: ProofQuestion): ProofReport {
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
  const startMs = performance.now();
  let toldMs = startMs;
  try {
    const proof = prove(
      askedConfiguration(parsed.scenario),
      { faults, records },
      {
        maxMs,
        maxStates,
        nowMs: () => performance.now(),
        progress: ({ distinct, depth, frontier }) => {
          if (performance.now() - toldMs < tellEveryMs) return;
          toldMs = performance.now();
          tell({ type: "progress", progress: { states: distinct, depth, waiting: frontier } });
        },
      },
    );
    return { ok: true, proof, elapsedMs: performance.now() - startMs };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const message = error.hint === null ? error.message : `${error.message}; ${error.hint}`;
    return { ok: false, problems: [{ line: null, column: null, message }] };
  }
}

tell({ type: "report", report: answer(workerData as ProofQuestion) }); // given by `proveInThread` alone
