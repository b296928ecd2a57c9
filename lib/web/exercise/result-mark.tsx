import type { Verdict } from "../../exercise/verdict.js";
import { CrossIcon, QuestionIcon, TickIcon } from "../parts/icons.js";

/** How something ended: colour, shape, and for those who see neither, the word. */
export function ResultMark({ result }: { result: Verdict["result"] }) {
  const words = { pass: "holds", fail: "does not hold", inconclusive: "unknown", ungradable: "cannot be graded" };
  return (
    <span class={`result-mark result-${result}`}>
      {result === "pass" ? <TickIcon /> : result === "fail" ? <CrossIcon /> : <QuestionIcon />}
      <span class="visually-hidden">{words[result]}: </span>
    </span>
  );
}
