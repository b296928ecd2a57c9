import { type MetricName, metrics } from "../lib/kafka/metrics.js";
import type { RecordedLook, RecordedPartition } from "../test/conformance/recording.js";
import type { Cluster } from "./cluster.js";
import type { Driver } from "./driver.js";
import type { Decided, LogRecord, MetadataLog } from "./metadata-log.js";

/** What is asked of JMX. Counts of meters are those since the process started. */
const watched: Readonly<Record<"controller" | "broker", readonly MetricName[]>> = {
  controller: [
    "ActiveBrokerCount",
    "FencedBrokerCount",
    "OfflinePartitionsCount",
    "PreferredReplicaImbalanceCount",
    "UncleanLeaderElectionsPerSec",
    "ElectionFromEligibleLeaderReplicasPerSec",
  ],
  broker: [
    "UnderReplicatedPartitions",
    "UnderMinIsrPartitionCount",
    "AtMinIsrPartitionCount",
    "ReassigningPartitions",
    "LeaderCount",
    "PartitionCount",
    "IsrShrinksPerSec",
    "IsrExpandsPerSec",
    "FailedIsrUpdatesPerSec",
  ],
};

const offsetsPatienceMs = 2500;

interface Offset {
  readonly offset?: number;
  readonly leaderEpoch?: number;
  readonly error?: string;
}

/** Looks at a running cluster from outside, without changing anything. */
export class Observer {
  readonly #cluster: Cluster;
  readonly #driver: Driver;
  readonly #log: MetadataLog;
  readonly #brokerIds: readonly number[];
  /** Of the topics of the scenario; Kafka's own topics are nobody's business. */
  readonly #topics: () => readonly string[];

  constructor(
    cluster: Cluster,
    driver: Driver,
    log: MetadataLog,
    brokerIds: readonly number[],
    topics: () => readonly string[],
  ) {
    this.#cluster = cluster;
    this.#driver = driver;
    this.#log = log;
    this.#brokerIds = brokerIds;
    this.#topics = topics;
  }

