import { itemsOf } from "../core/append-list.js";
import { nearest } from "../core/nearest.js";
import { type Fact, fact } from "../protocol/fact.js";
import { noLeader, type TopicPartition } from "../protocol/ids.js";
import { partitionOf } from "../protocol/metadata/image.js";
import type { TraceEntry } from "./trace.js";
import { currentMetadata, type World } from "./world.js";

/** A question such as `hw(1)@12s`, read. */
export interface WhyQuery {
  readonly partition: TopicPartition | null;
  readonly subject: string;
  readonly argument: string | null;
  /** Ask about the end of this step, or of the last step by this time; without either, about the end of the run. */
  readonly at: { readonly ms: number } | { readonly step: number } | null;
}

export type WhyQueryResult =
  | { readonly ok: true; readonly query: WhyQuery }
  | { readonly ok: false; readonly message: string };

/** What can be asked about, and what stands in the parentheses. */
export const whySubjects: Readonly<Record<string, string>> = {
  leader: "nothing",
  epoch: "nothing",
  isr: "nothing",
  elr: "nothing",
  "last-known-elr": "nothing",
  recovery: "nothing",
  replicas: "nothing",
  hw: "a broker, else the leader",
  leo: "a broker, else the leader",
  role: "a broker",
  "isr-state": "a broker, else the leader",
  process: "a broker",
  fenced: "a broker",
  outcome: "a value that was sent",
};

/** Reads `[partition] subject[(argument)][@time|@#step]`. */
export function parseWhyQuery(text: string): WhyQueryResult {
  const match = /^\s*(?:(\S+)\s+)?([a-z-]+)(?:\((.*)\))?(?:@(?:#(\d{1,9})|(\d{1,11})(ms|s|m)?))?\s*$/.exec(text);
  if (match === null)
    return no(`"${text}" is not a question: ask like hw@12s, hw(1)@12s, leader, outcome(d) or orders-0 isr@#140`);
  const [, partition, subject = "", argument, step, time, unit] = match;
  if (!Object.hasOwn(whySubjects, subject)) {
    const meant = nearest(subject, Object.keys(whySubjects));
    const hint = meant === null ? `ask about ${Object.keys(whySubjects).join(", ")}` : `did you mean "${meant}"?`;
    return no(`nothing is called "${subject}": ${hint}`);
  }
  const needed = whySubjects[subject];
  if (argument === undefined && (needed === "a broker" || needed === "a value that was sent"))
    return no(`${subject} needs ${needed} in parentheses`);
  if (argument !== undefined && needed === "nothing") return no(`${subject} takes nothing in parentheses`);
  if (argument !== undefined && needed?.startsWith("a broker") && !/^\d{1,3}$/.test(argument))
    return no(`${subject} takes a broker id in parentheses, not "${argument}"`);
  const at =
    step !== undefined
      ? { step: Number(step) }
      : time !== undefined
        ? { ms: Number(time) * (unit === "s" ? 1000 : unit === "m" ? 60_000 : 1) }
        : null;
  return { ok: true, query: { partition: partition ?? null, subject, argument: argument ?? null, at } };
}

/** The last step a question is about; -1 when it asks about a time before the first. */
export function stepAsked(entries: readonly TraceEntry[], { at }: WhyQuery): number {
  if (at === null) return entries.length - 1;
  if ("step" in at) return Math.min(at.step, entries.length - 1);
  return entries.findLastIndex((entry) => entry.atMs <= at.ms);
}

/** The fact a question is about, in the world at the moment it asks about; or why there is none. */
export function factAsked(world: World, query: WhyQuery): { readonly fact: Fact } | { readonly message: string } {
  const { subject, argument } = query;
  const { partitions } = currentMetadata(world);
  if (subject === "process" || subject === "fenced") {
    const brokerId = Number(argument);
    if (!world.brokers.some((broker) => broker.brokerId === brokerId))
      return { message: `there is no broker ${argument}` };
    return { fact: subject === "process" ? fact.process(brokerId) : fact.fenced(brokerId) };
  }
  if (subject === "outcome") {
    const send = itemsOf(world.history.sends).findLast(({ value }) => value === argument);
    if (send === undefined) return { message: `nobody has sent "${argument}" by then` };
    return { fact: fact.outcome(send.producer, send.value) };
  }
  const partition = query.partition ?? (partitions.length === 1 ? partitions[0]?.partition : undefined);
  const known = partitions.map((registration) => registration.partition).join(", ");
  if (partition === undefined)
    return { message: `say which partition, such as "${partitions[0]?.partition} ${subject}" (${known})` };
  const registration = partitionOf(currentMetadata(world), partition);
  if (registration === undefined) return { message: `there is no partition ${partition}; there are ${known}` };
  const ofPartition = partitionFact(subject, partition);
  if (ofPartition !== null) return { fact: ofPartition };
  const brokerId = argument === null ? registration.leader : Number(argument);
  if (brokerId === noLeader)
    return { message: `${partition} has no leader then: say which broker, such as ${subject}(1)` };
  switch (subject) {
    case "hw":
      return { fact: fact.highWatermark(partition, brokerId) };
    case "leo":
      return { fact: fact.logEnd(partition, brokerId) };
    case "role":
      return { fact: fact.role(partition, brokerId) };
    default:
      return { fact: fact.isrState(partition, brokerId) };
  }
}

function partitionFact(subject: string, partition: TopicPartition): Fact | null {
  switch (subject) {
    case "leader":
      return fact.leader(partition);
    case "epoch":
      return fact.leaderEpoch(partition);
    case "isr":
      return fact.isr(partition);
    case "elr":
      return fact.elr(partition);
    case "last-known-elr":
      return fact.lastKnownElr(partition);
    case "recovery":
      return fact.recoveryState(partition);
    case "replicas":
      return fact.assignment(partition);
    default:
      return null;
  }
}

function no(message: string): WhyQueryResult {
  return { ok: false, message };
}
