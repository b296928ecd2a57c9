import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

interface ScrollAreaProps {
  /** What is in it, for those who cannot see that it goes on. */
  readonly label: string;
  readonly class: string;
  readonly children: ComponentChildren;
}

/** Preformatted text that may be larger than its place. Only then is it a stop of the Tab key, to be scrolled by keys. */
export function ScrollArea({ label, class: className, children }: ScrollAreaProps) {
  const element = useRef<HTMLPreElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useLayoutEffect(() => {
    const area = element.current;
    if (area === null) return undefined;
    const measure = () =>
      setScrolls(area.scrollWidth > area.clientWidth + 1 || area.scrollHeight > area.clientHeight + 1);
    const observer = new ResizeObserver(measure);
    observer.observe(area);
    measure();
    return () => observer.disconnect();
  });
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: the label and the role come and go together
    <pre
      ref={element}
      class={className}
      tabIndex={scrolls ? 0 : undefined}
      role={scrolls ? "region" : undefined}
      aria-label={scrolls ? label : undefined}
    >
      {children}
    </pre>
  );
}
