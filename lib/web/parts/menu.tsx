import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface MenuProps {
  readonly label: string;
  readonly icon: JSX.Element;
  readonly children: ComponentChildren;
  readonly align?: "start" | "end";
}

/** A button that shows a small panel; closes on Escape, on a click elsewhere, and when the focus leaves it. */
export function Menu({ label, icon, children, align = "start" }: MenuProps) {
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event) => {
      const element = details.current;
      if (element?.open && event.target instanceof Node && !element.contains(event.target)) element.open = false;
    };
    document.addEventListener("pointerdown", close);
    document.addEventListener("focusin", close);
    return () => {
      document.removeEventListener("pointerdown", close);
      document.removeEventListener("focusin", close);
    };
  }, []);
  return (
    <details
      class={`menu menu-${align}`}
      ref={details}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !event.currentTarget.open) return;
        event.currentTarget.open = false;
        event.currentTarget.querySelector("summary")?.focus();
        event.stopPropagation();
      }}
    >
      <summary class="icon-button" aria-label={label} title={label}>
        {icon}
      </summary>
      <div class="menu-panel">{children}</div>
    </details>
  );
}
