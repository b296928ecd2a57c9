import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Scenario } from "../lib/sim/scenario/ast.js";
import { formatDiagnostic } from "../lib/sim/scenario/diagnostic.js";
import { parseScenario } from "../lib/sim/scenario/parse.js";
import { javaOptions } from "./cluster.js";
import { Complaint } from "./complaint.js";
import { checkJava, compileDriver, findKafka } from "./kafka-jars.js";
import { unplayable } from "./playable.js";
import { record } from "./record.js";
import { writeRecording } from "./write-recording.js";

const usage = `Usage: npm run record -- FILE.scenario [--out FILE.json]

Plays a scenario on a real Kafka on this machine and writes down what could be seen of it. Without --out the recording
goes beside the others, to test/conformance/recordings/NAME.json. KAFKA_HOME names an unpacked release of Kafka 4.x;
without it the jars are fetched once with Maven. Needs a JDK 17 or later, about 1.5 GB of memory, and the scenario's time.`;

const badInput = 2;

/** @param places a folder of this run, which the caller removes, and where the driver's sources are */
export async function main(
  args: readonly string[],
  places: { readonly folder: string; readonly driverSources: string },
): Promise<number> {
  let stop = async (): Promise<void> => {};
  const breakOff = (signal: NodeJS.Signals): void => {
    say(`${signal}: ending the cluster`);
    void stop().finally(() => process.exit(signal === "SIGINT" ? 130 : 143));
  };
  process.once("SIGINT", breakOff);
  process.once("SIGTERM", breakOff);
  process.once("SIGHUP", breakOff);
  try {
    const { file, out } = read(args);
    const source = readFileSync(file, "utf8");
    const parsed = parseScenario(source);
    if (!parsed.ok)
      throw new Complaint(parsed.diagnostics.map((one) => formatDiagnostic(file, source, one)).join("\n"));
    checkJava();
    const kafka = findKafka(process.env, say);
    refuseUnplayable(file, parsed.scenario, kafka.version);
    const driverClassPath = compileDriver(kafka, places.driverSources, join(places.folder, "driver"));
    const name = basename(out).replace(/\.json$/, "");
    const recording = await record(name, parsed.scenario, {
      kafka,
      driverClassPath,
      javaOptions,
      folder: places.folder,
      say,
      onStop: (how) => {
        stop = how;
      },
    });
    mkdirSync(dirname(out), { recursive: true });
    writeRecording(out, recording);
    say(`${recording.steps.length} steps and ${recording.metadataRecords.length} metadata records in ${out}`);
    return 0;
  } catch (error) {
    if (!(error instanceof Complaint)) throw error;
    console.error(error.hint === null ? error.message : `${error.message}\n  ${error.hint}`);
    return badInput;
  }
}

function read(args: readonly string[]): { readonly file: string; readonly out: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { out: { type: "string" } },
    });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) throw new Complaint("expected one scenario", usage);
    if (!existsSync(file)) throw new Complaint(`there is no file ${file}`, usage);
    const name = basename(file).replace(/\.scenario$/, "");
    return { file, out: resolve(values.out ?? join("test", "conformance", "recordings", `${name}.json`)) };
  } catch (error) {
    if (error instanceof Complaint) throw error;
    throw new Complaint(error instanceof Error ? error.message : String(error), usage);
  }
}

function refuseUnplayable(file: string, scenario: Scenario, kafkaVersion: string): void {
  const found = unplayable(scenario, kafkaVersion);
  if (found.length === 0) return;
  const lines = found.map(({ line, what, why }) => `${file}:${line}: ${what}: ${why}`);
  throw new Complaint(`${lines.join("\n")}\na real cluster cannot play this scenario`);
}

/** Progress is for people; the recording goes into its file. */
function say(line: string): void {
  console.error(line);
}
