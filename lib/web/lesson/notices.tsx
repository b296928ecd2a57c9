import { CrossIcon } from "../parts/icons.js";
import { useNotebook } from "./notebook-context.js";

/** Sentences that need to be seen: what happened to the kernel, what was merged, what did not go through. */
export function Notices() {
  const { session } = useNotebook();
  const { status, message } = session.kernel.value;
  return (
    <div class="notices" aria-live="polite">
      {message !== undefined && (
        <div class="notice">
          <p>{message}</p>
          {status === "dead" && (
            <button type="button" onClick={() => session.restart()}>
              Restart the kernel
            </button>
          )}
        </div>
      )}
      {session.notices.value.map((notice) => (
        <div class="notice" key={notice}>
          <p>{notice}</p>
          <button type="button" class="icon-button" aria-label="Dismiss" onClick={() => session.dismiss(notice)}>
            <CrossIcon />
          </button>
        </div>
      ))}
    </div>
  );
}
