import { useEffect, useRef, useState } from "preact/hooks";
import { TextEditor } from "../editor/text-editor.js";
import { messageOf } from "../parts/api.js";
import type { BootOf } from "../parts/boot.js";
import { ProofView } from "../sandbox/proof-view.js";
import { RunView } from "../sandbox/run-view.js";
import { SandboxSession } from "../sandbox/sandbox-session.js";

/** A cluster of one's own: the scenario as text, the run beside it, and what the configuration guarantees. */
export function SandboxPage({ boot }: { boot: BootOf<"sandbox"> }) {
  const [session] = useState(() => new SandboxSession(boot.examples));
  const copied = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    void session.run();
    return session.followAddress();
  }, [session]);
  const share = async () => {
    try {
      await navigator.clipboard.writeText(session.link());
      if (copied.current !== null) copied.current.textContent = "Link copied.";
    } catch (error) {
      if (copied.current !== null) copied.current.textContent = messageOf(error);
    }
  };
  return (
    <div class="sandbox">
      <header class="sandbox-head">
        <h1>Sandbox</h1>
        <label class="sandbox-examples">
          <span>Start from</span>
          <select onChange={(event) => session.takeExample(event.currentTarget.value)}>
            <option value="">my own text</option>
            {boot.examples.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      </header>
      <section class="sandbox-text" aria-label="Scenario">
        <TextEditor
          text={session.text.value}
          onText={(text) => session.write(text)}
          language="scenario"
          label="Scenario"
          marks={session.problems.value}
          onSubmit={() => void session.run()}
        />
        <p class="button-row">
          <button type="button" class="button-primary" onClick={() => void session.run()}>
            Run
          </button>
          <button
            type="button"
            onClick={() => session.keepBeside()}
            title="Then change the text and run: both are shown beside each other."
          >
            Keep to compare
          </button>
          <button type="button" onClick={() => void share()}>
            Copy link
          </button>
          <span role="status" class="muted" ref={copied} />
        </p>
        {session.against.value !== undefined && session.against.value === session.text.value && (
          <p class="muted" role="status">
            Kept. Change the text and run it: both runs are shown beside each other, with the first difference marked.
          </p>
        )}
        <ul class="sandbox-problems" aria-live="polite">
          {session.problems.value.map(({ line, column, message }) => (
            <li key={`${line} ${column} ${message}`}>{line === null ? message : `Line ${line}: ${message}`}</li>
          ))}
        </ul>
        <Steps session={session} />
      </section>
      <section class="sandbox-run" aria-label="What happens">
        <RunView session={session} />
      </section>
      <ProofView session={session} />
    </div>
  );
}

/** What can be done to the cluster at the press of a button; each press is a line of the text. */
function Steps({ session }: { session: SandboxSession }) {
  return (
    <div class="steps">
      {session.rows.value.map(({ name, buttons }) => (
        <fieldset key={name}>
          <legend>{name}</legend>
          {buttons.map(({ label, step }) => (
            <button type="button" key={step} onClick={() => session.addStep(step)} aria-label={`${label}: ${name}`}>
              {label}
            </button>
          ))}
        </fieldset>
      ))}
    </div>
  );
}
