import { type Because, becauseOf, type Cause } from "../sim/because.js";
import { factAsked, parseWhyQuery, stepAsked } from "../sim/because-question.js";
import { formatBecause } from "../sim/because-text.js";
import { formatAction } from "../sim/scenario/action-text.js";
import type { Run } from "../sim/scenario/run-scenario.js";
import { factLabel } from "../sim/trace-fact.js";
import { currentMetadata } from "../sim/world.js";
import { type Cli, UserError } from "./cli.js";

/** Answers `--why`. */
export function writeWhy(run: Run, question: string, asJson: boolean, cli: Cli): void {
  const parsed = parseWhyQuery(question);
  if (!parsed.ok) throw new UserError(`--why: ${parsed.message}`);
  const step = stepAsked(run.entries, parsed.query);
  const world = run.entries[step]?.world ?? run.start;
  const asked = factAsked(world, parsed.query);
  if ("message" in asked) throw new UserError(`--why: ${asked.message}`);
  const because = becauseOf(run.entries, asked.fact, step);
  if (asJson) {
    const answer = {
      format: "highwater-why",
      version: 1,
      question,
      fact: asked.fact,
      because: because && becauseJson(because),
    };
    return cli.out(`${JSON.stringify(answer)}\n`);
  }
  if (because !== null) return cli.out(formatBecause(run.scenario, run.start, because));
  const label = factLabel(asked.fact, currentMetadata(world).partitions.length);
  cli.out(`${label} has not changed by then: it is as the cluster was set up\n`);
}

function becauseJson({ entry, change, causes }: Because): object {
  const { fact, from, to, rule, numbers } = change;
  return {
    fact,
    from,
    to,
    rule,
    numbers,
    step: entry.step,
    atMs: entry.atMs,
    action: formatAction(entry.action),
    line: entry.line,
    causes: causes.map(causeJson),
  };
}

function causeJson(cause: Cause): object {
  switch (cause.type) {
    case "change":
      return { type: "change", ...becauseJson(cause.because) };
    case "told":
      return { type: "told", fact: cause.fact, step: cause.step };
    case "setup":
      return { type: "setup", fact: cause.fact };
    case "setting":
      return { type: "setting", key: cause.key, topic: cause.of.topic, client: cause.of.client };
    case "step": {
      const { step, atMs, line, action } = cause.entry;
      return { type: "step", step, atMs, line, action: formatAction(action) };
    }
  }
}
