/** Addresses that hold a scenario: they work in every copy of the course, since nothing is stored anywhere. */
export interface SandboxPlace {
  readonly text: string;
  /** The step to open the replay at. */
  readonly step?: number;
  /** Another scenario, to be shown beside it. */
  readonly against?: string;
}

export function sandboxAddress(sandbox: string, { text, step, against }: SandboxPlace): string {
  const parts = [
    `text=${encodeURIComponent(text)}`,
    ...(step === undefined ? [] : [`step=${step}`]),
    ...(against === undefined ? [] : [`against=${encodeURIComponent(against)}`]),
  ];
  return `${sandbox}#${parts.join("&")}`;
}

/** What an address holds; null where it holds no scenario. Anybody may have written it. */
export function readSandboxAddress(hash: string): SandboxPlace | null {
  const parts = new Map(
    hash
      .replace(/^#/, "")
      .split("&")
      .flatMap((part): [string, string][] => {
        const at = part.indexOf("=");
        try {
          return at < 1 ? [] : [[part.slice(0, at), decodeURIComponent(part.slice(at + 1))]];
        } catch {
          return [];
        }
      }),
  );
  const text = parts.get("text");
  if (text === undefined || text === "") return null;
  const step = Number(parts.get("step") ?? Number.NaN);
  const against = parts.get("against");
  return { text, ...(Number.isInteger(step) ? { step } : {}), ...(against === undefined ? {} : { against }) };
}
