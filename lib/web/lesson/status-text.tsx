import { signal } from "@preact/signals";
import type { WireKernel } from "../../server/wire.js";
import { useNotebook } from "./notebook-context.js";

const kernelWords: Readonly<Record<WireKernel["status"], string>> = {
  none: "Kernel starts with the first run",
  culled: "Kernel asleep",
  starting: "Kernel starting",
  idle: "Kernel ready",
  busy: "Kernel running",
  unresponsive: "Kernel does not answer",
  restarting: "Kernel restarting",
  dead: "Kernel ended",
  closed: "Kernel ended",
};

const shapes: Readonly<Record<WireKernel["status"], string>> = {
  none: "○",
  culled: "○",
  starting: "◐",
  idle: "●",
  busy: "◐",
  unresponsive: "◐",
  restarting: "◐",
  dead: "✗",
  closed: "✗",
};

/** The kernel's state as a shape and a word. */
export function KernelStatusText() {
  const { status } = useNotebook().session.kernel.value;
  return (
    <span class={`kernel-status kernel-${status}`} role="status">
      <span aria-hidden="true">{shapes[status]} </span>
      {kernelWords[status]}
    </span>
  );
}

const nowMs = signal(Date.now());
window.setInterval(() => {
  nowMs.value = Date.now();
}, 10_000);

/** Whether what was typed is safe: the one thing people look for. */
export function SaveStatusText() {
  const { session } = useNotebook();
  const connection = session.stream.connection.value;
  const isAway = connection === "offline" || connection === "refused" || session.outbox.isStuck.value;
  if (connection === "refused") {
    return <span class="save-status save-bad">Signed out. Open the address from the terminal again.</span>;
  }
  if (isAway) {
    const kept = session.outbox.isPending.value
      ? "your changes are kept here and sent when it is back"
      : "trying again";
    return <span class="save-status save-bad" role="status">{`Server not reached; ${kept}`}</span>;
  }
  if (session.saveProblem.value !== undefined) {
    return (
      <span class="save-status save-bad" role="alert">
        {session.saveProblem.value}
      </span>
    );
  }
  if (session.outbox.isPending.value) return <span class="save-status">Saving</span>;
  const saved = session.savedAtMs.value;
  if (saved === undefined) return <span class="save-status" />;
  const ageMs = nowMs.value - saved;
  const clock = new Date(saved).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return <span class="save-status">{ageMs < 15_000 ? "Saved" : `Saved ${clock}`}</span>;
}
