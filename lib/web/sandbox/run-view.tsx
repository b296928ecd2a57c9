import { useEffect, useRef } from "preact/hooks";
import { TraceOutput } from "../output/trace-output.js";
import type { Fork } from "../replay/fork.js";
import type { SandboxSession } from "./sandbox-session.js";

/** The event's name is `forkEvent` of the replay, whose code is loaded only when a run is shown. */
const forkEvent = "highwater-fork";

/** The run of the scenario as it stands, or as it last could be read; beside the one that was kept, if one was. */
export function RunView({ session }: { session: SandboxSession }) {
  const place = useRef<HTMLDivElement>(null);
  const run = session.lastRun.value;
  const hasRun = run !== undefined;
  useEffect(() => {
    const element = place.current;
    const onFork = (event: Event) => {
      if (!(event instanceof CustomEvent)) return;
      event.preventDefault();
      session.fork(event.detail as Fork); // what the replay sends
    };
    element?.addEventListener(forkEvent, onFork);
    return () => element?.removeEventListener(forkEvent, onFork);
  }, [session, hasRun]);
  if (run === undefined) return <p class="muted">{session.isWorking.value ? "Running." : "Nothing has run yet."}</p>;
  const isOutdated = session.problems.value.length > 0;
  const { value: step } = session.step;
  return (
    <div ref={place} class={isOutdated ? "run-view run-outdated" : "run-view"} aria-busy={session.isWorking.value}>
      <p class="lead" role="status">
        {isOutdated ? "The last run that could be read:" : run.summary}
      </p>
      {session.against.value !== undefined && (
        <p class="button-row comparing">
          <span>Compared with the scenario you left or kept.</span>
          <button type="button" onClick={() => session.compareNoMore()}>
            Show this one alone
          </button>
          <button type="button" onClick={() => session.showScenario(session.against.value ?? "")}>
            Back to the other
          </button>
        </p>
      )}
      <div class="figure">
        <TraceOutput trace={run.trace} text={run.text} {...(step === undefined ? {} : { step })} />
      </div>
    </div>
  );
}
