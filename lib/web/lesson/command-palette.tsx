import { useEffect, useRef, useState } from "preact/hooks";
import { Modal } from "../parts/modal.js";
import { type Command, commands } from "./commands.js";
import { describeKey } from "./keymap.js";
import { useNotebook } from "./notebook-context.js";

/** All commands by name: type a few letters, Enter does it. */
export function CommandPalette() {
  const context = useNotebook();
  if (context.dialog.value !== "palette") return null;
  const close = () => {
    context.dialog.value = undefined;
  };
  return (
    <Modal label="All commands" onClose={close} className="palette">
      <PaletteList
        onChoose={(command) => {
          close();
          // After the dialog has given the keyboard back.
          setTimeout(() => command.run(context));
        }}
      />
    </Modal>
  );
}

function PaletteList({ onChoose }: { onChoose: (command: Command) => void }) {
  const [query, setQuery] = useState("");
  const [index, setIndex] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const found = commands.filter((command) => matches(command, query) && command.id !== "palette");
  const current = Math.min(index, Math.max(0, found.length - 1));
  useEffect(() => {
    list.current?.children[current]?.scrollIntoView({ block: "nearest" });
  }, [current]);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setIndex((current + step + found.length) % Math.max(1, found.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      const chosen = found[current];
      if (chosen !== undefined) onChoose(chosen);
    }
  };
  return (
    <>
      <input
        type="text"
        role="combobox"
        aria-label="Command"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found[current] === undefined ? undefined : `palette-${found[current].id}`}
        aria-autocomplete="list"
        placeholder="What would you like to do?"
        autocomplete="off"
        value={query}
        onInput={(event) => {
          setQuery(event.currentTarget.value);
          setIndex(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div role="listbox" id="palette-list" aria-label="Commands" ref={list}>
        {found.map((command, position) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard stays in the input, as a combobox wants it
          // biome-ignore lint/a11y/useFocusableInteractive: see above
          <div
            key={command.id}
            id={`palette-${command.id}`}
            role="option"
            aria-selected={position === current}
            onClick={() => onChoose(command)}
            onPointerMove={() => setIndex(position)}
          >
            <span>{command.title}</span>
            <span class="palette-group">{command.group}</span>
            {command.keys[0] === undefined ? <span /> : <kbd>{describeKey(command.keys[0])}</kbd>}
          </div>
        ))}
      </div>
      {found.length === 0 && <p class="palette-none">No command has this in its name.</p>}
    </>
  );
}

function matches({ title, group }: Command, query: string): boolean {
  const text = `${title} ${group}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
