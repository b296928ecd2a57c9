import { partitionOf } from "../../protocol/metadata/image.js";
import type { PartitionRegistration } from "../../protocol/metadata/partition.js";
import { actualOf } from "../../sim/scenario/actual.js";
import type { SubjectName } from "../../sim/scenario/subjects.js";
import { currentMetadata, type World } from "../../sim/world.js";
import type { Prediction } from "./misconception.js";

/** What a wrong prediction tells: each detector looks at one value that was foretold, and at the run that it was of. */
export type Foretold = (prediction: Prediction) => boolean;

/** A broker that is down was left in the ISR. */
export const keepsTheDead: Foretold = ({ subject, answered, run }) =>
  subject === "isr" && listed(answered).some((broker) => processOf(run.world, broker) === "down");

/** A broker that has come back was put into the ISR before it is there. */
export const takesBackAtOnce: Foretold = ({ subject, answered, expected, run }) =>
  subject === "isr" &&
  listed(answered).some((broker) => !listed(expected).includes(broker) && processOf(run.world, broker) === "running");

/** The leader epoch was taken for the partition epoch, which every change moves. */
export const countsEveryChange: Foretold = ({ subject, answered, run }) =>
  subject === "epoch" && answered === worth(run.world, "partition-epoch");

/** The high watermark was taken for the log's end. */
export const takesLogEndForHighWatermark: Foretold = ({ subject, argument, answered, run }) =>
  subject === "hw" && answered === worth(run.world, "leo", argument);

/** Another leader was named while the old one, dead or not, is still the leader of record. */
export const electsAtOnce: Foretold = ({ subject, argument, answered, expected, run }) =>
  subject === "leader" &&
  argument === null &&
  answered !== expected &&
  processOf(run.world, expected) !== "running" &&
  processOf(run.world, answered) === "running";

/** A leader that nobody has told was said to follow. */
export const stepsDownUntold: Foretold = ({ subject, answered, expected }) =>
  subject === "role" && expected === "leader" && answered !== "leader";

/** The log of a broker that was only killed was said to be empty. */
export const emptiesTheKilled: Foretold = ({ subject, argument, answered, expected, run }) =>
  subject === "leo" &&
  answered === "0" &&
  expected !== "0" &&
  run.entries.some(({ action }) => action.type === "crash" && String(action.brokerId) === argument);

/** A consumer was said to have read what is acknowledged and lies beyond the high watermark. */
export const readsBeyondHighWatermark: Foretold = ({ subject, answered, expected, run }) =>
  subject === "read" &&
  listed(answered).some((value) => !listed(expected).includes(value) && worth(run.world, "outcome", value) === "acked");

/** A write that all of the ISR has was said to wait for a replica outside of it. */
export const waitsForOutsiders: Foretold = ({ subject, answered, expected, run }) => {
  const partition = registration(run.world);
  return (
    subject === "outcome" &&
    expected === "acked" &&
    answered === "pending" &&
    partition !== undefined &&
    partition.isr.length < partition.replicas.length
  );
};

/** A write was said to be acknowledged although a member of the ISR has not fetched it. */
export const answersAtTheMinimum: Foretold = ({ subject, answered, expected, run }) => {
  const isr = registration(run.world)?.isr ?? [];
  return subject === "outcome" && expected === "pending" && answered === "acked" && isr.length > 1;
};

/** A record was said to be absent because its send had failed. */
export const failedAndAbsent: Foretold = ({ subject, answered, expected }) =>
  subject === "ledger" && expected === "unknown-kept" && (answered === "refused" || answered === "unknown-gone");

/** A record of which nothing was heard was said to be there. */
export const unheardAndPresent: Foretold = ({ subject, answered, expected }) =>
  subject === "ledger" && expected === "unknown-gone" && (answered === "unknown-kept" || answered === "acked-kept");

/** The preferred replica was said to lead as soon as it runs again. */
export const preferredLeadsAtOnce: Foretold = ({ subject, argument, answered, expected, run }) => {
  const [preferred] = registration(run.world)?.replicas ?? [];
  return (
    subject === "leader" &&
    argument === null &&
    answered !== expected &&
    answered === String(preferred) &&
    processOf(run.world, answered) === "running" &&
    run.entries.some(({ action }) => action.type === "start" && String(action.brokerId) === answered)
  );
};

/** Of those alive the one with the longest log was said to lead after an unclean election. */
export const electsTheLongestLog: Foretold = ({ subject, argument, answered, expected, run }) =>
  subject === "leader" &&
  argument === null &&
  answered !== expected &&
  run.entries.some(({ changes }) => changes.some(({ rule }) => rule.includes("unclean"))) &&
  processOf(run.world, answered) === "running" &&
  Number(worth(run.world, "leo", answered)) > Number(worth(run.world, "leo", expected));

function listed(text: string): readonly string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "" && part !== "-");
}

function registration(world: World): PartitionRegistration | undefined {
  const image = currentMetadata(world);
  const [only] = image.partitions;
  return only === undefined ? undefined : partitionOf(image, only.partition);
}

function worth(world: World, subject: SubjectName, argument: string | null = null): string {
  return actualOf(world, subject, argument, currentMetadata(world).partitions[0]?.partition ?? null);
}

/** Of a broker that there is; anything else is nothing. */
function processOf(world: World, broker: string): string | null {
  const exists = world.brokers.some(({ brokerId }) => String(brokerId) === broker);
  return exists ? worth(world, "process", broker) : null;
}
