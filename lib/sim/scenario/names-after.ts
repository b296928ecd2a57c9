import type { Step } from "./ast.js";
import type { Names } from "./names.js";

const partitionsMax = 64;

/** The names that a step adds: topics may be created while the cluster runs. */
export function namesAfter(names: Names, step: Step): Names {
  const created = createdBy(step);
  if (created === null || names.topics.includes(created.topic)) return names;
  const partitions = Array.from({ length: created.partitions }, (_, index) => `${created.topic}-${index}`);
  return {
    ...names,
    topics: [...names.topics, created.topic],
    partitions: [...names.partitions, ...partitions],
  };
}

function createdBy(step: Step): { readonly topic: string; readonly partitions: number } | null {
  if (step.type === "command") return createdByCommand(step.text);
  if (step.type !== "action" || step.action.type !== "admin" || step.action.command.type !== "createTopic") return null;
  const { topic, assignment } = step.action.command;
  return { topic, partitions: "replicas" in assignment ? assignment.replicas.length : assignment.partitions };
}

/**
 * What a `kafka-topics --create` names, so that later lines may speak of it. Whether the tool accepts the line is known
 * only when it runs.
 */
function createdByCommand(text: string): { readonly topic: string; readonly partitions: number } | null {
  if (!/\s--create(\s|$)/.test(text)) return null;
  const topic = /\s--topic[\s=]+([A-Za-z0-9._-]+)/.exec(text)?.[1];
  if (topic === undefined) return null;
  const assignment = /\s--replica-assignment[\s=]+([\d:,]+)/.exec(text)?.[1];
  const said = assignment?.split(",").length ?? Number(/\s--partitions[\s=]+(\d{1,3})/.exec(text)?.[1] ?? "1");
  return { topic, partitions: Math.min(partitionsMax, Math.max(1, said)) };
}
