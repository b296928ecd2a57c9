import { shellWords } from "../lib/kafka/admin/shell-words.js";
import type { Driver } from "./driver.js";

export interface ToolResult {
  readonly text: string;
  readonly exitStatus: number;
}

const mainClasses: Readonly<Record<string, string>> = {
  "kafka-topics": "org.apache.kafka.tools.TopicCommand",
  "kafka-configs": "kafka.admin.ConfigCommand",
  "kafka-leader-election": "org.apache.kafka.tools.LeaderElectionCommand",
  "kafka-reassign-partitions": "org.apache.kafka.tools.reassign.ReassignPartitionsCommand",
  "kafka-features": "org.apache.kafka.tools.FeatureCommand",
  "kafka-get-offsets": "org.apache.kafka.tools.GetOffsetShell",
};

/** Runs a command line of a scenario, where the address of the cluster may be left out, and returns what it prints. */
export async function runTool(driver: Driver, bootstrap: string, line: string): Promise<ToolResult> {
  const parsed = shellWords(line);
  if (!parsed.ok) return { text: `${parsed.reason}\n`, exitStatus: 1 };
  const [tool = "", ...words] = parsed.words;
  const main = mainClasses[tool.replace(/^.*\//, "").replace(/\.sh$/, "")];
  if (main === undefined) return { text: `${tool}: command not found\n`, exitStatus: 127 };
  const at = words.indexOf("--bootstrap-server");
  const rest = at < 0 ? words : words.filter((_, index) => index !== at && index !== at + 1);
  return (await driver.ask("tool", { main, args: ["--bootstrap-server", bootstrap, ...rest] })) as ToolResult;
}
