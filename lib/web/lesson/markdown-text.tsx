import { useLayoutEffect, useRef } from "preact/hooks";
import type { LiveCell } from "./live-cell.js";

/** Rendered prose. The server's renderer lets no HTML of the text through, and the page's policy runs no script in it. */
export function MarkdownText({ cell }: { cell: LiveCell }) {
  const element = useRef<HTMLDivElement>(null);
  const html = cell.html.value;
  useLayoutEffect(() => {
    if (element.current !== null) element.current.innerHTML = html;
  }, [html]);
  return <div class="prose" ref={element} />;
}
