import { type KafkaVersion, type Rules, rulesFor, type VariantId } from "../../../lib/kafka/versions.js";
import type { AdminAnswer } from "../../../lib/protocol/controller/admin-answer.js";
import {
  controllerTimers,
  failoverController,
  newController,
  stepController,
} from "../../../lib/protocol/controller/controller.js";
import type { AdminCommand, ControllerEvent, ControllerTimer } from "../../../lib/protocol/controller/event.js";
import type { Controller, ControllerSettings } from "../../../lib/protocol/controller/state.js";
import type { Change } from "../../../lib/protocol/fact.js";
import { brokerName } from "../../../lib/protocol/ids.js";
import type {
  AlterPartitionRequest,
  AlterPartitionResponse,
  AssignReplicasToDirsRequest,
  AssignReplicasToDirsResponse,
  BrokerHeartbeatRequest,
  BrokerHeartbeatResponse,
  BrokerRegistrationRequest,
  BrokerRegistrationResponse,
} from "../../../lib/protocol/message.js";
import { partitionOf, registrationOf } from "../../../lib/protocol/metadata/image.js";
import type { MetadataRecord } from "../../../lib/protocol/metadata/record.js";

const settings: ControllerSettings = {
  brokerSessionTimeoutMs: 9000,
  autoLeaderRebalanceEnable: true,
  leaderImbalanceCheckIntervalMs: 300_000,
  uncleanLeaderElectionIntervalMs: 300_000,
};

export interface Setup {
  readonly version?: KafkaVersion;
  readonly elr?: boolean;
  readonly variant?: VariantId;
  readonly settings?: Partial<ControllerSettings>;
  readonly staticConfigs?: Readonly<Record<string, string>>;
}

type BrokerRequest =
  | AlterPartitionRequest
  | AssignReplicasToDirsRequest
  | BrokerHeartbeatRequest
  | BrokerRegistrationRequest;

/** A controller and the verbs with which a case tells what happens to it. Nothing is expected here. */
export class ControllerUnderTest {
  readonly rules: Rules;
  controller: Controller;
  nowMs = 0;
  /** Of the last event. */
  changes: readonly Change[] = [];
  #incarnationId = 0;

  constructor({ version = "4.3", elr = false, variant, settings: given, staticConfigs = {} }: Setup = {}) {
    this.rules = rulesFor(version, { eligibleLeaderReplicas: elr }, variant);
    this.controller = newController({ ...settings, ...given }, staticConfigs, this.rules, this.nowMs);
  }

  /** Brokers that are registered and unfenced. */
  brokers(...brokerIds: readonly number[]): this {
    for (const brokerId of brokerIds) {
      this.register(brokerId);
      this.unfence(brokerId);
    }
    return this;
  }

