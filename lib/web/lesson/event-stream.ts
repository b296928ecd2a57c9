import { signal } from "@preact/signals";
import type { DocumentEvent } from "../../server/wire.js";

export type Connection = "live" | "connecting" | "offline" | "refused";

/** Nothing heard for this long, not even a heartbeat: the connection is dead although nobody said so. */
const silenceMaxMs = 25_000;
/** A tab in the background gives its connection back: browsers allow only six to one server. */
const hiddenMaxMs = 60_000;
const reconnectMs = 700;

/**
 * The lesson's events, in order and without a gap. Reconnects by itself and goes on after the last event it saw.
 */
export class EventStream {
  readonly connection = signal<Connection>("connecting");
  private source: EventSource | undefined;
  private lastHeardMs = 0;
  private hiddenTimer: number | undefined;
  private reconnectTimer: number | undefined;

  constructor(
    private readonly path: string,
    private lastEventId: string,
    private readonly onEvent: (event: DocumentEvent) => void,
    private readonly onOpen: () => void,
  ) {
    this.open();
    window.setInterval(() => this.watch(), 5_000);
    document.addEventListener("visibilitychange", () => this.onVisibility());
    window.addEventListener("online", () => this.reopen());
    window.addEventListener("pagehide", () => this.source?.close());
    window.addEventListener("pageshow", (event) => event.persisted && this.reopen());
  }

  /** Names the life of the server that the last event came from. */
  get epoch(): string {
    return this.lastEventId.slice(0, this.lastEventId.lastIndexOf("-"));
  }

  /** Connects now instead of at the next try. */
  reopen(): void {
    this.source?.close();
    this.open();
  }

  private open(): void {
    window.clearTimeout(this.reconnectTimer);
    const source = new EventSource(`${this.path}?after=${encodeURIComponent(this.lastEventId)}`);
    this.source = source;
    this.lastHeardMs = Date.now();
    source.onopen = () => {
      this.heard();
      this.connection.value = "live";
      this.onOpen();
    };
    source.onmessage = (message: MessageEvent<string>) => {
      this.heard();
      this.lastEventId = message.lastEventId;
      this.onEvent(JSON.parse(message.data) as DocumentEvent); // written by lib/server/routes/event-routes.ts
    };
    source.addEventListener("heartbeat", () => this.heard());
    source.onerror = () => {
      // Reconnecting ourselves keeps the pace even and the last id in one place.
      source.close();
      if (this.source !== source) return;
      this.connection.value = "offline";
      this.reconnectTimer = window.setTimeout(() => void this.comeBack(), reconnectMs);
    };
  }

  /** An event source does not say why it failed, so a plain request asks: gone for a while, or signed out for good? */
  private async comeBack(): Promise<void> {
    const response = await fetch("/api/status", { credentials: "same-origin" }).catch(() => undefined);
    if (response?.status === 403) this.connection.value = "refused";
    else if (response?.ok) this.open();
    else this.reconnectTimer = window.setTimeout(() => void this.comeBack(), reconnectMs);
  }

  private heard(): void {
    this.lastHeardMs = Date.now();
  }

  private watch(): void {
    if (this.connection.value === "live" && Date.now() - this.lastHeardMs > silenceMaxMs) this.reopen();
  }

  private onVisibility(): void {
    window.clearTimeout(this.hiddenTimer);
    if (document.visibilityState === "hidden") {
      this.hiddenTimer = window.setTimeout(() => {
        this.source?.close();
        this.source = undefined;
        this.connection.value = "connecting";
      }, hiddenMaxMs);
    } else if (this.source === undefined) this.open();
  }
}
