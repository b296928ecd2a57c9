import { useState } from "preact/hooks";
import type { Counterexample } from "../../exercise/verdict.js";
import type { ScenarioReport } from "../../server/services.js";
import { TraceOutput } from "../output/trace-output.js";
import { messageOf, postJson } from "../parts/api.js";
import { CopyIcon, PlayIcon } from "../parts/icons.js";
import { ScrollArea } from "../parts/scroll-area.js";
import { sandboxAddress } from "../replay/links.js";
import { Because } from "./because.js";

/** The shortest schedule that breaks a requirement, step by step, to be replayed or copied. */
export function CounterexampleView({ counterexample }: { counterexample: Counterexample }) {
  const { introduction, steps, conclusion, scenario, failsAtStep, causeChain } = counterexample;
  return (
    <div class="counterexample">
      <p>{introduction}</p>
      <ol class="counterexample-steps">
        {steps.map(({ sentence, because }, index) => (
          // The same thing may happen twice
          <li key={index}>
            <span>{sentence}</span>
            <Because because={because} />
          </li>
        ))}
      </ol>
      <p class="conclusion">{conclusion}</p>
      {causeChain.length > 0 && (
        <ol class="cause-chain" aria-label="Why">
          {causeChain.map((cause) => (
            <li key={cause}>{cause}</li>
          ))}
        </ol>
      )}
      <Replay scenario={scenario} step={failsAtStep} />
    </div>
  );
}

function Replay({ scenario, step }: { scenario: string; step: number }) {
  const [report, setReport] = useState<ScenarioReport>();
  const [said, setSaid] = useState("");
  const replay = async () => {
    try {
      setReport(await postJson<ScenarioReport>("/api/model/run", { text: scenario }));
    } catch (error) {
      setSaid(messageOf(error));
    }
  };
  const copy = async () => {
    await navigator.clipboard.writeText(scenario);
    setSaid("Copied.");
  };
  return (
    <>
      <p class="button-row">
        {report === undefined && (
          <button type="button" onClick={() => void replay()}>
            <PlayIcon /> {`Replay from step ${step}`}
          </button>
        )}
        <button type="button" onClick={() => void copy()}>
          <CopyIcon /> Copy scenario
        </button>
        <a class="button-link" href={sandboxAddress("/sandbox", { text: scenario, step })}>
          Open in the sandbox
        </a>
        <span role="status" class="muted">
          {said}
        </span>
      </p>
      {report?.ok === true && (
        <div class="figure">
          <TraceOutput trace={report.trace} text={report.text} step={step} />
        </div>
      )}
      <details class="scenario-text">
        <summary>The scenario as text</summary>
        <ScrollArea class="scenario-lines" label="Scenario">
          {scenario}
        </ScrollArea>
      </details>
    </>
  );
}
