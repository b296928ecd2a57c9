import type { BrokerId } from "../ids.js";
import type { MetadataImage } from "../metadata/image.js";
import { isActive } from "../metadata/image.js";
import type { BrokerSession, Controller, ControllerSettings } from "./state.js";

/** A registered broker of which nothing has been heard yet. */
export function newSession(brokerId: BrokerId): BrokerSession {
  return { brokerId, lastContactTimeMs: null, metadataOffset: 0, controlledShutdownOffset: null };
}

export function sessionOf({ sessions }: Controller, brokerId: BrokerId): BrokerSession {
  return sessions.find((session) => session.brokerId === brokerId) ?? newSession(brokerId);
}

export function withSession(controller: Controller, changed: BrokerSession): Controller {
  const { sessions } = controller;
  const index = sessions.findIndex(({ brokerId }) => brokerId === changed.brokerId);
  if (index !== -1) return { ...controller, sessions: sessions.with(index, changed) };
  const after = sessions.findIndex(({ brokerId }) => brokerId > changed.brokerId);
  return { ...controller, sessions: sessions.toSpliced(after === -1 ? sessions.length : after, 0, changed) };
}

export function withoutSession(controller: Controller, brokerId: BrokerId): Controller {
  return { ...controller, sessions: controller.sessions.filter((session) => session.brokerId !== brokerId) };
}

/** Exactly as old as the timeout is still valid. Source: BrokerHeartbeatTracker.isExpired. */
export function hasValidSession(
  { lastContactTimeMs }: BrokerSession,
  nowMs: number,
  { brokerSessionTimeoutMs }: ControllerSettings,
): boolean {
  return lastContactTimeMs !== null && nowMs <= lastContactTimeMs + brokerSessionTimeoutMs;
}

/** The first millisecond at which a session has ended; null while none runs. */
export function sessionEndMs(
  { lastContactTimeMs }: BrokerSession,
  { brokerSessionTimeoutMs }: ControllerSettings,
): number | null {
  return lastContactTimeMs === null ? null : lastContactTimeMs + brokerSessionTimeoutMs + 1;
}

/**
 * How far every active broker has read the metadata log; +∞ when no broker is active. Brokers that shut down do not
 * count. Source: BrokerHeartbeatManager.lowestActiveOffset.
 */
export function lowestActiveOffset({ sessions }: Pick<Controller, "sessions">, image: MetadataImage): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (const { brokerId, metadataOffset } of sessions)
    if (isActive(image, brokerId)) lowest = Math.min(lowest, metadataOffset);
  return lowest;
}
