import { describe, expect, it } from "vitest";
import { hasOutput, lessonNames, readLesson } from "./lesson-files.js";

/**
 * Sentences about Kafka replication that many people say and that are imprecise, and where the course answers each of them
 * by running it: the lesson's number, and words of the cell that names it.
 */
const statements: readonly (readonly [statement: string, lesson: number, words: RegExp])[] = [
  ["Followers never serve clients.", 8, /"Followers never serve clients" was true until/],
  ["ZooKeeper elects the leaders.", 5, /"ZooKeeper elects the leaders" was never quite so/],
  ["HW is the smallest log end over the ISR.", 3, /"High watermark = smallest log end over the ISR" is nearly right/],
  ["max.in.flight must be 1 for ordering.", 7, /"It must be 1" has been wrong/],
  ["acks=all waits for all replicas.", 4, /"All replicas" is wrong/],
  ["acks=all waits for min.insync.replicas copies.", 4, /so is "min\.insync\.replicas copies"/],
  ["min=3 with RF=3 tolerates one failure.", 4, /a minimum of 3 "tolerates one failure"/],
  ["acks=all with a minimum of 1 is safe.", 4, /With 1, "all" was one copy, and the copy is gone/],
  ["Consumers see acks=1 writes at once.", 3, /"Consumers see `acks=1` writes at once" is wrong/],
  ["A follower leaves the ISR after exactly 30 s.", 2, /"A follower leaves after 30 seconds" is a lower bound/],
  ["The first in the ISR list becomes leader.", 5, /"The first in the ISR list takes over" would have named broker 1/],
  ["Unclean election picks the most up-to-date replica.", 6, /an unclean election picks the most up-to-date replica/],
  [
    "Enabling unclean election takes effect immediately.",
    6,
    /set `unclean\.leader\.election\.enable=true` on the topic, and/,
  ],
  ["Under min ISR the partition is unavailable.", 3, /"under min ISR the partition is unavailable" is wrong/],
  [
    "NOT_ENOUGH_REPLICAS_AFTER_APPEND is what you get mid-request.",
    4,
    /Many pages say `NOT_ENOUGH_REPLICAS_AFTER_APPEND`/,
  ],
  ["A failed acks=all write was not written.", 7, /"It failed, so it was not written" is wrong/],
  ["Kafka fsyncs before it acknowledges.", 4, /Kafka does not flush before it answers/],
  ["Reading beyond HW is an error.", 3, /Is it an error to ask beyond the bar\?/],
  ["A follower's HW only grows.", 5, /"The high watermark only grows" is true of a leader in its term/],
  ["HW drives truncation.", 6, /"The high watermark drives truncation" has been wrong since 0\.11/],
  ["Leader epoch and partition epoch are the same.", 5, /"leader epoch" and "partition epoch" are not the same/],
  ["Unfencing puts a broker back in the ISR.", 2, /To be alive is not to be in sync/],
  [
    "The preferred leader takes over as soon as it is back.",
    5,
    /"A preferred leader takes over as soon as it is back" is wrong/,
  ],
  ["Idempotence is exactly once.", 7, /"Idempotence is exactly once" holds for the retries of/],
  ["Members of the ELR are in sync.", 6, /"Who is in the ELR is in sync" is wrong/],
  ["ELR needs somebody in the ISR.", 6, /"ELR needs somebody in the ISR" has it the wrong way round/],
  ["unclean=false guarantees no loss.", 6, /"`unclean=false` guarantees no loss" needs that footnote/],
  [
    "The under-replicated alert catches outages.",
    8,
    /"The under-replicated alert catches outages" is half of an alarm plan/,
  ],
  ["--under-min-isr-partitions equals the metric.", 8, /The tool compares with the number as it is configured/],
  ["An isolated leader steps down.", 5, /"A leader that is cut off steps down" is wrong/],
];

describe("popular statements", () => {
  it("are thirty", () => expect(new Set(statements.map(([statement]) => statement)).size).toBe(30));

  it.each(statements)("%s", (_statement, lesson, words) => {
    const name = lessonNames.find((candidate) => candidate.startsWith(`0${lesson}-`)) ?? "";
    const { cells } = readLesson(name);
    const at = cells.findIndex((cell) => cell.cell_type === "markdown" && words.test(cell.source));
    expect(at, `${name} has no cell with ${words}`).toBeGreaterThan(0);
    // The run that answers it stands just before or after the sentence.
    expect(cells.slice(Math.max(0, at - 2), at + 3).some(hasOutput), `nothing is run around cell ${at + 1}`).toBe(true);
  });
});
