import { conflictOfAction, isOptionError, missing, numberOf, type OptionTable, parseOptions } from "./options.js";
import { partitionName } from "./output.js";
import { command, type ParsedCommand, refused, unsupported } from "./parsed.js";
import { type Assignment, reassignmentFailed } from "./reassign.js";

const table: OptionTable = {
  verify: "flag",
  generate: "flag",
  execute: "flag",
  cancel: "flag",
  list: "flag",
  "bootstrap-server": "value",
  "bootstrap-controller": "value",
  "command-config": "value",
  "reassignment-json-file": "value",
  "topics-to-move-json-file": "value",
  "broker-list": "value",
  "disable-rack-aware": "flag",
  throttle: "value",
  "replica-alter-log-dirs-throttle": "value",
  timeout: "value",
  additional: "flag",
  "preserve-throttles": "flag",
};

const actions = ["generate", "execute", "verify", "cancel", "list"] as const;

type Action = (typeof actions)[number];

const connection = ["bootstrap-server", "bootstrap-controller", "command-config"];

const required: { readonly [A in Action]: readonly string[] } = {
  verify: ["reassignment-json-file"],
  generate: ["topics-to-move-json-file", "broker-list"],
  execute: ["reassignment-json-file"],
  cancel: ["reassignment-json-file"],
  list: [],
};

const permitted: { readonly [A in Action]: readonly string[] } = {
  verify: ["preserve-throttles"],
  generate: ["disable-rack-aware"],
  execute: ["additional", "throttle", "replica-alter-log-dirs-throttle", "timeout"],
  cancel: ["preserve-throttles", "timeout"],
  list: [],
};

/** Reads the words after `kafka-reassign-partitions` (source: ReassignPartitionsCommand, messages of 4.3.1). */
export function parseReassign(args: readonly string[]): ParsedCommand {
  const options = parseOptions(args, table);
  if (isOptionError(options)) {
    return refused([`Exception in thread "main" joptsimple.${options.exception}: ${options.message}`]);
  }
  const asked = actions.filter((action) => options.has(action));
  const action = asked[0];
  if (action === undefined || asked.length !== 1) {
    return refused([`Command must include exactly one action: ${actions.map((name) => `--${name}`).join(", ")}`]);
  }
  const complaint =
    missing(options, required[action]) ??
    conflictOfAction(options, action, [...required[action], ...permitted[action], ...connection]);
  if (complaint !== undefined) return refused([complaint]);
  if (action === "list") return command({ tool: "kafka-reassign-partitions", action, args });
  if (action === "generate") return unsupported("--generate is not understood here: write the assignment yourself");
  const assignments = readAssignments(options.get("reassignment-json-file")?.[0] ?? "");
  if ("kind" in assignments) return assignments;
  if (action !== "execute") {
    return command({
      tool: "kafka-reassign-partitions",
      action,
      assignments,
      preserveThrottles: options.has("preserve-throttles"),
      args,
    });
  }
  const broken = assignmentComplaint(assignments);
  if (broken !== undefined) return { kind: "refused", output: reassignmentFailed(broken), hint: null };
  const throttle = numberOf(options, "throttle");
  if (isOptionError(throttle)) return unsupported(throttle.message);
  return command({
    tool: "kafka-reassign-partitions",
    action,
    assignments,
    additional: options.has("additional"),
    throttle: throttle === undefined || throttle < 0 ? null : throttle,
    args,
  });
}

/** The assignments from the JSON itself, since there are no files here. */
function readAssignments(text: string): readonly Assignment[] | ParsedCommand {
  if (!text.trimStart().startsWith("{")) {
    return unsupported(
      "there are no files here: write the JSON itself, in single quotes, after --reassignment-json-file",
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return unsupported(
      `the reassignment JSON cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (typeof json !== "object" || json === null) return unsupported("the reassignment JSON is an object");
  if ("version" in json && json.version !== 1) {
    return {
      kind: "refused",
      output: reassignmentFailed(`Not supported version field value ${String(json.version)}`),
      hint: null,
    };
  }
  const list: unknown = "partitions" in json ? json.partitions : [];
  if (!Array.isArray(list)) return unsupported("partitions is a list");
  const assignments: Assignment[] = [];
  for (const entry of list) {
    const assignment = readAssignment(entry);
    if (assignment === undefined) {
      return unsupported('each partition is written {"topic": "orders", "partition": 0, "replicas": [1, 2, 3]}');
    }
    assignments.push(assignment);
  }
  return assignments;
}

function readAssignment(entry: unknown): Assignment | undefined {
  if (typeof entry !== "object" || entry === null) return undefined;
  if (!("topic" in entry && "partition" in entry && "replicas" in entry)) return undefined;
  const { topic, partition, replicas } = entry;
  if (typeof topic !== "string" || typeof partition !== "number" || !Array.isArray(replicas)) return undefined;
  const numbers = replicas.map((replica: unknown) => (Number.isInteger(replica) ? Number(replica) : Number.NaN));
  if (!Number.isInteger(partition) || numbers.some(Number.isNaN)) return undefined;
  return { topic, partition, replicas: numbers };
}

/** What `--execute` says of assignments that no cluster could take. */
function assignmentComplaint(assignments: readonly Assignment[]): string | undefined {
  if (assignments.length === 0) return "Partition reassignment list cannot be empty";
  if (assignments.some(({ replicas }) => replicas.length === 0)) return "Partition replica list cannot be empty";
  const names = assignments.map(partitionName);
  const twice = duplicates(names);
  if (twice.length > 0) return `Partition reassignment contains duplicate topic partitions: ${twice.join(",")}`;
  const repeated = assignments.flatMap((assignment) => {
    const brokers = duplicates(assignment.replicas);
    return brokers.length === 0
      ? []
      : [`${partitionName(assignment)} contains multiple entries for ${brokers.join(",")}`];
  });
  return repeated.length === 0
    ? undefined
    : `Partition replica lists may not contain duplicate entries: ${repeated.join(". ")}`;
}

function duplicates<T>(items: readonly T[]): readonly T[] {
  return [...new Set(items.filter((item, index) => items.indexOf(item) !== index))];
}
