import type { Extension } from "@codemirror/state";
import { hoverTooltip } from "@codemirror/view";
import type { KeyExplanation } from "../../server/services.js";
import { getJson } from "../parts/api.js";
import { plainHtml } from "./documentation.js";
import type { Ask } from "./type-questions.js";

/** A Kafka key in quotes, such as "min.insync.replicas". */
const quotedKey = /["'`]([a-z][a-z0-9]*(?:[.][a-z0-9]+)+|acks)["'`]/g;

/** What a name is, under the pointer; for a Kafka key what it decides, its default and range. */
export function typeHover(ask: Ask): Extension {
  return hoverTooltip(
    async (view, position) => {
      const line = view.state.doc.lineAt(position);
      const key = keyAt(line.text, position - line.from);
      if (key !== undefined) {
        const explained = await explain(key.name);
        if (explained !== undefined) {
          return { pos: line.from + key.from, end: line.from + key.to, create: () => ({ dom: keyInfo(explained) }) };
        }
      }
      const hover = await ask("hover", position);
      if (hover === undefined) return null;
      const dom = plainHtml(hover.signature, hover.documentation);
      return { pos: hover.from, end: hover.to, create: () => ({ dom }) };
    },
    { hoverTime: 350 },
  );
}

function keyAt(text: string, offset: number): { name: string; from: number; to: number } | undefined {
  for (const match of text.matchAll(quotedKey)) {
    const to = match.index + match[0].length;
    if (match.index <= offset && offset <= to) return { name: match[1] ?? "", from: match.index, to };
  }
  return undefined;
}

const known = new Map<string, Promise<KeyExplanation | undefined>>();

/** A key in plain words, asked for once. */
export function explain(key: string): Promise<KeyExplanation | undefined> {
  const asked =
    known.get(key) ??
    getJson<KeyExplanation>(`/api/model/keys/${encodeURIComponent(key)}`).catch(() => {
      known.delete(key);
      return undefined;
    });
  known.set(key, asked);
  return asked;
}

export function keyInfo({ key, where, defaultText, range, since, decides }: KeyExplanation): HTMLElement {
  const facts = [
    `${where} setting`,
    `default ${defaultText}`,
    range,
    since === undefined ? undefined : `since ${since}`,
  ];
  return plainHtml(key, `${decides}\n\n${facts.filter((fact) => fact !== undefined).join(" · ")}`);
}
