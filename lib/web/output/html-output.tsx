import { useEffect, useRef, useState } from "preact/hooks";
import { isDark } from "../parts/theme-menu.js";

const heightMaxPx = 4000;

/**
 * HTML a cell made, in a frame with an origin of its own: its scripts may run, but they reach neither this page nor its
 * cookie. The frame tells its height, and nothing else is heard from it.
 */
export function HtmlOutput({ address, revision }: { address: string; revision: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(0);
  const [dark, setDark] = useState(isDark);
  useEffect(() => {
    const onMessage = (event: MessageEvent<unknown>) => {
      if (event.source === null || event.source !== frame.current?.contentWindow) return;
      const { data } = event;
      if (typeof data !== "object" || data === null || !("highwaterFrameHeight" in data)) return;
      const told = Number(data.highwaterFrameHeight);
      if (Number.isFinite(told)) setHeight(Math.min(heightMaxPx, Math.max(0, Math.ceil(told))));
    };
    const onLooks = () => setDark(isDark());
    const system = matchMedia("(prefers-color-scheme: dark)");
    window.addEventListener("message", onMessage);
    document.addEventListener("highwater-looks", onLooks);
    system.addEventListener("change", onLooks);
    return () => {
      window.removeEventListener("message", onMessage);
      document.removeEventListener("highwater-looks", onLooks);
      system.removeEventListener("change", onLooks);
    };
  }, []);
  return (
    <iframe
      ref={frame}
      class="output-html"
      title="HTML output"
      sandbox="allow-scripts"
      src={`${address}?theme=${dark ? "dark" : "light"}&v=${revision}`}
      style={{ height: `${height}px` }}
    />
  );
}
