import type { Counterexample, RequirementVerdict, Verdict } from "../../exercise/verdict.js";
import { QuestionIcon } from "../parts/icons.js";
import { sandboxAddress } from "../replay/links.js";
import { Because } from "./because.js";
import { CounterexampleView } from "./counterexample-view.js";
import { ResultMark } from "./result-mark.js";

/** Enough to tell two verdicts apart at a glance; the whole is in the tooltip and in `--json`. */
const hashLength = 12;

const titles: Readonly<Record<Verdict["result"], string>> = {
  pass: "It holds",
  fail: "Not yet",
  ungradable: "This answer cannot be graded",
  inconclusive: "No answer within the budget",
};

/** What the grader found. A pass says as much as a failure: how far it looked, and what would break it next. */
export function VerdictView({ verdict, elapsedMs }: { verdict: Verdict; elapsedMs: number }) {
  const lead = verdict.result === "pass" ? undefined : verdict.requirements.find(({ result }) => result !== "pass");
  const others = verdict.requirements.filter((requirement) => requirement !== lead);
  return (
    <section class={`verdict verdict-${verdict.result}`} aria-label="Verdict">
      {lead === undefined ? (
        <header class="verdict-head">
          <ResultMark result={verdict.result} />
          <h2>{titles[verdict.result]}</h2>
        </header>
      ) : (
        <div class="verdict-lead">
          <Requirement requirement={lead} isLead />
        </div>
      )}
      {verdict.problems.length > 0 && <Problems verdict={verdict} />}
      <RequirementList requirements={others} told={lead?.counterexample ?? null} />
      {verdict.calibration !== undefined && <p class="searched">{verdict.calibration.sentence}</p>}
      <Belief verdict={verdict} />
      <footer class="verdict-foot">
        {verdict.result !== "ungradable" && <strong>{`${verdict.points} of ${verdict.outOf} points`}</strong>}
        <span>{`${(elapsedMs / 1000).toFixed(1)} s`}</span>
        <span>{hiddenWords(verdict)}</span>
        <span class="verdict-hash" title={`A function of exercise, answer, seed and version: ${verdict.hash}`}>
          {verdict.hash.slice(0, hashLength)}
        </span>
      </footer>
    </section>
  );
}

interface RequirementListProps {
  readonly requirements: readonly RequirementVerdict[];
  /** The run that stands above the list; it is not told twice. */
  readonly told: Counterexample | null;
}

/** Each requirement with how it ended, why, and how far was looked. */
export function RequirementList({ requirements, told }: RequirementListProps) {
  return (
    <ul class="requirements">
      {requirements.map((requirement) => (
        <li key={requirement.id}>
          <Requirement requirement={requirement} told={told} />
        </li>
      ))}
    </ul>
  );
}

interface RequirementProps {
  readonly requirement: RequirementVerdict;
  readonly isLead?: boolean;
  readonly told?: Counterexample | null;
}

function Requirement({ requirement, isLead = false, told = null }: RequirementProps) {
  const { sentence, concern, result, points, outOf, counterexample, searched, next, fields } = requirement;
  const isTold = counterexample !== null && isSameRun(counterexample, told);
  return (
    <div class={`requirement requirement-${result}`}>
      <div class="requirement-head">
        <ResultMark result={result} />
        {isLead ? <h2>{sentence}</h2> : <span class="requirement-sentence">{sentence}</span>}
        <span class="requirement-points">{`${concern} · ${points} of ${outOf}`}</span>
      </div>
      {counterexample !== null && !isTold && <CounterexampleView counterexample={counterexample} />}
      {isTold && <p class="searched">The run is the one above.</p>}
      {fields.length > 0 && <Fields fields={fields} />}
      <p class="searched">
        {searched}
        {next !== null && <span class="next-break"> {next}</span>}
      </p>
    </div>
  );
}

/** Equal in all that is shown of them: another conclusion about the same run is worth reading. */
function isSameRun(one: Counterexample, other: Counterexample | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function Fields({ fields }: { fields: RequirementVerdict["fields"] }) {
  return (
    <ul class="field-verdicts">
      {fields.map(({ field, answered, expected, right, because }) => (
        <li key={field} class={right ? "field-right" : "field-wrong"}>
          <ResultMark result={right ? "pass" : "fail"} />
          <span class="field-name">{field}</span>
          {!right && <s>{answered ?? "nothing"}</s>}
          <strong>{expected}</strong>
          {!right && <Because because={because} />}
        </li>
      ))}
    </ul>
  );
}

function Belief({ verdict }: { verdict: Verdict }) {
  const [belief] = verdict.misconceptions;
  if (belief === undefined && verdict.question === null) return null;
  return (
    <div class="belief">
      {belief !== undefined && (
        <div>
          <p>
            You may believe: <q>{belief.belief}</q>
          </p>
          <p class="belief-answer">{belief.explanation}</p>
          {belief.scenario !== null && (
            <a href={sandboxAddress("/sandbox", { text: belief.scenario })}>Two minutes on that</a>
          )}
        </div>
      )}
      {verdict.question !== null && (
        <p class="belief-question">
          <QuestionIcon />
          <span>{verdict.question}</span>
        </p>
      )}
    </div>
  );
}

function Problems({ verdict }: { verdict: Verdict }) {
  return (
    <ul class="problems">
      {verdict.problems.map(({ file, line, column, what, why, remedy }) => (
        <li key={`${line} ${column} ${what}`}>
          <p>
            <strong>{what}</strong> {why}
          </p>
          <p>{remedy}</p>
          {line !== null && (
            <p class="muted">{column === null ? `${file}, line ${line}` : `${file}, line ${line}, column ${column}`}</p>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Shape, colour and word for how something ended. */
function hiddenWords({ hidden }: Verdict): string {
  if (hidden.run) return `hidden checks: ${hidden.passed} of ${hidden.of}`;
  return hidden.of === 0 ? "" : "hidden checks are not run here";
}
