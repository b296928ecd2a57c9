import { invariant } from "../core/assert.js";
import { parseScenario } from "../sim/scenario/parse.js";
import { runScenario } from "../sim/scenario/run-scenario.js";
import { replayDocument } from "./replay-builder.js";
import type { ReplayDocument } from "./replay-document.js";

/** What a notebook's cluster has done so far, to be played. @param cluster its `text` is run again, which gives the same steps */
export function replayOfCluster(cluster: { readonly text: string }, title: string): ReplayDocument {
  const parsed = parseScenario(cluster.text);
  invariant(parsed.ok, "a cluster's own text is a scenario");
  return replayDocument(runScenario(parsed.scenario), title);
}
