import { noticeKind, type Output, outputText } from "../../notebook/output.js";
import { ErrorOutput } from "./error-output.js";
import { HtmlOutput } from "./html-output.js";
import { PlotOutput } from "./plot-output.js";
import { SvgOutput } from "./svg-output.js";
import { TextOutput } from "./text-output.js";
import { TraceOutput } from "./trace-output.js";

export interface OutputPlace {
  /** Where the server gives this output as a document of its own. */
  readonly frameAddress: string;
  /** Where the whole of an output that was cut can be had. */
  readonly wholeAddress: string;
}

type Show = (value: unknown, output: Output, place: OutputPlace) => preact.JSX.Element | undefined;

/** From the richest form to the plainest; the first that is there is shown. */
const forms: readonly (readonly [mime: string, show: Show])[] = [
  ["application/vnd.highwater.trace+json", (value, output) => <TraceOutput trace={value} text={outputText(output)} />],
  ["application/vnd.plotly.v1+json", (value) => <PlotOutput value={value} />],
  ["image/svg+xml", (value, output) => textual(value, (svg) => <SvgOutput svg={svg} label={plainLabel(output)} />)],
  [
    "text/html",
    (value, _, place) =>
      textual(value, (html) => <HtmlOutput address={place.frameAddress} revision={revisionOf(html)} />),
  ],
  ["image/png", (value, output) => textual(value, (base64) => <Picture type="png" base64={base64} output={output} />)],
  [
    "image/jpeg",
    (value, output) => textual(value, (base64) => <Picture type="jpeg" base64={base64} output={output} />),
  ],
  ["text/plain", (value) => textual(value, (text) => <TextOutput text={text} stream="plain" />)],
  ["application/json", (value) => <TextOutput text={JSON.stringify(value, undefined, 2)} stream="plain" />],
];

/** One output of a cell in its richest form. */
export function OutputView({ output, place }: { output: Output; place: OutputPlace }) {
  if (output.output_type === "stream") return <TextOutput text={output.text} stream={output.name} />;
  if (output.output_type === "error") return <ErrorOutput error={output} />;
  const notice = noticeKind(output);
  if (notice !== undefined) {
    return (
      <p class={`output-note output-note-${notice}`}>
        {outputText(output)}
        {notice === "cut" && (
          <>
            {" "}
            <a href={place.wholeAddress} download>
              Download the whole
            </a>
          </>
        )}
      </p>
    );
  }
  for (const [mime, show] of forms) {
    const shown = mime in output.data ? show(output.data[mime], output, place) : undefined;
    if (shown !== undefined) return shown;
  }
  return <TextOutput text={outputText(output)} stream="plain" />;
}

function Picture({ type, base64, output }: { type: string; base64: string; output: Output }) {
  return (
    <img class="output-picture" src={`data:image/${type};base64,${base64}`} alt={plainLabel(output) || "Picture"} />
  );
}

function textual(value: unknown, show: (text: string) => preact.JSX.Element): preact.JSX.Element | undefined {
  return typeof value === "string" ? show(value) : undefined;
}

/** The plain text beside a picture says what is on it; a bare type name does not. */
function plainLabel(output: Output): string {
  const text = outputText(output);
  return text.startsWith("[") || text.length > 600 ? "" : text;
}

/** Changes when the text does, so that a frame is loaded again only then. */
function revisionOf(text: string): string {
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  return (hash >>> 0).toString(36);
}
