import { type ChildProcess, spawn } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Complaint } from "./complaint.js";
import type { Driver } from "./driver.js";
import type { KafkaJars } from "./kafka-jars.js";
import type { Relay } from "./relay.js";

export const controllerId = 100;

/** Small and quick to start; nothing of it changes what the protocol does. */
export const javaOptions = ["-Xmx256m", "-Xms64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];

/** Settings that a recording needs and that no rule looks at. */
const furtherSettings: Readonly<Record<string, string>> = {
  "auto.create.topics.enable": "false",
  "log.cleaner.dedupe.buffer.size": "4194304",
  "log.initial.task.delay.ms": "500",
  "transaction.state.log.num.partitions": "1",
  "transaction.state.log.replication.factor": "3",
  "transaction.state.log.min.isr": "2",
};

export interface ClusterPlan {
  readonly brokerIds: readonly number[];
  readonly racks: readonly string[];
  readonly eligibleLeaderReplicas: boolean;
  /** `server.properties` of the scenario. */
  readonly settings: Readonly<Record<string, string>>;
}

type Node = "controller" | number;

/** One controller and its brokers: processes of a real Kafka in one folder. */
export class Cluster {
  readonly folder: string;
  readonly #kafka: KafkaJars;
  readonly #plan: ClusterPlan;
  readonly #driver: Driver;
  readonly #relay: Relay;
  readonly #processes = new Map<Node, ChildProcess>();
  readonly #paused = new Set<Node>();
  readonly #ports = new Map<string, number>();

  constructor(folder: string, kafka: KafkaJars, plan: ClusterPlan, driver: Driver, relay: Relay) {
    this.folder = folder;
    this.#kafka = kafka;
    this.#plan = plan;
    this.#driver = driver;
    this.#relay = relay;
  }

  /** Where clients find these brokers. */
  bootstrapOf(brokerIds: readonly number[]): string {
    return brokerIds.map((id) => `localhost:${this.#port(`clients of ${id}`)}`).join(",");
  }

  /** Where operators find the controller, whatever is cut between it and the brokers. */
  get controllerAddress(): string {
    return `localhost:${this.#port("controller")}`;
  }

  get metadataFolder(): string {
    return join(this.#dataFolder("controller"), "__cluster_metadata-0");
  }

  replicaFolder(brokerId: number, partition: string): string {
    return join(this.#dataFolder(brokerId), partition);
  }

  /** Partitions of these topics that the broker has a folder of. */
  replicasOn(brokerId: number, topics: ReadonlySet<string>): string[] {
    return readdirSync(this.#dataFolder(brokerId)).filter((name) => topics.has(name.slice(0, name.lastIndexOf("-"))));
  }

  /** The leader epoch cache as it stands on disk: `0@0,1@5`; null where there is no replica. */
  epochCache(brokerId: number, partition: string): string | null {
    const file = join(this.replicaFolder(brokerId, partition), "leader-epoch-checkpoint");
    if (!existsSync(file)) return null;
    const [, , ...lines] = readFileSync(file, "utf8").split("\n");
    return lines
      .filter((line) => line !== "")
      .map((line) => line.replace(" ", "@"))
      .join(",");
  }

  /** Ports, folders and formats; then every process. */
  async start(): Promise<void> {
    await this.#givePorts();
    const nodes: Node[] = ["controller", ...this.#plan.brokerIds];
    for (const node of nodes) {
      mkdirSync(this.#nodeFolder(node), { recursive: true });
      writeFileSync(this.#propertiesFile(node), this.#properties(node));
      await this.#format(node);
    }
    for (const node of nodes) await this.run(node);
  }

  async run(node: Node): Promise<void> {
    if (this.isRunning(node)) return;
    await this.#relay.reopen(String(node));
    const folder = this.#nodeFolder(node);
    const output = openSync(join(folder, "output.log"), "a");
    const java = [...javaOptions, `-Dlog4j2.configurationFile=${this.#loggingFile()}`, "-cp", this.#kafka.classPath];
    // A group of its own: Ctrl-C at the terminal is for the recorder alone, which then ends the brokers.
    const child = spawn("java", [...java, "kafka.Kafka", this.#propertiesFile(node)], {
      cwd: folder,
      detached: true,
      stdio: ["ignore", output, output],
    });
    this.#processes.set(node, child);
    const { pid } = child;
    if (pid === undefined) throw new Complaint("java could not be started");
    this.#driver.ask("guard", { pid }).catch(() => {});
    child.once("exit", () => {
      this.#driver.ask("unguard", { pid }).catch(() => {});
      if (this.#processes.get(node) !== child) return;
      this.#processes.delete(node);
      this.#relay.shut(String(node));
    });
  }

  isRunning(node: Node): boolean {
    return this.#processes.has(node);
  }

  /** Running and not paused. */
  answers(node: Node): boolean {
    return this.isRunning(node) && !this.#paused.has(node);
  }

  /** Nothing is cut between this broker and the controller. */
  isInTouch(brokerId: number): boolean {
    const [broker, controller] = [String(brokerId), "controller"];
    return !this.#relay.isCut(broker, controller) && !this.#relay.isCut(controller, broker);
  }

  pidOf(node: Node): number | undefined {
    return this.#processes.get(node)?.pid;
  }

  /** @throws Complaint with what it printed, if a process that should run has ended */
  checkAlive(): void {
    for (const node of ["controller", ...this.#plan.brokerIds] as const)
      if (!this.isRunning(node)) throw new Complaint(`${nameOf(node)} has ended: ${this.#lastWords(node)}`);
  }

  async kill(node: Node): Promise<void> {
    this.#paused.delete(node);
    await this.#signal(node, "SIGKILL");
  }

  /** SIGTERM; returns at once. */
  terminate(node: Node): void {
    this.#processes.get(node)?.kill("SIGTERM");
  }

  /** Waits until a process that is on its way down has ended; no longer than so. */
  async ended(node: Node, patienceMs: number): Promise<void> {
    const child = this.#processes.get(node);
    if (child === undefined) return;
    const patience = new AbortController();
    await Promise.race([
      new Promise((resolve) => child.once("exit", resolve)),
      setTimeout(patienceMs, undefined, { signal: patience.signal }).catch(() => {}),
    ]);
    patience.abort();
  }

  pause(node: Node): void {
    this.#processes.get(node)?.kill("SIGSTOP");
    this.#paused.add(node);
  }

  resume(node: Node): void {
    this.#processes.get(node)?.kill("SIGCONT");
    this.#paused.delete(node);
  }

  /** An empty disk, formatted again: a new directory id. */
  async wipe(brokerId: number): Promise<void> {
    await this.kill(brokerId);
    rmSync(this.#dataFolder(brokerId), { recursive: true, force: true });
    await this.#format(brokerId);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#processes.keys()].map((node) => this.kill(node)));
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  async #signal(node: Node, signal: "SIGKILL"): Promise<void> {
    const child = this.#processes.get(node);
    if (child === undefined) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await gone;
  }

  #nodeFolder(node: Node): string {
    return join(this.folder, nameOf(node).replace(" ", "-"));
  }

  #dataFolder(node: Node): string {
    return join(this.#nodeFolder(node), "data");
  }

  #propertiesFile(node: Node): string {
    return join(this.#nodeFolder(node), "server.properties");
  }

  #port(name: string): number {
    const port = this.#ports.get(name);
    if (port === undefined) throw new Complaint(`no port for ${name}`);
    return port;
  }

  async #givePorts(): Promise<void> {
    const controller = await freePort();
    this.#ports.set("own controller", controller).set("controller", await this.#relay.open("controller", controller));
    for (const id of this.#plan.brokerIds) {
      const [clients, brokers] = [await freePort(), await freePort()];
      this.#ports.set(`own clients of ${id}`, clients).set(`own brokers of ${id}`, brokers);
      this.#ports.set(`clients of ${id}`, await this.#relay.open(String(id), clients));
      this.#ports.set(`brokers of ${id}`, await this.#relay.open(String(id), brokers));
    }
  }

  async #format(node: Node): Promise<void> {
    const level = this.#plan.eligibleLeaderReplicas ? 1 : 0;
    const file = this.#propertiesFile(node);
    const args = ["format", "-t", clusterId, "-c", file, "--feature", `eligible.leader.replicas.version=${level}`];
    const main = "kafka.tools.StorageTool";
    const { exitStatus, text } = (await this.#driver.ask("tool", { main, args })) as {
      exitStatus: number;
      text: string;
    };
    if (exitStatus !== 0) throw new Complaint(`Kafka refuses these settings: ${text.trim()}`);
  }

  #properties(node: Node): string {
    const shared = {
      "node.id": node === "controller" ? controllerId : node,
      "process.roles": node === "controller" ? "controller" : "broker",
      "controller.listener.names": "CONTROLLER",
      "controller.quorum.voters": `${controllerId}@localhost:${this.#port("controller")}`,
      "log.dirs": this.#dataFolder(node),
      "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,CLIENTS:PLAINTEXT,BROKERS:PLAINTEXT",
      ...furtherSettings,
      ...this.#plan.settings,
    };
    const own =
      node === "controller"
        ? {
            listeners: `CONTROLLER://localhost:${this.#port("own controller")}`,
            "advertised.listeners": `CONTROLLER://localhost:${this.#port("controller")}`,
          }
        : this.#brokerProperties(node);
    const lines = Object.entries({ ...shared, ...own }).map(([key, value]) => `${key}=${value}`);
    return `${lines.join("\n")}\n`;
  }

  #brokerProperties(id: number): Readonly<Record<string, string>> {
    const rack = this.#plan.racks[id - 1];
    const own = (kind: string): number => this.#port(`own ${kind} of ${id}`);
    return {
      listeners: `CLIENTS://localhost:${own("clients")},BROKERS://localhost:${own("brokers")}`,
      "advertised.listeners": `CLIENTS://localhost:${this.#port(`clients of ${id}`)},BROKERS://localhost:${this.#port(`brokers of ${id}`)}`,
      "inter.broker.listener.name": "BROKERS",
      ...(rack === undefined ? {} : { "broker.rack": rack }),
    };
  }

  #loggingFile(): string {
    const file = join(this.folder, "log4j2.properties");
    if (!existsSync(file)) {
      const pattern = "appender.out.layout.type=PatternLayout\nappender.out.layout.pattern=%p %c{1} %m%n\n";
      appendFileSync(file, `appender.out.type=Console\nappender.out.name=out\n${pattern}`);
      appendFileSync(file, "rootLogger.level=WARN\nrootLogger.appenderRef.out.ref=out\n");
    }
    return file;
  }

  #lastWords(node: Node): string {
    const said = readFileSync(join(this.#nodeFolder(node), "output.log"), "utf8").trim();
    const taken = /(?:Address already in use|BindException).*/.exec(said)?.[0];
    if (taken !== undefined) return `${taken}; another program took its port meanwhile, run it again`;
    return said === "" ? "it said nothing" : said.split("\n").slice(-12).join("\n");
  }
}

/** One cluster at a time and no other ever joins it: any id will do. */
const clusterId = "aGlnaHdhdGVyLXJlY29yZA";

export function nameOf(node: Node): string {
  return node === "controller" ? "controller" : `broker ${node}`;
}

/** A port that nobody uses now; a process that comes first may take it meanwhile, which is noticed at the start. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(new Complaint(`no free port: ${error.message}`)));
    server.listen(0, "127.0.0.1", () => resolve());
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Complaint("no free port");
  return address.port;
}
