import type { AnswerField, AnswerInput, AnswerOption } from "../../server/services.js";
import { type AnswerValue, readValue, syntaxProblem, writeValue } from "./answer-text.js";
import type { ExerciseSession } from "./exercise-session.js";
import { OrderInput } from "./order-input.js";

/** The answer as a form. Every field is a key of the YAML text; changing one changes the text, and the other way round. */
export function AnswerForm({ session }: { session: ExerciseSession }) {
  const text = session.text.value;
  const problem = syntaxProblem(text);
  if (problem !== undefined) {
    return (
      <p class="form-problem" role="alert">
        {`The text is not YAML at the moment (line ${problem.line}: ${problem.message}). Mend it in the YAML view, then the form is back.`}
      </p>
    );
  }
  return (
    <div class="answer-form">
      {session.exercise.form.map((section) => (
        <fieldset key={section.title}>
          <legend>{section.title}</legend>
          {section.fields.map((field) => (
            <Field
              key={field.path.join(".")}
              field={field}
              value={readValue(text, field.path)}
              onChange={(value) => session.write(writeValue(session.text.value, field.path, value))}
            />
          ))}
        </fieldset>
      ))}
    </div>
  );
}

interface FieldProps {
  readonly field: AnswerField;
  readonly value: AnswerValue | undefined;
  readonly onChange: (value: AnswerValue | undefined) => void;
}

function Field({ field, value, onChange }: FieldProps) {
  const id = `field-${field.path.join("-").replaceAll(/[^\w-]/g, "-")}`;
  const help = [field.help, field.defaultText === undefined ? undefined : `Default: ${field.defaultText}.`]
    .filter((part) => part !== undefined)
    .join(" ");
  const input = <FieldInput id={id} field={field} value={value} onChange={onChange} hasHelp={help !== ""} />;
  const helpText =
    help === "" ? null : (
      <p class="field-help" id={`${id}-help`}>
        {help}
      </p>
    );
  // A key reads as code, a question as prose.
  const labelClass = /^[a-z][\w.]*$/.test(field.label) ? "field-label field-key" : "field-label";
  if (isGroup(field.input)) {
    return (
      <fieldset class="field">
        <legend class={labelClass}>{field.label}</legend>
        {input}
        {helpText}
      </fieldset>
    );
  }
  return (
    <div class="field">
      <label class={labelClass} for={id}>
        {field.label}
      </label>
      {input}
      {helpText}
    </div>
  );
}

function FieldInput({ id, field, value, onChange, hasHelp }: FieldProps & { id: string; hasHelp: boolean }) {
  const { input } = field;
  const described = hasHelp ? `${id}-help` : undefined;
  switch (input.type) {
    case "integer":
      return (
        <span class="field-number">
          <input
            id={id}
            type="number"
            step="1"
            min={input.minimum}
            max={input.maximum}
            value={value === undefined ? "" : String(value)}
            placeholder={field.defaultText}
            aria-describedby={described}
            onInput={(event) => onChange(integerOf(event.currentTarget.value))}
          />
          {input.unit !== undefined && <span class="muted">{input.unit}</span>}
        </span>
      );
    case "boolean":
      return (
        <OptionSelect
          id={id}
          options={[
            { value: true, label: "true" },
            { value: false, label: "false" },
          ]}
          value={value}
          onChange={onChange}
          described={described}
        />
      );
    case "one-of":
      return <OptionSelect id={id} options={input.options} value={value} onChange={onChange} described={described} />;
    case "some-of":
      return <OptionBoxes options={input.options} value={value} onChange={onChange} />;
    case "order":
      return <OrderInput options={input.options} value={listOf(value)} onChange={onChange} />;
    case "text":
      return (
        <input
          id={id}
          type="text"
          value={value === undefined ? "" : String(value)}
          placeholder={input.placeholder}
          aria-describedby={described}
          onInput={(event) => onChange(event.currentTarget.value === "" ? undefined : event.currentTarget.value)}
        />
      );
    case "scenario":
      return (
        <textarea
          id={id}
          rows={8}
          spellcheck={false}
          value={value === undefined ? "" : String(value)}
          aria-describedby={described}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      );
  }
}

interface OptionProps {
  readonly options: readonly AnswerOption[];
  readonly value: AnswerValue | undefined;
  readonly onChange: (value: AnswerValue | undefined) => void;
}

/** Inputs that are several controls: their label is a legend. */
function isGroup(input: AnswerInput): boolean {
  return input.type === "some-of" || input.type === "order" || (input.type === "one-of" && isLong(input.options));
}

function isLong(options: readonly AnswerOption[]): boolean {
  return options.some(({ label }) => label.length > 24);
}

/** Short choices in a list to open, long ones below each other. */
function OptionSelect({
  id,
  options,
  value,
  onChange,
  described,
}: OptionProps & { id: string; described: string | undefined }) {
  if (isLong(options)) {
    return (
      <span class="option-list">
        {options.map((option) => (
          <label key={String(option.value)}>
            <input type="radio" name={id} checked={option.value === value} onChange={() => onChange(option.value)} />
            <span>{option.label}</span>
          </label>
        ))}
      </span>
    );
  }
  const known = options.findIndex((option) => option.value === value);
  return (
    <select
      id={id}
      value={known === -1 ? "" : String(known)}
      aria-describedby={described}
      onChange={(event) => onChange(options[Number(event.currentTarget.value)]?.value)}
    >
      <option value="">{value === undefined ? "left out" : `${String(value)} (not one of these)`}</option>
      {options.map((option, index) => (
        <option key={String(option.value)} value={String(index)}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

function OptionBoxes({ options, value, onChange }: OptionProps) {
  const chosen = listOf(value);
  return (
    <span class="option-list">
      {options.map((option) => (
        <label key={String(option.value)}>
          <input
            type="checkbox"
            checked={chosen.includes(option.value)}
            onChange={(event) => {
              const others = chosen.filter((other) => other !== option.value);
              onChange(event.currentTarget.checked ? [...others, option.value] : others);
            }}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </span>
  );
}

function listOf(value: AnswerValue | undefined): readonly (string | number | boolean)[] {
  return Array.isArray(value) ? value : [];
}

/** Keeps what is not a whole number as text: the grader says what is wrong with it, and nothing typed disappears. */
function integerOf(text: string): AnswerValue | undefined {
  if (text === "") return undefined;
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}
