import { createElement } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { ScrollArea } from "../parts/scroll-area.js";

const elementName = "highwater-replay";

interface ReplayElement extends HTMLElement {
  trace: unknown;
}

/**
 * A run of the model. Where the replay viewer is part of the page it plays the run; until it is loaded, and wherever it
 * is not, the run stands there as text.
 */
export function TraceOutput({ trace, text, step }: { trace: unknown; text: string; step?: number }) {
  const [isReady, setReady] = useState(() => customElements.get(elementName) !== undefined);
  const element = useRef<ReplayElement>(null);
  useEffect(() => {
    let isCurrent = true;
    void import("../replay/element.js");
    void customElements.whenDefined(elementName).then(() => isCurrent && setReady(true));
    return () => {
      isCurrent = false;
    };
  }, []);
  useEffect(() => {
    if (element.current === null) return;
    if (step === undefined) element.current.removeAttribute("step");
    else element.current.setAttribute("step", String(step));
    element.current.trace = trace;
  }, [trace, step, isReady]);
  if (isReady) return createElement(elementName, { ref: element, class: "replay", sandbox: "/sandbox" });
  return (
    <ScrollArea class="output-text figure-text" label="The run as text">
      {text}
    </ScrollArea>
  );
}
