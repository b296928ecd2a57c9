import type { AnswerOption } from "../../server/services.js";

interface OrderInputProps {
  readonly options: readonly AnswerOption[];
  readonly value: readonly (string | number | boolean)[];
  readonly onChange: (value: readonly (string | number | boolean)[]) => void;
}

/** Steps to be put into an order: those taken, with buttons to move them, and those left. A step may come twice. */
export function OrderInput({ options, value, onChange }: OrderInputProps) {
  const labelOf = (step: string | number | boolean) =>
    options.find((option) => option.value === step)?.label ?? String(step);
  const move = (index: number, by: number) => {
    const next = [...value];
    const [step] = next.splice(index, 1);
    if (step !== undefined) next.splice(index + by, 0, step);
    onChange(next);
  };
  return (
    <span class="order-input">
      <ol>
        {value.map((step, index) => (
          // A step may come twice; its place is what tells it apart
          <li key={index}>
            <span>{labelOf(step)}</span>
            <button
              type="button"
              disabled={index === 0}
              onClick={() => move(index, -1)}
              aria-label={`${labelOf(step)}: earlier`}
            >
              ↑
            </button>
            <button
              type="button"
              disabled={index === value.length - 1}
              onClick={() => move(index, 1)}
              aria-label={`${labelOf(step)}: later`}
            >
              ↓
            </button>
            <button
              type="button"
              onClick={() => onChange(value.filter((_, place) => place !== index))}
              aria-label={`${labelOf(step)}: take out`}
            >
              ✗
            </button>
          </li>
        ))}
      </ol>
      <span class="order-options">
        {options.map((option) => (
          <button type="button" key={String(option.value)} onClick={() => onChange([...value, option.value])}>
            + {option.label}
          </button>
        ))}
      </span>
    </span>
  );
}
