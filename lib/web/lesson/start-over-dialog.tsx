import { Modal } from "../parts/modal.js";
import { useNotebook } from "./notebook-context.js";

/** Asks before the lesson is put back to the course's text. */
export function StartOverDialog() {
  const { dialog, session } = useNotebook();
  if (dialog.value !== "start-over") return null;
  const close = () => {
    dialog.value = undefined;
  };
  return (
    <Modal label="Start this lesson over" onClose={close}>
      <h2>Start this lesson over?</h2>
      <p>
        The lesson is as the course has it again, and the kernel starts fresh. Your present copy is kept beside it under
        a dated name, so nothing is lost.
      </p>
      <p class="button-row">
        <button
          type="button"
          onClick={() => {
            close();
            void session.startOver();
          }}
        >
          Start over
        </button>
        <button type="button" onClick={close}>
          Leave it
        </button>
      </p>
    </Modal>
  );
}
