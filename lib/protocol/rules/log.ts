import type { Rule } from "./rule.js";

/**
 * What a log says by itself: where epochs begin and end, how far a diverging follower cuts back, which batches it knows
 * already, and how far transactions let one read.
 */
export const logRules = {
  "log.epoch-assigned": {
    sentence:
      "A log notes where each leader epoch begins; entries of the same or a newer epoch, or from the same offset on, are replaced.",
    source: "KIP-101; LeaderEpochFileCache.assign",
    versions: "0.11 and later",
  },
  "log.end-offset-for-epoch": {
    sentence:
      "An epoch ends where the next one begins, the latest at the log end; of an unknown epoch the largest smaller one is told.",
    source: "KIP-101, KIP-279; LeaderEpochFileCache.endOffsetFor",
    versions: "2.0 and later; 0.11 to 1.1 told the offset without its epoch",
  },
  "log.truncate-at-common-epoch": {
    sentence:
      "A follower that knows the epoch of a diverging answer cuts back to the smaller of both ends of that epoch.",
    source: "KIP-279; AbstractFetcherThread.getOffsetTruncationState",
    versions: "2.0 and later",
  },
  "log.truncate-and-ask-again": {
    sentence:
      "A follower that does not know the epoch of a diverging answer cuts back to the end of the largest smaller one it knows, and asks again.",
    source: "KIP-279; AbstractFetcherThread.getOffsetTruncationState",
    versions: "2.0 and later",
  },
  "log.truncate-without-epochs": {
    sentence: "Where either side knows no epoch, a follower believes the offset it is told.",
    source: "KIP-101; AbstractFetcherThread.getOffsetTruncationState",
    versions: "0.11 and later",
  },
  "log.truncation-forgets": {
    sentence:
      "With a truncated batch go the epoch that began in it, its place among its producer's batches, and its marker.",
    source: "UnifiedLog.truncateTo, rebuildProducerState",
    versions: "0.11 and later",
  },
  "log.recovery": {
    sentence:
      "A starting broker keeps whole batches only, and drops epochs that begin at or beyond the end of what it found.",
    source: "LogLoader.load, LogSegment.recover",
    versions: "all; epochs 0.11 and later",
  },
  "log.duplicate-batch": {
    sentence:
      "A batch with the epoch and sequences of one of its producer's last five is not appended again; the first offsets are told.",
    source: "KIP-98; ProducerStateEntry.findDuplicateBatch",
    versions: "1.0 and later; the last one only in 0.11",
  },
  "log.next-sequence": {
    sentence:
      "A batch of a known producer must continue its sequence, or begin at 0 in a newer producer epoch; an unknown producer may begin anywhere.",
    source: "KIP-98; ProducerAppendInfo.checkSequence",
    versions: "0.11 and later",
  },
  "log.replicated-batch-unchecked": {
    sentence: "A follower takes its leader's batches without checking sequences, so it knows them all when it leads.",
    source: "ProducerAppendInfo.maybeValidateDataBatch, AppendOrigin.REPLICATION",
    versions: "0.11 and later",
  },
  "log.producer-expires": {
    sentence: "A producer that was silent for producer.id.expiration.ms is forgotten, unless its transaction is open.",
    source: "ProducerStateManager.removeExpiredProducers",
    versions: "0.11 and later",
  },
  "log.last-stable-offset": {
    sentence:
      "read_committed ends at the first record of a transaction that is open, or whose marker the high watermark has not passed.",
    source: "KIP-98; ProducerStateManager.firstUnstableOffset",
    versions: "0.11 and later",
  },
} as const satisfies Record<string, Rule>;
