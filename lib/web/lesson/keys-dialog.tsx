import { Modal } from "../parts/modal.js";
import { commands } from "./commands.js";
import { describeKey } from "./keymap.js";
import { useNotebook } from "./notebook-context.js";

/** Every key there is, from the same table the keys come from. */
export function KeysDialog() {
  const { dialog } = useNotebook();
  if (dialog.value !== "keys") return null;
  const close = () => {
    dialog.value = undefined;
  };
  const groups = [...new Set(commands.map(({ group }) => group))];
  return (
    <Modal label="Keys" onClose={close} className="keys">
      <h2>Keys</h2>
      <p>
        Single letters work while a cell has the focus and its text has not: <kbd>Esc</kbd> leaves the text,{" "}
        <kbd>Enter</kbd> goes into it.
      </p>
      <div class="keys-groups">
        {groups.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {commands
                .filter((command) => command.group === group && command.keys.length > 0)
                .map((command) => (
                  <div key={command.id}>
                    <dt>
                      {command.keys.map((key) => (
                        <kbd key={key}>{describeKey(key)}</kbd>
                      ))}
                    </dt>
                    <dd>{command.title}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <p class="button-row">
        <button type="button" onClick={close}>
          Close
        </button>
      </p>
    </Modal>
  );
}
