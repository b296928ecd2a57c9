import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { Complaint } from "./complaint.js";

/** What is fetched where `KAFKA_HOME` is not set. */
const fetchedVersion = "4.3.1";
const leastJava = 17;

/** A Kafka that can be started. */
export interface KafkaJars {
  readonly classPath: string;
  readonly version: string;
}

/** The jars of `KAFKA_HOME/libs`, or those of Maven Central, which are fetched once. */
export function findKafka(env: Readonly<Record<string, string | undefined>>, say: (line: string) => void): KafkaJars {
  const home = env.KAFKA_HOME;
  const folder = home === undefined || home === "" ? fetchedJars(env, say) : join(home, "libs");
  const version = versionOf(folder);
  if (version === null)
    throw new Complaint(
      `there is no kafka-clients-*.jar in ${folder}`,
      "set KAFKA_HOME to an unpacked release of Kafka 4.x, or unset it to have the jars fetched with Maven",
    );
  if (!version.startsWith("4."))
    throw new Complaint(`Kafka ${version} in ${folder} is not a 4.x release`, "set KAFKA_HOME to a release of 4.x");
  return { classPath: join(folder, "*"), version };
}

/** @throws Complaint unless `java` and `javac` of a version that runs the brokers are on the path */
export function checkJava(): void {
  for (const program of ["java", "javac"]) {
    const asked = spawnSync(program, ["-version"], { encoding: "utf8" });
    if (asked.error !== undefined)
      throw new Complaint(
        `${program} cannot be run: ${asked.error.message}`,
        `install a JDK ${leastJava} or later and put its bin folder on the path`,
      );
    const [, major = "0"] = /(?:version "|javac )(\d+)/.exec(asked.stderr + asked.stdout) ?? [];
    if (Number(major) < leastJava)
      throw new Complaint(`${program} is version ${major}`, `Kafka 4 needs Java ${leastJava} or later`);
  }
}

/** Compiles the driver into a folder of its own. */
export function compileDriver(kafka: KafkaJars, sources: string, target: string): string {
  const files = readdirSync(sources).filter((name) => name.endsWith(".java"));
  try {
    const args = ["-nowarn", "-d", target, "-cp", kafka.classPath, ...files.map((name) => join(sources, name))];
    execFileSync("javac", args, { stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    throw new Complaint(
      `the driver does not compile against Kafka ${kafka.version}:\n${textOf(error)}`,
      `it is written for ${fetchedVersion}`,
    );
  }
  return [target, kafka.classPath].join(delimiter);
}

function versionOf(folder: string): string | null {
  if (!existsSync(folder)) return null;
  const names = readdirSync(folder).flatMap((name) => /^kafka-clients-(\d+\.\d+\.\d+)\.jar$/.exec(name)?.[1] ?? []);
  return names[0] ?? null;
}

function fetchedJars(env: Readonly<Record<string, string | undefined>>, say: (line: string) => void): string {
  const cache = join(env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "highwater", `kafka-${fetchedVersion}`);
  const folder = join(cache, "libs");
  if (versionOf(folder) !== null) return folder;
  say(`KAFKA_HOME is not set: fetching Kafka ${fetchedVersion} from Maven Central into ${folder}`);
  const partial = join(cache, "partial");
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const project = join(partial, "pom.xml");
  writeFileSync(project, mavenProject());
  const goal = "dependency:copy-dependencies";
  const args = [
    "-q",
    "-B",
    "-f",
    project,
    goal,
    "-DincludeScope=runtime",
    `-DoutputDirectory=${join(partial, "libs")}`,
  ];
  try {
    execFileSync("mvn", args, { stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    throw new Complaint(
      `Maven could not fetch Kafka ${fetchedVersion}: ${textOf(error)}`,
      "set KAFKA_HOME to an unpacked release, or install mvn and make Maven Central reachable",
    );
  }
  // Only a whole set of jars gets its name.
  renameSync(join(partial, "libs"), folder);
  rmSync(partial, { recursive: true, force: true });
  return folder;
}

function mavenProject(): string {
  const dependency = (group: string, name: string, version: string): string =>
    `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`;
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>highwater</groupId><artifactId>recorder</artifactId><version>1</version><dependencies>
${dependency("org.apache.kafka", "kafka_2.13", fetchedVersion)}
${dependency("org.apache.kafka", "kafka-tools", fetchedVersion)}
${dependency("org.apache.logging.log4j", "log4j-slf4j-impl", "2.24.3")}
</dependencies></project>
`;
}

/** What a failed program said, without the stack of this one. */
function textOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error);
  const { stderr, stdout, message } = error as { stderr?: unknown; stdout?: unknown; message?: unknown };
  const said = `${String(stderr ?? "")}${String(stdout ?? "")}`.trim();
  return said === "" ? String(message) : said.split("\n").slice(0, 12).join("\n");
}
