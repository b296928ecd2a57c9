import { rulesFor } from "../../../lib/kafka/versions.js";
import type { AdminAnswer } from "../../../lib/protocol/controller/admin-answer.js";
import { newController, stepController } from "../../../lib/protocol/controller/controller.js";
import type { AdminCommand, ControllerEvent } from "../../../lib/protocol/controller/event.js";
import type { Controller } from "../../../lib/protocol/controller/state.js";
import { brokerName } from "../../../lib/protocol/ids.js";
import type { Request } from "../../../lib/protocol/message.js";
import { partitionOf, registrationOf } from "../../../lib/protocol/metadata/image.js";
import type { MetadataRecord } from "../../../lib/protocol/metadata/record.js";
import { hasElr, type RecordedRecord, type Recording, toMetadataRecord } from "./recordings.js";

// Plays what the recorded records tell of the controller's inputs (who registered, fell silent, asked for which ISR) to
// our controller, and hands out what both of them wrote.

/** Records that one input of the recorded controller led to, and what ours wrote for the same input. */
export interface Replayed {
  readonly input: string;
  readonly recorded: readonly MetadataRecord[];
  readonly written: readonly MetadataRecord[];
}

const settings = {
  brokerSessionTimeoutMs: 9000,
  autoLeaderRebalanceEnable: true,
  leaderImbalanceCheckIntervalMs: 300_000,
  uncleanLeaderElectionIntervalMs: 300_000,
};

/** A real controller looks for ended sessions eight times a session. */
const sessionCheckMs = settings.brokerSessionTimeoutMs / 8;

/** What our controller was after each input. */
export interface ReplayedState {
  readonly atMs: number;
  readonly controller: Controller;
}

export function replay(recording: Recording): {
  readonly replayed: readonly Replayed[];
  readonly states: readonly ReplayedState[];
  /** Every rule that was given as a reason or an occasion. */
  readonly rules: ReadonlySet<string>;
} {
  const states: ReplayedState[] = [];
  const replayer = new Replayer(recording);
  const known = recording.metadataRecords.filter((record) => toMetadataRecord(record) !== null);
  const replayed: Replayed[] = [];
  const format = known.filter(({ atMs }) => atMs === known[0]?.atMs);
  const begins = format[0]?.type === "FeatureLevelRecord" ? format.length : 0;
  replayed.push({
    input: "format",
    recorded: known.slice(0, begins).map((record) => replayer.translate(record)),
    written: replayer.controller.log.flatMap(({ records }) => records),
  });
  for (let index = begins; index < known.length; ) {
    const unit = unitAt(known, index);
    replayed.push(replayer.play(unit));
    states.push({ atMs: unit[0]?.atMs ?? 0, controller: replayer.controller });
    index += unit.length;
  }
  return { replayed, states, rules: replayer.rulesGiven };
}

/** Records from `index` on that belong to one input: they are adjacent and of one moment, and end as such things end. */
function unitAt(records: readonly RecordedRecord[], index: number): readonly RecordedRecord[] {
  const [first] = records.slice(index, index + 1);
  if (first === undefined) return [];
  const batch = [first];
  for (const record of records.slice(index + 1)) {
    const last = batch.at(-1);
    if (record.atMs !== first.atMs || record.offset !== (last?.offset ?? 0) + 1) break;
    batch.push(record);
  }
  const until = (end: number): readonly RecordedRecord[] => batch.slice(0, Math.max(1, end));
  const changes = (from: number): number => {
    const end = batch.findIndex((record, at) => at >= from && record.type !== "PartitionChangeRecord");
    return end === -1 ? batch.length : end;
  };
  switch (first.type) {
    case "PartitionChangeRecord": {
      const closing = batch[changes(0)];
      const closes = closing?.type === "RegisterBrokerRecord" || closing?.data.fenced === 1;
      if (closes) return until(changes(0) + 1);
      // Assignments of directories and elections come many in one batch; a leader asks for one partition at a time.
      const alike = (record: RecordedRecord): boolean => kindOfChange(record) === kindOfChange(first);
      if (kindOfChange(first) === "isr") return until(1);
      const end = batch.findIndex((record) => !alike(record));
      return until(end === -1 ? batch.length : end);
    }
    case "BrokerRegistrationChangeRecord": {
      if (first.data.fenced === 1) return until(1);
      if (first.data.inControlledShutdown === 1) return until(changes(1));
      const end = batch.findIndex((record, at) => at > 0 && kindOfChange(record) !== "election");
      return until(end === -1 ? batch.length : end);
    }
    case "TopicRecord": {
      const end = batch.findIndex((record, at) => at > 0 && record.type === "TopicRecord");
      return until(end === -1 ? batch.length : end);
    }
    case "ConfigRecord": {
      const same = ({ type, data }: RecordedRecord): boolean =>
        type === "ClearElrRecord" || (type === "ConfigRecord" && data.resourceName === first.data.resourceName);
      const end = batch.findIndex((record) => !same(record));
      return until(end === -1 ? batch.length : end);
    }
    default:
      return until(1);
  }
}

