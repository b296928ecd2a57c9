import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { controllerRules } from "../../../lib/protocol/rules/controller.js";
import { readRecording, recordingNames } from "./recordings.js";
import { replay } from "./replay.js";

const ruleIds = Object.keys(controllerRules).sort();

test("every rule of the controller is named where it is applied", () => {
  const folder = new URL("../../../lib/protocol/controller/", import.meta.url);
  const source = readdirSync(folder)
    .map((name) => readFileSync(new URL(name, folder), "utf8"))
    .join("\n")
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is what the source says.
    .replace("`election.asked-${election}`", '"election.asked-preferred" "election.asked-unclean"');
  expect(ruleIds.filter((id) => !source.includes(`"${id}"`))).toEqual([]);
});

test.each(ruleIds)("%s says what it is and where it comes from", (id) => {
  const { sentence, source, versions } = Object.entries(controllerRules).find(([key]) => key === id)?.[1] ?? {
    sentence: "",
    source: "",
    versions: "",
  };
  expect(sentence).toMatch(/^[A-Z].*[.]$/);
  expect(source).not.toBe("");
  expect(versions).not.toBe("");
});

/** A refusal leaves no record. (S19 shows one of them: the old session of broker 3 has to end first.) */
const refusals = [
  "alter-partition.controller-is-behind",
  "alter-partition.ineligible-replica",
  "alter-partition.isr-is-no-part-of-replicas",
  "alter-partition.leader-epoch-too-old",
  "alter-partition.leader-must-be-in-isr",
  "alter-partition.partition-epoch-too-old",
  "alter-partition.recovered-stays-recovered",
  "alter-partition.recovering-leader-is-alone",
  "alter-partition.sender-is-not-leader",
  "alter-partition.sender-is-stale",
  "alter-partition.unknown-partition",
  "registration.session-still-valid",
];

/** Compared with the recordings, but told to nobody: a trace begins after the cluster was formatted. */
const formatting = ["elr.cluster-min-isr-always-set", "feature.level-at-format"];

/** A rule that keeps things as they are is no reason of a change; the others no scenario was about. */
const notPlayed = [
  "directories.offline-leaves-isr",
  "election.current-leader-kept",
  "elr.cleared-when-off",
  "elr.elected-leader-leaves",
  "elr.isr-member-leaves",
  "elr.no-broker-min-isr",
  "feature.level-changed",
  "heartbeat.fences-on-wish",
  "reassignment.cancelled",
  "unregistration.leaves-isr",
];

const ofOldReleases = ["election.unclean-at-once", "epoch.isr-shrunk", "zookeeper.session-is-registration"];

test("these rules no recording shows; all others at least one does", () => {
  const shown = new Set(recordingNames.flatMap((name) => [...replay(readRecording(name)).rules]));
  expect(ruleIds.filter((id) => !shown.has(id))).toEqual(
    [...refusals, ...formatting, ...notPlayed, ...ofOldReleases].sort(),
  );
});
