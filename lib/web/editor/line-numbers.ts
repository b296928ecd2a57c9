import { Compartment, type Extension } from "@codemirror/state";
import { lineNumbers, ViewPlugin } from "@codemirror/view";
import { effect, type Signal } from "@preact/signals";

/** Line numbers while `shown` says so. */
export function lineNumbersFrom(shown: Signal<boolean>): Extension {
  const compartment = new Compartment();
  const follow = ViewPlugin.define((view) => {
    const stop = effect(() => {
      const extension = shown.value ? lineNumbers() : [];
      // A plugin may not dispatch while the view is being made or updated.
      queueMicrotask(() => view.dispatch({ effects: compartment.reconfigure(extension) }));
    });
    return { destroy: stop };
  });
  return [compartment.of([]), follow];
}