function kindOfChange({ type, data }: RecordedRecord): string {
  if (type !== "PartitionChangeRecord") return type;
  if (Object.keys(data).length === 1) return "directories";
  if (data.replicas !== undefined) return "isr";
  return data.leader !== undefined ? "election" : "isr";
}

class Replayer {
  controller: Controller;
  readonly rules;
  readonly rulesGiven = new Set<string>();
  /** Real broker epochs are offsets of a log with records that we do not model. */
  readonly #brokerEpochs = new Map<number, number>();
  readonly #stops: readonly { readonly atMs: number; readonly brokerId: number; readonly clean: boolean }[];
  #nowMs = 0;

  constructor(readonly recording: Recording) {
    this.rules = rulesFor("4.3", { eligibleLeaderReplicas: hasElr(recording) });
    this.controller = newController(settings, {}, this.rules, recording.metadataRecords[0]?.atMs ?? 0);
    this.#stops = recording.steps.flatMap(({ action, atMs }) =>
      [...action.matchAll(/SIG(TERM|KILL) (\d)(?:[^,;]*? and (\d))?/g)].flatMap(([, signal, first, second]) =>
        [first, second]
          .filter((id) => id !== undefined)
          .map((id) => {
            const brokerId = Number(id);
            const clean = signal === "TERM";
            return { atMs: clean ? atMs : this.#silentSinceMs(brokerId, atMs), brokerId, clean };
          }),
      ),
    );
  }

