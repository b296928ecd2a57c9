import { useLayoutEffect, useRef } from "preact/hooks";

interface HtmlProps {
  /** From the server's own markdown renderer, which lets none of the text's HTML through. */
  readonly html: string;
  readonly class: string;
  /** Called for a link that is followed; true when it has been dealt with. */
  readonly onLink?: (href: string) => boolean;
}

export function Html({ html, class: className, onLink }: HtmlProps) {
  const element = useRef<HTMLDivElement>(null);
  const followed = useRef(onLink);
  followed.current = onLink;
  useLayoutEffect(() => {
    if (element.current !== null) element.current.innerHTML = html;
  }, [html]);
  useLayoutEffect(() => {
    const root = element.current;
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      if (link !== null && followed.current?.(link.getAttribute("href") ?? "")) event.preventDefault();
    };
    root?.addEventListener("click", onClick);
    return () => root?.removeEventListener("click", onClick);
  }, []);
  return <div class={className} ref={element} />;
}
