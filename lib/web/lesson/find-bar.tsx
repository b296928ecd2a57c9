import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { CrossIcon } from "../parts/icons.js";
import { focusCell } from "./cell-focus.js";
import { useNotebook } from "./notebook-context.js";

interface Match {
  readonly cell: string;
  readonly from: number;
}

/** Finds in the texts of all cells, also those that are not near the screen. */
export function FindBar() {
  const context = useNotebook();
  const { isFindOpen } = context;
  if (!isFindOpen.value) return null;
  return <OpenFindBar />;
}

function OpenFindBar() {
  const context = useNotebook();
  const { session, isFindOpen } = context;
  const input = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState("");
  const [index, setIndex] = useState(0);
  const order = session.order.value;
  const texts = order.map((id) => session.cell(id)?.text.doc.value.toString() ?? "").join("\u0000");
  const matches = useMemo(() => findAll(order, texts.split("\u0000"), query), [order, texts, query]);
  const current = matches[Math.min(index, matches.length - 1)];
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  useEffect(() => {
    if (current === undefined) return;
    document.getElementById(`cell-${current.cell}`)?.scrollIntoView({ block: "center" });
    const view = context.editors.get(current.cell);
    view?.dispatch({ selection: { anchor: current.from, head: current.from + query.length }, scrollIntoView: true });
  }, [current, query, context]);
  const go = (by: number) => setIndex((index + by + matches.length) % Math.max(1, matches.length));
  const close = () => {
    isFindOpen.value = false;
    const here = current?.cell ?? context.selection.cell.value;
    if (here !== undefined) focusCell(context, here);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the bar from any of its controls
    <div class="find-bar" onKeyDown={(event) => event.key === "Escape" && close()}>
      <label>
        <span class="visually-hidden">Find in this lesson</span>
        <input
          ref={input}
          type="search"
          placeholder="Find in this lesson"
          value={query}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            setIndex(0);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            go(event.shiftKey ? -1 : 1);
          }}
        />
      </label>
      <span class="find-count" role="status">
        {query === ""
          ? ""
          : matches.length === 0
            ? "Not found"
            : `${Math.min(index, matches.length - 1) + 1} of ${matches.length}`}
      </span>
      <button type="button" onClick={() => go(-1)} disabled={matches.length === 0}>
        Previous
      </button>
      <button type="button" onClick={() => go(1)} disabled={matches.length === 0}>
        Next
      </button>
      <button type="button" class="icon-button" aria-label="Close" onClick={close}>
        <CrossIcon />
      </button>
    </div>
  );
}

function findAll(order: readonly string[], texts: readonly string[], query: string): readonly Match[] {
  if (query === "") return [];
  const wanted = query.toLowerCase();
  return order.flatMap((cell, position) => {
    const text = (texts[position] ?? "").toLowerCase();
    const found: Match[] = [];
    for (let from = text.indexOf(wanted); from !== -1; from = text.indexOf(wanted, from + wanted.length)) {
      found.push({ cell, from });
    }
    return found;
  });
}
