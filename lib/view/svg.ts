/** Text for an XML text node or attribute. */
export function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/**
 * Fill of a record by its leader epoch, in turn. Okabe and Ito's palette, which most colour-blind readers can tell apart,
 * lightened so that dark letters on it keep a contrast above 7:1; the epoch's number always stands beside it.
 */
export const epochColours: readonly string[] = [
  "#9fd3f0",
  "#f5c26b",
  "#8fd6bd",
  "#f0e98a",
  "#e9b3d0",
  "#f2a77e",
  "#a9c4ea",
  "#cfd3d8",
];
