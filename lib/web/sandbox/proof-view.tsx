import { useEffect, useState } from "preact/hooks";
import type { Guarantee, Proof } from "../../check/guarantees/proof.js";
import { ResultMark } from "../exercise/result-mark.js";
import { faultChoices } from "./proof-session.js";
import type { SandboxSession } from "./sandbox-session.js";

/** What the configuration guarantees under every schedule within the bounds, promise by promise. */
export function ProofView({ session }: { session: SandboxSession }) {
  const { proof } = session;
  const report = proof.report.value;
  const isSearching = proof.progress.value !== undefined;
  return (
    <section class="proof" aria-labelledby="proof-title">
      <h2 id="proof-title">What does this configuration promise?</h2>
      <p class="muted">
        The head of the scenario is asked about, not its steps: every order of events within the bounds is tried.
      </p>
      <form
        class="proof-question"
        onSubmit={(event) => {
          event.preventDefault();
          void proof.ask(session.text.value);
        }}
      >
        <label>
          <span>What may go wrong</span>
          <select value={proof.faults.value} onChange={(event) => (proof.faults.value = event.currentTarget.value)}>
            {faultChoices.map(([words, faults]) => (
              <option key={faults} value={faults}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>Records</span>
          <select
            value={String(proof.records.value)}
            onChange={(event) => (proof.records.value = Number(event.currentTarget.value))}
          >
            {[1, 2, 3].map((records) => (
              <option key={records}>{records}</option>
            ))}
          </select>
        </label>
        <button type="submit" disabled={isSearching}>
          Prove
        </button>
        {isSearching && (
          <button type="button" onClick={() => proof.stop()}>
            Stop
          </button>
        )}
      </form>
      <div aria-live="polite">
        {isSearching && <Searching session={session} />}
        {report?.ok === false && (
          <ul class="sandbox-problems">
            {report.problems.map(({ message }) => (
              <li key={message}>{message}</li>
            ))}
          </ul>
        )}
        {report?.ok === true && <Promises session={session} proof={report.proof} elapsedMs={report.elapsedMs} />}
      </div>
    </section>
  );
}

function Searching({ session }: { session: SandboxSession }) {
  const progress = session.proof.progress.value;
  const [nowMs, setNowMs] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(performance.now()), 250);
    return () => clearInterval(timer);
  }, []);
  if (progress === undefined) return null;
  const { states, depth, waiting, sinceMs } = progress;
  return (
    <p class="proof-progress">
      <progress aria-label="Searching" />
      <span aria-hidden="true">
        {`${states.toLocaleString("en")} states, depth ${depth}, ${waiting.toLocaleString("en")} waiting · ${Math.max(0, (nowMs - sinceMs) / 1000).toFixed(0)} s`}
      </span>
    </p>
  );
}

function Promises({ session, proof, elapsedMs }: { session: SandboxSession; proof: Proof; elapsedMs: number }) {
  const isOutdated = session.proof.askedText.value !== session.text.value;
  return (
    <div class={isOutdated ? "proof-answer run-outdated" : "proof-answer"}>
      {isOutdated && <p class="muted">You have changed the text since.</p>}
      <ul class="promises">
        {proof.guarantees.map((guarantee) => (
          <li key={guarantee.id}>
            <Kept session={session} guarantee={guarantee} />
          </li>
        ))}
      </ul>
      {proof.notes.map((note) => (
        <p key={note} class="muted">
          {note}
        </p>
      ))}
      <p class="muted">{boundsOf(proof, elapsedMs)}</p>
    </div>
  );
}

const marks = { holds: "pass", violated: "fail", inconclusive: "inconclusive", "not-asked": "inconclusive" } as const;

function Kept({ session, guarantee }: { session: SandboxSession; guarantee: Guarantee }) {
  const { claim, outcome, steps, scenario, timedScenario } = guarantee;
  const shown = timedScenario ?? scenario;
  return (
    <div class={`promise promise-${outcome}`}>
      <ResultMark result={marks[outcome]} />
      <span class="promise-claim">{claim}</span>
      <span class="promise-outcome">{wordsFor(outcome, steps)}</span>
      {shown !== null && (
        <button type="button" onClick={() => session.showScenario(shown)} aria-label={`Show how: ${claim} is broken`}>
          Show how
        </button>
      )}
    </div>
  );
}

function wordsFor(outcome: Guarantee["outcome"], steps: number | null): string {
  switch (outcome) {
    case "holds":
      return "holds within these bounds";
    case "violated":
      return steps === null ? "broken" : `broken in ${steps} ${steps === 1 ? "step" : "steps"}, and no fewer`;
    case "inconclusive":
      return "open: the search was cut";
    case "not-asked":
      return "not touched by these faults";
  }
}

/** What was covered, so that nobody takes "holds" for more than it says. */
function boundsOf({ searches, runs }: Proof, elapsedMs: number): string {
  const last = searches.at(-1);
  const seconds = `${(elapsedMs / 1000).toFixed(1)} s`;
  if (last === undefined) return `${runs} timed runs. ${seconds}`;
  const { statistics, records } = last;
  const isWhole = statistics.endedBy === "complete" || statistics.endedBy === "decided";
  return [
    `${isWhole ? "All" : "Cut after"} ${statistics.distinct.toLocaleString("en")} states to depth ${statistics.depth},`,
    `up to ${records} ${records === 1 ? "record" : "records"} to one partition;`,
    `availability by ${runs} timed runs with nobody coming back. ${seconds}`,
  ].join(" ");
}
