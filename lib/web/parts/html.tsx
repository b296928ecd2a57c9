import { useLayoutEffect, useRef } from "preact/hooks";

/** HTML from the server's own markdown renderer, which lets none of the text's HTML through. */
export function Html({ html, class: className }: { html: string; class: string }) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (element.current !== null) element.current.innerHTML = html;
  }, [html]);
  return <div class={className} ref={element} />;
}