  /** A step may send several signals, one after the other: the session tells when the last heartbeat can have been. */
  #silentSinceMs(brokerId: number, stepMs: number): number {
    const fenced = this.recording.metadataRecords.find(
      ({ data, atMs }) => data.brokerId === brokerId && data.fenced === 1 && atMs > stepMs,
    );
    const lastHeartbeatMs = (fenced?.atMs ?? stepMs) - settings.brokerSessionTimeoutMs - sessionCheckMs;
    return Math.max(stepMs, lastHeartbeatMs);
  }

  translate(record: RecordedRecord): MetadataRecord {
    const translated = toMetadataRecord(record);
    if (translated === null) throw new Error(`not modelled: ${JSON.stringify(record)}`);
    if (translated.type === "RegisterBrokerRecord" || translated.type === "BrokerRegistrationChangeRecord") {
      const brokerEpoch = this.#brokerEpochs.get(translated.brokerEpoch) ?? -2;
      return { ...translated, brokerEpoch };
    }
    return translated;
  }

  play(unit: readonly RecordedRecord[]): Replayed {
    this.#nowMs = unit[0]?.atMs ?? 0;
    for (const { data, type } of unit)
      if (type === "RegisterBrokerRecord")
        this.#brokerEpochs.set(data.brokerEpoch ?? -1, this.controller.image.nextOffset);
    this.#keepSessionsAlive();
    const before = this.controller.log.length;
    const input = this.#input(unit);
    return {
      input: `${this.#nowMs} ms: ${input}`,
      recorded: unit.map((record) => this.translate(record)),
      written: this.controller.log.slice(before).flatMap(({ records }) => records),
    };
  }

  #input(unit: readonly RecordedRecord[]): string {
    const [first] = unit;
    const last = unit.at(-1);
    if (first === undefined || last === undefined) return "nothing";
    if (last.type === "RegisterBrokerRecord") return this.#register(last);
    if (last.data.fenced === 1) return this.#fence(last.data.brokerId ?? 0);
    if (first.data.fenced === -1) return this.#heartbeat(first.data.brokerId ?? 0, false);
    if (first.data.inControlledShutdown === 1) return this.#heartbeat(first.data.brokerId ?? 0, true);
    if (first.type === "TopicRecord") return this.#createTopic(unit);
    if (first.type === "RemoveTopicRecord") return this.#deleteTopic(first);
    if (first.type === "ConfigRecord") return this.#alterConfigs(unit);
    if (kindOfChange(first) === "directories") return this.#assignDirectories(unit);
    if (kindOfChange(first) === "election") return this.#elect(unit);
    return this.#changeIsrOrReplicas(first);
  }

  /** A broker that was stopped with SIGTERM knows the epoch it had; one that lost its disk has another directory. */
  #register({ data, atMs }: RecordedRecord): string {
    const brokerId = data.brokerId ?? 0;
    const stop = this.#stopBefore(brokerId, atMs);
    const existing = registrationOf(this.controller.image, brokerId);
    const wiped = this.recording.steps.some(
      (step) => step.atMs <= atMs && step.action.includes(`SIGKILL ${brokerId}, wipe`),
    );
    this.#request({
      type: "BrokerRegistrationRequest",
      brokerId,
      incarnationId: Number(data.incarnationId?.replace("incarnation-", "")),
      previousBrokerEpoch: stop?.clean === true ? (existing?.brokerEpoch ?? -1) : -1,
      rack: null,
      directoryId: wiped ? brokerId + 100 : brokerId,
    });
    return `broker ${brokerId} registers`;
  }

  /** By its own wish while it shuts down, else because its session has ended. */
  #fence(brokerId: number): string {
    const registration = registrationOf(this.controller.image, brokerId);
    if (this.#stopBefore(brokerId, this.#nowMs)?.clean === true && registration?.fenced === false) {
      return this.#heartbeat(brokerId, true);
    }
    this.#step({ type: "timer", timer: { name: "session", brokerId } });
    return `the session of broker ${brokerId} ends`;
  }

  #heartbeat(brokerId: number, wantShutDown: boolean): string {
    this.#request({
      type: "BrokerHeartbeatRequest",
      brokerId,
      brokerEpoch: registrationOf(this.controller.image, brokerId)?.brokerEpoch ?? -1,
      metadataOffset: this.controller.image.nextOffset,
      wantFence: false,
      wantShutDown,
    });
    return `broker ${brokerId} sends a heartbeat${wantShutDown ? " and wants to shut down" : ""}`;
  }

  #createTopic(unit: readonly RecordedRecord[]): string {
    const topic = unit[0]?.topic ?? "";
    const partitions = unit.filter(({ type }) => type === "PartitionRecord");
    this.#admin({
      type: "createTopic",
      topic,
      assignment: { replicas: partitions.map(({ data }) => data.replicas ?? []) },
      configs: configsOf(unit.filter(({ data }) => data.resourceName === topic)),
    });
    return `topic ${topic} is created`;
  }

  #deleteTopic(record: RecordedRecord): string {
    const removed = toMetadataRecord(record);
    if (removed?.type !== "RemoveTopicRecord") throw new Error("no topic");
    this.#admin({ type: "deleteTopic", topic: removed.topic });
    return `topic ${removed.topic} is deleted`;
  }

  #alterConfigs(unit: readonly RecordedRecord[]): string {
    const [record] = unit.map((recorded) => toMetadataRecord(recorded));
    if (record?.type !== "ConfigRecord") throw new Error("no configuration");
    const changes = Object.fromEntries(
      unit.filter(({ type }) => type === "ConfigRecord").map(({ data }) => [data.name ?? "", data.value ?? null]),
    );
    this.#admin({ type: "alterConfigs", scope: record.scope, changes });
    return `${JSON.stringify(record.scope)} gets ${JSON.stringify(changes)}`;
  }

  /** The broker whose directory is not the registered one. */
  #assignDirectories(unit: readonly RecordedRecord[]): string {
    const partitions = unit.map((record) => `${record.topic}-${record.data.partitionId}`);
    const partition = partitionOf(this.controller.image, partitions[0] ?? "");
    const moved = this.controller.image.brokers.find(
      ({ brokerId, directoryId }) =>
        partition?.directories[partition.replicas.indexOf(brokerId)] !== directoryId && partition !== undefined,
    );
    this.#request({
      type: "AssignReplicasToDirsRequest",
      brokerId: moved?.brokerId ?? -1,
      brokerEpoch: moved?.brokerEpoch ?? -1,
      directoryId: moved?.directoryId ?? -1,
      partitions,
    });
    return `broker ${moved?.brokerId} assigns ${partitions} to its new directory`;
  }

  /** By a periodic task where the scenario waits for one, else by hand. */
  #elect(unit: readonly RecordedRecord[]): string {
    const election = unit.every(({ data }) => data.isr === undefined) ? "preferred" : "unclean";
    const step = this.recording.steps.findLast(({ atMs }) => atMs <= this.#nowMs);
    const periodic = /periodic|wait for a leader/.test(step?.action ?? "");
    if (periodic) {
      const name = election === "preferred" ? "preferredRebalance" : "uncleanElection";
      this.#step({ type: "timer", timer: { name } });
    } else {
      this.#admin({
        type: "electLeaders",
        election,
        partitions: unit.map((record) => `${record.topic}-${record.data.partitionId}`),
      });
    }
    return `${election} election ${periodic ? "by timer" : "by hand"}`;
  }

  /** An ISR change is the leader's wish; a change of replicas is an administrator's, unless it ends one under way. */
  #changeIsrOrReplicas(record: RecordedRecord): string {
    const key = `${record.topic}-${record.data.partitionId}`;
    const partition = partitionOf(this.controller.image, key);
    if (partition === undefined) throw new Error(`${key} does not exist`);
    const { replicas, isr, addingReplicas = partition.addingReplicas, removingReplicas = [] } = record.data;
    const underWay = partition.addingReplicas.length + partition.removingReplicas.length > 0;
    if (replicas !== undefined && !(underWay && addingReplicas.length === 0)) {
      const target = replicas.filter((brokerId) => !removingReplicas.includes(brokerId));
      this.#admin({ type: "reassignPartitions", targets: [{ partition: key, replicas: target }] });
      return `${key} is reassigned to ${target}`;
    }
    // A new member is named last: whoever stores another order has sorted it. What leaves by a completed reassignment
    // was still in the leader's proposal.
    const leavers = replicas === undefined ? [] : partition.isr.filter((brokerId) => !replicas.includes(brokerId));
    const proposed = [
      ...partition.isr.filter((brokerId) => isr?.includes(brokerId) || leavers.includes(brokerId)),
      ...(isr ?? []).filter((brokerId) => !partition.isr.includes(brokerId)),
    ];
    this.#request({
      type: "AlterPartitionRequest",
      partition: key,
      brokerId: partition.leader,
      brokerEpoch: registrationOf(this.controller.image, partition.leader)?.brokerEpoch ?? -1,
      leaderEpoch: partition.leaderEpoch,
      partitionEpoch: partition.partitionEpoch,
      newIsr: proposed.map((brokerId) => ({
        brokerId,
        brokerEpoch: registrationOf(this.controller.image, brokerId)?.brokerEpoch ?? -1,
      })),
      leaderRecoveryState: "recovered",
    });
    return `leader ${partition.leader} of ${key} proposes ${proposed}`;
  }

  /** Heartbeats of the brokers that run and are unfenced: they change nothing but sessions and offsets. */
  #keepSessionsAlive(): void {
    const before = this.controller.log.length;
    for (const { brokerId, fenced } of this.controller.image.brokers) {
      const stop = this.#stopBefore(brokerId, this.#nowMs);
      if (!fenced && stop === undefined) this.#heartbeat(brokerId, false);
    }
    if (this.controller.log.length !== before) throw new Error("a plain heartbeat was a decision");
  }

  /** The last signal to this broker since it registered. */
  #stopBefore(brokerId: number, atMs: number): { readonly clean: boolean } | undefined {
    const registered = this.recording.metadataRecords.findLast(
      (record) => record.type === "RegisterBrokerRecord" && record.data.brokerId === brokerId && record.atMs < atMs,
    );
    return this.#stops.findLast(
      (stop) => stop.brokerId === brokerId && stop.atMs <= atMs && stop.atMs > (registered?.atMs ?? -Infinity),
    );
  }

  #request(request: Request): void {
    const from = "brokerId" in request ? brokerName(request.brokerId) : "?";
    this.#step({ type: "request", from, channel: "replay", request });
  }

  #admin(command: AdminCommand): AdminAnswer | null {
    return this.#step({ type: "admin", command });
  }

  #step(event: ControllerEvent): AdminAnswer | null {
    const { controller, effects, answer } = stepController(this.controller, event, this.#nowMs, this.rules);
    this.controller = controller;
    for (const effect of effects) {
      if (effect.type !== "change") continue;
      const { occasion } = effect.change.numbers;
      this.rulesGiven.add(effect.change.rule);
      if (typeof occasion === "string") this.rulesGiven.add(occasion);
    }
    return answer;
  }
}

function configsOf(records: readonly RecordedRecord[]): Record<string, string> {
  return Object.fromEntries(records.map(({ data }) => [data.name ?? "", data.value ?? ""]));
}
