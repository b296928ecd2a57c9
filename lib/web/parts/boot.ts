import type { BootState } from "../../server/boot.js";

/** What the server put into the document for this page. */
export function readBoot(): BootState {
  const element = document.getElementById("boot");
  if (element === null) throw new Error("the document holds no boot data");
  return JSON.parse(element.textContent ?? "") as BootState; // written by lib/server/page-html.ts
}

export type BootOf<Kind extends BootState["kind"]> = Extract<BootState, { kind: Kind }>;

/** Marks style sheets that scripts make as ours; see the content policy. */
export function styleNonce(): string {
  return document.documentElement.dataset.nonce ?? "";
}
