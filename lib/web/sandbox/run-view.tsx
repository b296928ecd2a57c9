import { TraceOutput } from "../output/trace-output.js";
import type { SandboxSession } from "./sandbox-session.js";

/** The run of the scenario as it stands, or as it last could be read. */
export function RunView({ session }: { session: SandboxSession }) {
  const run = session.lastRun.value;
  if (run === undefined) return <p class="muted">{session.isWorking.value ? "Running." : "Nothing has run yet."}</p>;
  const isOutdated = session.problems.value.length > 0;
  return (
    <div class={isOutdated ? "run-view run-outdated" : "run-view"} aria-busy={session.isWorking.value}>
      <p class="lead" role="status">
        {isOutdated ? "The last run that could be read:" : run.summary}
      </p>
      <div class="figure">
        <TraceOutput trace={run.trace} text={run.text} />
      </div>
    </div>
  );
}
