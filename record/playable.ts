import type { Scenario, Statement, Step } from "../lib/sim/scenario/ast.js";
import { statementsOf } from "../lib/sim/scenario/ast.js";
import { formatStep } from "../lib/sim/scenario/format.js";
import { clusterPlanOf } from "../lib/sim/scenario/setup.js";

/** A line of a scenario that a real cluster cannot be made to play, and why. */
export interface Unplayable {
  readonly line: number;
  readonly what: string;
  readonly why: string;
}

/** Everything in a scenario that only the model can do. Empty: it can be recorded. */
export function unplayable(scenario: Scenario, kafkaVersion: string): Unplayable[] {
  return statementsOf(scenario).flatMap(({ line, statement }) => {
    const found = complaintAbout(statement, scenario, kafkaVersion);
    return found === null ? [] : [{ line, ...found }];
  });
}

function complaintAbout(
  statement: Statement,
  scenario: Scenario,
  kafkaVersion: string,
): Omit<Unplayable, "line"> | null {
  if (statement.type === "stepwise")
    return { what: "stepwise", why: "a running cluster cannot be made to do one thing at a time" };
  if (statement.type === "cluster") {
    const key = statement.settings.find(({ key }) => key === "variant" || key === "seed" || key === "delay")?.key;
    if (key === "variant") return { what: key, why: "the cluster has the rules of its release, no historical bugs" };
    if (key !== undefined) return { what: key, why: "a real network has the delays it has" };
    const { version } = clusterPlanOf(scenario).rules;
    if (!kafkaVersion.startsWith(`${version}.`))
      return { what: `kafka=${version}`, why: `the jars found are those of Kafka ${kafkaVersion}` };
  }
  if (statement.type !== "step") return null;
  const why = whyNot(statement.step);
  return why === null ? null : { what: formatStep(statement.step), why };
}

function whyNot(step: Step): string | null {
  if (step.type !== "action") return null;
  const { action } = step;
  switch (action.type) {
    case "deliverRequest":
    case "deliverResponse":
    case "readMetadata":
    case "brokerTimer":
    case "controllerTimer":
    case "producerTimer":
    case "consumerTimer":
    case "lapse":
      return "a running cluster does this by itself, when it is due";
    case "slowDisk":
      return "the disk is the machine's";
    case "controllerFailover":
      return "there is one controller, nobody could take over";
    case "throttle":
      return "a throttle is made of settings of topic and broker that describe shows; set them with config";
    case "pause":
    case "resume":
      return /^\d+$|^controller$/.test(action.node) ? null : "all clients live in one process";
    default:
      return null;
  }
}
