import { MoreIcon, RestartIcon, RunAllIcon, StopIcon } from "../parts/icons.js";
import { Menu } from "../parts/menu.js";
import { commands } from "./commands.js";
import { describeKey } from "./keymap.js";
import { type NotebookContext, useNotebook } from "./notebook-context.js";
import { runAll } from "./run-commands.js";
import { KernelStatusText, SaveStatusText } from "./status-text.js";

/** What concerns the lesson as a whole; stays at the top while one reads. */
export function LessonToolbar() {
  const context = useNotebook();
  const { session } = context;
  const isBusy = session.codeCells().some((id) => {
    const mark = session.cell(id)?.run.value.mark;
    return mark === "running" || mark === "queued";
  });
  return (
    <div class="toolbar" role="toolbar" aria-label="Lesson">
      <div class="toolbar-inner">
        {isBusy ? (
          <button type="button" class="tool" onClick={() => void session.interrupt()}>
            <StopIcon />
            <span>Interrupt</span>
          </button>
        ) : (
          <button type="button" class="tool" onClick={() => runAll(context)}>
            <RunAllIcon />
            <span>Run all</span>
          </button>
        )}
        <button
          type="button"
          class="tool"
          onClick={() => session.restart()}
          title="Restart the kernel: its variables are forgotten, your text and outputs stay"
        >
          <RestartIcon />
          <span>Restart</span>
        </button>
        <span class="toolbar-status">
          <KernelStatusText />
          <SaveStatusText />
        </span>
        <LessonMenu context={context} />
      </div>
    </div>
  );
}

const inMenu = [
  "palette",
  "run-to-here",
  "run-stale",
  "run-clean",
  "clear-all",
  "find",
  "keys",
  "download",
  "start-over",
];

function LessonMenu({ context }: { context: NotebookContext }) {
  return (
    <Menu label="More" icon={<MoreIcon />} align="end">
      <ul class="menu-list">
        {commands
          .filter(({ id }) => inMenu.includes(id))
          .map((command) => (
            <li key={command.id}>
              <button
                type="button"
                onClick={(event) => {
                  const details = event.currentTarget.closest("details");
                  if (details) details.open = false;
                  command.run(context);
                }}
              >
                <span>{command.title}</span>
                {command.keys[0] !== undefined && <kbd>{describeKey(command.keys[0])}</kbd>}
              </button>
            </li>
          ))}
      </ul>
    </Menu>
  );
}
