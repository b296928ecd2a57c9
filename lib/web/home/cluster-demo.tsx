import { useState } from "preact/hooks";
import type { FirstCluster } from "../../server/services.js";
import { TraceOutput } from "../output/trace-output.js";
import { sandboxAddress } from "../replay/links.js";

/** A running cluster, one sentence, one button. What happens is computed by the model like everything else. */
export function ClusterDemo({ cluster }: { cluster: FirstCluster }) {
  const [isFaulted, setFaulted] = useState(false);
  const run = isFaulted ? cluster.faulted : cluster.calm;
  return (
    <section class="cluster-demo" aria-label="A running cluster">
      {/* The sentence and the button stand above the picture, so that they are seen without scrolling. */}
      <p class="lead" role="status">
        {isFaulted ? run.sentence : cluster.sentence}
      </p>
      <p class="button-row">
        <button type="button" class={isFaulted ? "" : "button-primary"} onClick={() => setFaulted(!isFaulted)}>
          {isFaulted ? "Put it back" : cluster.button}
        </button>
        <a class="button-link" href={sandboxAddress("/sandbox", { text: run.scenario })}>
          Try something else with it
        </a>
      </p>
      <TraceOutput trace={run.trace} text={run.text} />
    </section>
  );
}
