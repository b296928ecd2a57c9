import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface ModalProps {
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly className?: string;
}

/** A dialog the reader asked for: keeps the keyboard inside, closes on Escape and on a click beside it. */
export function Modal({ label, onClose, children, className = "" }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOver = useRef(false);
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => {
      isOver.current = true;
      shown?.close();
    };
  }, []);
  // The browser tells of a close only later, when the next key may have opened another dialog: it is told at once here.
  const leave = () => {
    if (isOver.current) return;
    isOver.current = true;
    dialog.current?.close();
    onClose();
  };
  return (
    <dialog
      ref={dialog}
      class={`modal ${className}`}
      aria-label={label}
      onClose={leave}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        leave();
      }}
      onClick={(event) => event.target === event.currentTarget && leave()}
    >
      <div class="modal-body">{children}</div>
    </dialog>
  );
}