  register(brokerId: number, given: Partial<BrokerRegistrationRequest> = {}): BrokerRegistrationResponse {
    this.#incarnationId++;
    return this.#ask(brokerId, {
      type: "BrokerRegistrationRequest",
      brokerId,
      incarnationId: this.#incarnationId,
      previousBrokerEpoch: -1,
      rack: null,
      directoryId: brokerId,
      ...given,
    });
  }

  /** A new process whose predecessor was shut down in an orderly way. */
  registerAfterCleanShutdown(brokerId: number): BrokerRegistrationResponse {
    return this.register(brokerId, { previousBrokerEpoch: this.epochOf(brokerId) });
  }

  heartbeat(brokerId: number, given: Partial<BrokerHeartbeatRequest> = {}): BrokerHeartbeatResponse {
    return this.#ask(brokerId, {
      type: "BrokerHeartbeatRequest",
      brokerId,
      brokerEpoch: this.epochOf(brokerId),
      metadataOffset: this.controller.image.nextOffset,
      wantFence: false,
      wantShutDown: false,
      ...given,
    });
  }

  unfence(...brokerIds: readonly number[]): void {
    for (const brokerId of brokerIds) this.heartbeat(brokerId);
  }

  /** Their sessions end, one after the other. */
  fence(...brokerIds: readonly number[]): void {
    for (const brokerId of brokerIds) this.fire({ name: "session", brokerId });
  }

  fire(timer: ControllerTimer): void {
    this.step({ type: "timer", timer });
  }

  alterPartition(
    key: string,
    isr: readonly number[],
    given: Partial<AlterPartitionRequest> = {},
  ): AlterPartitionResponse {
    const partition = partitionOf(this.controller.image, key);
    const brokerId = given.brokerId ?? partition?.leader ?? -1;
    return this.#ask(brokerId, {
      type: "AlterPartitionRequest",
      partition: key,
      brokerId,
      brokerEpoch: this.epochOf(brokerId),
      leaderEpoch: partition?.leaderEpoch ?? 0,
      partitionEpoch: partition?.partitionEpoch ?? 0,
      newIsr: isr.map((member) => ({ brokerId: member, brokerEpoch: this.epochOf(member) })),
      leaderRecoveryState: "recovered",
      ...given,
    });
  }

  assignDirectory(brokerId: number, partitions: readonly string[], directoryId: number): AssignReplicasToDirsResponse {
    const brokerEpoch = this.epochOf(brokerId);
    return this.#ask(brokerId, {
      type: "AssignReplicasToDirsRequest",
      brokerId,
      brokerEpoch,
      directoryId,
      partitions,
    });
  }

  /** One partition for each list of replicas. */
  topic(topic: string, replicas: readonly (readonly number[])[], configs: Record<string, string> = {}): AdminAnswer {
    return this.admin({ type: "createTopic", topic, assignment: { replicas }, configs });
  }

  configure(topic: string, changes: Readonly<Record<string, string | null>>): AdminAnswer {
    return this.admin({ type: "alterConfigs", scope: { kind: "topic", topic }, changes });
  }

  elect(election: "preferred" | "unclean", partitions: readonly string[] | null): AdminAnswer {
    return this.admin({ type: "electLeaders", election, partitions });
  }

  admin(command: AdminCommand): AdminAnswer {
    const answer = this.step({ type: "admin", command });
    if (answer === null) throw new Error(`no answer to ${command.type}`);
    return answer;
  }

  failover(): void {
    this.controller = failoverController(this.controller, this.nowMs);
  }

  epochOf(brokerId: number): number {
    return registrationOf(this.controller.image, brokerId)?.brokerEpoch ?? -1;
  }

  /** `leader=2 isr=2,3 elr=- lk=- le=1 pe=1`, and `recovering` where it is so. */
  show(key: string): string {
    const partition = partitionOf(this.controller.image, key);
    if (partition === undefined) return "none";
    const { leader, isr, eligibleLeaderReplicas, lastKnownElr, leaderEpoch, partitionEpoch } = partition;
    const ids = (list: readonly number[]): string => (list.length === 0 ? "-" : list.join(","));
    const recovery = partition.leaderRecoveryState === "recovering" ? " recovering" : "";
    return (
      `leader=${leader} isr=${ids(isr)} elr=${ids(eligibleLeaderReplicas)} lk=${ids(lastKnownElr)} ` +
      `le=${leaderEpoch} pe=${partitionEpoch}${recovery}`
    );
  }

  /** Records of the last batch if the last event wrote one. */
  written(since: number): readonly MetadataRecord[] {
    return this.controller.log.slice(since).flatMap(({ records }) => records);
  }

  dueOf(timer: ControllerTimer): number | undefined {
    return controllerTimers(this.controller).find((due) => JSON.stringify(due.timer) === JSON.stringify(timer))?.dueMs;
  }

  step(event: ControllerEvent): AdminAnswer | null {
    const { controller, effects, answer } = stepController(this.controller, event, this.nowMs, this.rules);
    this.controller = controller;
    this.changes = effects.flatMap((effect) => (effect.type === "change" ? [effect.change] : []));
    this.replies = effects.flatMap((effect) => (effect.type === "reply" ? [effect.response] : []));
    return answer;
  }

  replies: readonly unknown[] = [];

  #ask(brokerId: number, request: BrokerRegistrationRequest): BrokerRegistrationResponse;
  #ask(brokerId: number, request: BrokerHeartbeatRequest): BrokerHeartbeatResponse;
  #ask(brokerId: number, request: AlterPartitionRequest): AlterPartitionResponse;
  #ask(brokerId: number, request: AssignReplicasToDirsRequest): AssignReplicasToDirsResponse;
  #ask(brokerId: number, request: BrokerRequest): unknown {
    this.step({ type: "request", from: brokerName(brokerId), channel: "test", request });
    if (this.replies.length !== 1) throw new Error(`${this.replies.length} answers to ${request.type}`);
    return this.replies[0];
  }
}
