import type { PredictionState } from "./predictions.js";

export interface PredictionHandlers {
  readonly onAnswer: (answers: Readonly<Record<string, string>>) => void;
  readonly onSkip: () => void;
}

/** The keys of the questions in a rendered text. */
export function predictionKeys(root: ParentNode): readonly string[] {
  return [...root.querySelectorAll<HTMLElement>("[data-predict]")].map(({ dataset }) => dataset.predict ?? "");
}

/**
 * Turns a rendered question into something to answer, or shows how the answer compares. The blanks stand in the text
 * where their values belong; Enter in any of them reveals.
 */
export function showPrediction(
  section: HTMLElement,
  state: PredictionState | undefined,
  handlers: PredictionHandlers,
): void {
  const blanks = [...section.querySelectorAll<HTMLElement>(".blank")];
  // All are looked at before any is moved.
  for (const blank of blanks.filter(standsBare)) nameIt(blank);
  if (state === undefined) {
    const fields = blanks.map(fieldFor);
    for (const reveal of revealsOf(section)) reveal.hidden = true;
    section.append(buttons(fields, handlers));
    return;
  }
  section.classList.add(state.isSkipped ? "predict-skipped" : "predict-answered");
  for (const blank of blanks) showOutcome(blank, state);
  for (const reveal of revealsOf(section)) reveal.open = true;
  section.append(sentence(blanks, state));
}

/** Blanks without a sentence around them need their names shown to be told apart. */
function standsBare(blank: HTMLElement): boolean {
  const around = [...(blank.parentElement?.childNodes ?? [])];
  return around.every((node) =>
    node instanceof HTMLElement ? node.matches(".blank") : node.textContent?.trim() === "",
  );
}

function nameIt(blank: HTMLElement): void {
  const named = document.createElement("span");
  named.className = "predict-named";
  named.textContent = `${blank.dataset.blank ?? ""} `;
  blank.replaceWith(named);
  named.append(blank);
}

function fieldFor(blank: HTMLElement): HTMLInputElement | HTMLSelectElement {
  const name = blank.dataset.blank ?? "";
  const choices = choicesOf(blank);
  const field = document.createElement(choices === undefined ? "input" : "select");
  field.className = "predict-field";
  field.name = name;
  field.setAttribute("aria-label", name);
  if (field instanceof HTMLInputElement) {
    field.type = "text";
    field.autocomplete = "off";
    field.size = Math.max(4, (blank.dataset.answer ?? "").length + 2);
  } else {
    for (const choice of ["", ...(choices ?? [])]) field.add(new Option(choice === "" ? "…" : choice, choice));
  }
  blank.replaceWith(field);
  return field;
}

function buttons(
  fields: readonly (HTMLInputElement | HTMLSelectElement)[],
  { onAnswer, onSkip }: PredictionHandlers,
): HTMLElement {
  const row = document.createElement("p");
  row.className = "button-row";
  const answer = row.appendChild(document.createElement("button"));
  answer.type = "button";
  answer.className = "button-primary";
  answer.textContent = fields.length === 0 ? "I have an answer in mind" : "This is my prediction";
  const submit = () => {
    const empty = fields.find((field) => field.value.trim() === "");
    if (empty !== undefined) empty.focus();
    else onAnswer(Object.fromEntries(fields.map((field) => [keyOf(field.name), field.value.trim()])));
  };
  answer.addEventListener("click", submit);
  for (const field of fields) {
    field.addEventListener("keydown", (event) => {
      if (!(event instanceof KeyboardEvent) || event.key !== "Enter") return;
      event.preventDefault();
      submit();
    });
  }
  const skip = row.appendChild(document.createElement("button"));
  skip.type = "button";
  skip.textContent = "Skip";
  skip.addEventListener("click", onSkip);
  return row;
}

/** A right value settles; a wrong one stays, struck through, beside the real one. */
function showOutcome(blank: HTMLElement, state: PredictionState): void {
  const given = state.answers[keyOf(blank.dataset.blank ?? "")];
  const right = blank.dataset.answer;
  blank.textContent = "";
  if (right === undefined) {
    blank.textContent = given ?? "____";
    return;
  }
  const value = document.createElement("strong");
  value.textContent = right;
  if (given === undefined) {
    blank.append(value);
    return;
  }
  const isRight = sameAnswer(given, right);
  blank.classList.add(isRight ? "blank-right" : "blank-wrong");
  if (!isRight) blank.appendChild(document.createElement("s")).textContent = given;
  blank.append(value, isRight ? " ✓" : " ✗");
}

function sentence(blanks: readonly HTMLElement[], state: PredictionState): HTMLElement {
  const element = document.createElement("p");
  element.className = "predict-sum";
  const asked = blanks.filter(({ dataset }) => dataset.answer !== undefined);
  const right = asked.filter(({ classList }) => classList.contains("blank-right")).length;
  if (state.isSkipped) element.textContent = "You skipped this one.";
  else if (asked.length === 0) element.textContent = "Now compare.";
  else element.textContent = right === asked.length ? "You were right." : `${right} of ${asked.length} as you said.`;
  return element;
}

/** The explanation stands inside the question or right behind it. */
function revealsOf(section: HTMLElement): readonly HTMLDetailsElement[] {
  const inside = [...section.querySelectorAll<HTMLDetailsElement>("details.reveal")];
  const next = section.nextElementSibling;
  return next instanceof HTMLDetailsElement && next.classList.contains("reveal") ? [...inside, next] : inside;
}

function choicesOf(blank: HTMLElement): readonly string[] | undefined {
  const { choices } = blank.dataset;
  return choices === undefined ? undefined : (JSON.parse(choices) as string[]); // written by the markdown renderer
}

/** `2,3` and `{2, 3}` say the same. */
function sameAnswer(given: string, right: string): boolean {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[\s{}[\]]/g, "");
  return plain(given) === plain(right);
}

/** A field's name as the server keeps it. */
function keyOf(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]+/g, "-");
}
