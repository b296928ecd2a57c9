/**
 * When a periodic task runs again: at the next of its moments after now. They keep their phase, which is the start of
 * the process, and none is made up for after a pause. With a clock that stands still the moment stands still too.
 */
export function nextPeriodicDueMs(dueMs: number, periodMs: number, nowMs: number): number {
  const sinceLast = (((nowMs - dueMs) % periodMs) + periodMs) % periodMs;
  return nowMs - sinceLast + periodMs;
}

/** The wait before attempt number `failedAttempts` + 1 of a request to the controller: doubles, up to a limit. */
export function exponentialBackoffMs(failedAttempts: number, initialMs: number, maxMs: number): number {
  return Math.min(maxMs, initialMs * 2 ** Math.min(failedAttempts, 20));
}
