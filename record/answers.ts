import type { RecordedSend, RecordedStep } from "../test/conformance/recording.js";
import type { AnswerEvent } from "./driver.js";

interface Send {
  /** Index of the step that sent. */
  readonly step: number;
  readonly values: readonly string[];
  readonly told: AnswerEvent[];
}

/** What applications were told of their records, by the step that sent them. */
export class Answers {
  readonly #sends: Send[] = [];

  /** A step that sends these values; the number names it to the driver. */
  begin(values: readonly string[], step: number): number {
    return this.#sends.push({ step, values, told: [] }) - 1;
  }

  take(answer: AnswerEvent): void {
    this.#sends[answer.send]?.told.push(answer);
  }

  /** The steps with what came of their sends so far. `acksOf` says how a step's producer asks. */
  addTo(steps: readonly RecordedStep[], zeroAt: number, acksOf: (step: RecordedStep) => string): RecordedStep[] {
    return steps.map((step, index) => {
      const send = this.#sends.find((one) => one.step === index);
      if (send === undefined) return step;
      const produce = send.values.map((value) => {
        const told = send.told.find((answer) => answer.value === value);
        const base = { value, acks: acksOf(step) };
        return told === undefined
          ? { ...base, sentAtMs: step.atMs, answeredAtMs: null, outcome: "pending" }
          : { ...base, ...answered(told, zeroAt) };
      });
      return { ...step, produce };
    });
  }
}

function answered(
  { sentAt, answeredAt, offset, error }: AnswerEvent,
  zeroAt: number,
): Pick<RecordedSend, "sentAtMs" | "outcome"> {
  return {
    sentAtMs: sentAt - zeroAt,
    ...{ answeredAtMs: answeredAt - zeroAt },
    outcome: error === undefined ? "acked" : "failed",
    ...(offset === undefined ? {} : { offset }),
    ...(error === undefined ? {} : { error }),
  };
}
