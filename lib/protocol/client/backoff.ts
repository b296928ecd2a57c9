import type { Rules } from "../../kafka/versions.js";

/** Settings of a client that say how long it waits before it tries again. */
export interface RetryBackoff {
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
}

/**
 * The wait before a retry: `retry.backoff.ms`, doubled with each retry that came before, up to `retry.backoff.max.ms`.
 * Kafka adds up to 20 % of chance, the model none. With a maximum below the first wait it is constant.
 *
 * @param retriesBefore retries that have failed already; 0 for the first
 *
 * Source: KIP-580, ExponentialBackoff.
 */
export function backoffMs(settings: RetryBackoff, retriesBefore: number, rules: Rules): number {
  const { retryBackoffMs, retryBackoffMaxMs } = settings;
  if (!rules.producerBackoffExponential || retryBackoffMaxMs <= retryBackoffMs) return retryBackoffMs;
  return Math.min(retryBackoffMaxMs, retryBackoffMs * 2 ** Math.min(retriesBefore, 30));
}
