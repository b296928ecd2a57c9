/**
 * Everything a notebook or an exercise may import from "highwater", grouped by concept.
 */
import { replayElementHtml } from "./notebook/kernel-replay-html.js";
import type { Cluster } from "./sim/scenario/builder.js";
import { replayOfCluster } from "./view/replay-of-cluster.js";

// Searching: any model, and clusters disturbed by chance.
export { explore } from "./check/explore.js";
// What a configuration promises: a proof within bounds, or the shortest scenario that breaks it.
export { ConfigurationError } from "./check/guarantees/configuration.js";
export type { Guarantee, Outcome, Proof } from "./check/guarantees/proof.js";
export { type ProofBounds, type ProofLimits, prove } from "./check/guarantees/prove.js";
export type { AskedConfiguration } from "./check/guarantees/question.js";
export type { Model, Path } from "./check/model.js";
export { exploreInParallel } from "./check/parallel.js";
export { always, leadsTo, sometimes } from "./check/properties.js";
export { shrink } from "./check/shrink.js";
export { InvariantError, invariant, unreachable } from "./core/assert.js";
// Questions in the style of an exam, drawn by a seed and answered by the model.
export { type ReviewOptions, review } from "./exercise/review/review.js";
export type { ReviewOption, ReviewQuestion } from "./exercise/review/review-question.js";
// The verdict on an answer to an exercise.
export { check, ExerciseError, type ShownVerdict } from "./exercise/store-check.js";
export type { Verdict } from "./exercise/verdict.js";
export { parseAdminCommand } from "./kafka/admin.js";
export { type KafkaVersion, rulesFor } from "./kafka/versions.js";
// The rules by id, with their sources.
export { type Rule, type RuleId, rules } from "./protocol/rules/index.js";
// What happened.
export { type Fate, type LedgerEntry, ledger } from "./sim/ledger.js";
export { type RandomWalk, randomWalk } from "./sim/random-walk.js";
// A cluster to play with, and the scenario language behind it.
export { Cluster, type Nodes, scenario, type Time } from "./sim/scenario/builder.js";
export type { Keys, ScenarioOptions } from "./sim/scenario/builder-head.js";
export type { Delivery } from "./sim/scenario/deliver-once.js";
export { parseScenario } from "./sim/scenario/parse.js";
export { type Run, runScenario } from "./sim/scenario/run-scenario.js";
export { ScenarioError } from "./sim/scenario/session.js";
export type { TraceEntry } from "./sim/trace.js";
export type { World } from "./sim/world.js";
// Pictures of it: text, SVG, HTML, plots.
export { type HasWorld, logFigure, logs, outcomes, replicas } from "./view/figures.js";
export { ladderMessages, ladderText } from "./view/ladder/text.js";
export { type PlotlySpecification, pointPlot, stepPlot } from "./view/plot/plotly.js";
export {
  ackLatencySeries,
  highWatermarkSeries,
  isrSizeSeries,
  lagSeries,
  logEndSeries,
  type Series,
} from "./view/plot/series.js";
export { type Table, tableHtml, tableText } from "./view/table.js";

/** The cluster's steps so far in a player, as HTML for any notebook: `display.html(replayHtml(cluster))`. */
export function replayHtml(cluster: Cluster, title = "Cluster"): string {
  return replayElementHtml(replayOfCluster(cluster, title), cluster.trace());
}
