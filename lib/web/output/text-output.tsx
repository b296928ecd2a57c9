import { memo } from "preact/compat";
import { ScrollArea } from "../parts/scroll-area.js";
import { parseAnsi } from "./ansi.js";

/** Long texts are drawn in blocks of this many lines, so that one more line does not draw all the others again. */
const linesPerBlock = 200;

/** What a cell printed. */
export function TextOutput({ text, stream }: { text: string; stream: "stdout" | "stderr" | "plain" }) {
  return (
    <ScrollArea class={`output-text output-${stream}`} label="Output">
      {blocksOf(text).map((block, index) => (
        // Blocks only ever grow at the end
        <AnsiText key={index} text={block} />
      ))}
    </ScrollArea>
  );
}

export const AnsiText = memo(({ text }: { text: string }) => (
  <>
    {parseAnsi(text).map(({ text: part, className, color, background }, index) =>
      className === "" && color === undefined && background === undefined ? (
        part
      ) : (
        <span
          // Spans have no identity of their own
          key={index}
          class={className}
          style={{ ...(color ? { color } : {}), ...(background ? { background } : {}) }}
        >
          {part}
        </span>
      ),
    )}
  </>
));

function blocksOf(text: string): readonly string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const blocks: string[] = [];
  for (let at = 0; at < lines.length; at += linesPerBlock) {
    const isLast = at + linesPerBlock >= lines.length;
    blocks.push(lines.slice(at, at + linesPerBlock).join("\n") + (isLast ? "" : "\n"));
  }
  return blocks;
}