  /** Reads on in the controller's log. */
  async readMetadata(zeroAt: number): Promise<void> {
    const { nextOffset: fromOffset } = this.#log;
    const asked = { folder: this.#cluster.metadataFolder, fromOffset };
    const records = (await this.#driver.ask("metadataLog", asked)) as readonly LogRecord[];
    this.#log.read(records, zeroAt);
  }

  get metadata(): MetadataLog["records"] {
    return this.#log.records;
  }

  /** Neither fenced nor on its way down, as far as the controller's log has been read. */
  isActive(brokerId: number): boolean {
    const broker = this.#log.brokers.get(brokerId);
    return broker !== undefined && !broker.fenced && !broker.inControlledShutdown;
  }

  get partitions(): string[] {
    const topics = this.#topics();
    return [...this.#log.partitions.keys()]
      .filter((name) => topics.includes(name.slice(0, name.lastIndexOf("-"))))
      .sort();
  }

  async look(zeroAt: number): Promise<RecordedLook> {
    await this.readMetadata(zeroAt);
    const [offsets, values, readings, describe] = await Promise.all([
      this.#offsets(),
      this.#metrics(),
      this.#driver.ask("readings"),
      this.#describe(),
    ]);
    const partitions: Record<string, RecordedPartition> = {};
    for (const name of this.partitions) {
      const decided = this.#log.partitions.get(name);
      if (decided !== undefined) partitions[name] = await this.#partition(name, decided, offsets[name]);
    }
    const consumers = readings as NonNullable<RecordedLook["consumers"]>;
    return {
      partitions,
      brokers: this.#standings(),
      ...(Object.keys(consumers).length === 0 ? {} : { consumers }),
      ...(describe === null ? {} : { describe }),
      metrics: values,
    };
  }

  /** `offset:eEPOCH:value` by partition and broker. */
  async logs(): Promise<Record<string, Record<string, readonly string[]>>> {
    const all: Record<string, Record<string, readonly string[]>> = {};
    for (const name of this.partitions) {
      const byBroker: Record<string, readonly string[]> = {};
      for (const id of this.#brokerIds) {
        const log = await this.#logOf(id, name, true);
        if (log !== null) byBroker[id] = log.values ?? [];
      }
      all[name] = byBroker;
    }
    return all;
  }

  async #partition(name: string, decided: Decided, offset: Offset | undefined): Promise<RecordedPartition> {
    const logEndOffsets: Record<string, number> = {};
    const epochCaches: Record<string, string> = {};
    for (const id of this.#brokerIds) {
      const log = await this.#logOf(id, name, false);
      if (log === null) continue;
      logEndOffsets[id] = log.logEndOffset;
      epochCaches[id] = this.#cluster.epochCache(id, name) ?? "";
    }
    const { recovering, replicas, ...state } = decided;
    return {
      ...state,
      replicas,
      ...(recovering ? { leaderRecoveryState: "RECOVERING" } : {}),
      ...highWatermarkOf(decided, offset),
      logEndOffsets,
      epochCaches,
    };
  }

  async #logOf(brokerId: number, partition: string, values: boolean) {
    const folder = this.#cluster.replicaFolder(brokerId, partition);
    const log = await this.#driver.ask("log", { folder, values });
    return log as { readonly logEndOffset: number; readonly values?: readonly string[] } | null;
  }

  /** Only leaders that can answer are asked; the others would take their time to say nothing. */
  async #offsets(): Promise<Readonly<Record<string, Offset>>> {
    const partitions = this.partitions.filter((name) => {
      const leader = this.#log.partitions.get(name)?.leader;
      return leader !== null && leader !== undefined && this.#cluster.answers(leader);
    });
    if (partitions.length === 0) return {};
    const asked = { partitions, patienceMs: offsetsPatienceMs };
    return (await this.#driver.ask("offsets", asked)) as Readonly<Record<string, Offset>>;
  }

  /** `broker1`, `controller`: of those that answer. */
  async #metrics(): Promise<Record<string, Record<string, number>>> {
    const all: Record<string, Record<string, number>> = {};
    for (const node of ["controller", ...this.#brokerIds] as const) {
      const pid = this.#cluster.pidOf(node);
      if (pid === undefined || !this.#cluster.answers(node)) continue;
      const names = watched[node === "controller" ? "controller" : "broker"];
      const beans = Object.fromEntries(
        names.map((name) => [name, [metrics[name].objectName, metrics[name].attribute]]),
      );
      // A process that has just begun or ended has no JMX: nothing is recorded of it.
      const values = await this.#driver.ask("metrics", { pid, beans }).catch(() => null);
      if (values !== null) all[node === "controller" ? node : `broker${node}`] = values as Record<string, number>;
    }
    return all;
  }

  /**
   * What `kafka-topics --describe` prints of the scenario's topics; null where it could take its time to fail: the tool
   * asks any broker, and the broker the controller.
   */
  async #describe(): Promise<Record<string, string> | null> {
    const serving = this.#brokerIds.filter((id) => this.#log.brokers.get(id)?.fenced === false);
    const answering = serving.filter((id) => this.#cluster.answers(id) && this.#cluster.isInTouch(id));
    if (answering.length === 0 || answering.length < serving.length || !this.#cluster.answers("controller"))
      return null;
    const texts: Record<string, string> = {};
    for (const topic of this.#topics()) {
      const args = ["--bootstrap-server", this.#cluster.bootstrapOf(answering), "--describe", "--topic", topic];
      const main = "org.apache.kafka.tools.TopicCommand";
      const { text } = (await this.#driver.ask("tool", { main, args })) as { readonly text: string };
      texts[topic] = text;
    }
    return texts;
  }

  /** As the controller sees them. */
  #standings(): Record<string, string> {
    const standingOf = (id: number): string => {
      const broker = this.#log.brokers.get(id);
      if (broker === undefined) return "unregistered";
      if (broker.fenced) return "fenced";
      return broker.inControlledShutdown ? "shutting-down" : "active";
    };
    return Object.fromEntries(this.#brokerIds.map((id) => [id, standingOf(id)]));
  }
}

type HighWatermark = Pick<RecordedPartition, "highWatermark" | "highWatermarkError" | "staleAnswer">;

/** The answer of a deposed leader speaks of an epoch that is over: it is kept, but not as the high watermark. */
function highWatermarkOf(decided: Decided, offset: Offset | undefined): HighWatermark {
  if (decided.leader === null) return { highWatermark: null, highWatermarkError: "no leader" };
  if (offset === undefined) return { highWatermark: null, highWatermarkError: "leader process not answering" };
  const { offset: highWatermark, leaderEpoch, error } = offset;
  if (highWatermark === undefined) return { highWatermark: null, highWatermarkError: error ?? "no answer" };
  if (leaderEpoch !== undefined && leaderEpoch >= 0 && leaderEpoch < decided.leaderEpoch)
    return { highWatermark: null, staleAnswer: { highWatermark, leaderEpoch } };
  return { highWatermark };
}
