import type DOMPurify from "dompurify";
import { useEffect, useRef } from "preact/hooks";

/** The size of the page's text for which figures are drawn. */
const usualTextPx = 17;

let purifier: Promise<typeof DOMPurify> | undefined;

/**
 * A picture, inline so that it can be read out and selected, in a shadow root so that its styles stay its own. It is
 * sanitised first: no script, no handler, no link to anywhere but this page, no foreign HTML.
 */
export function SvgOutput({ svg, label }: { svg: string; label: string }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let isCurrent = true;
    purifier ??= loadPurifier();
    void purifier.then((purify) => {
      if (isCurrent && host.current !== null) showInShadow(host.current, svg, label, purify);
    });
    return () => {
      isCurrent = false;
    };
  }, [svg, label]);
  return <div ref={host} class="output-svg" style={reservedSize(svg)} />;
}

async function loadPurifier(): Promise<typeof DOMPurify> {
  const purify = (await import("dompurify")).default;
  // A picture refers to its own parts only: no link out of it, nothing fetched.
  purify.addHook("uponSanitizeAttribute", (_, attribute) => {
    const isReference = attribute.attrName === "href" || attribute.attrName === "xlink:href";
    if (isReference && !attribute.attrValue.startsWith("#")) attribute.keepAttr = false;
  });
  return purify;
}

function showInShadow(host: HTMLElement, svg: string, label: string, purify: typeof DOMPurify): void {
  // The page's policy refuses style elements; a sheet made here is scoped to the shadow root and loads nothing.
  const styles: string[] = [];
  const plain = svg.replaceAll(/<style\b[^>]*>([\s\S]*?)<\/style\s*>/gi, (_, css: string) => {
    styles.push(css.replaceAll(/<!\[CDATA\[|\]\]>/g, ""));
    return "";
  });
  const fragment = purify.sanitize(plain, {
    USE_PROFILES: { svg: true, svgFilters: true },
    FORBID_TAGS: ["foreignObject", "image", "feImage", "style"],
    FORBID_ATTR: ["ping", "target"],
    RETURN_DOM_FRAGMENT: true,
  });
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    `:host { contain: content; } svg { width: 100%; height: auto; display: block; overflow: visible; } ${styles.join("\n")}`,
  );
  root.adoptedStyleSheets = [sheet];
  root.replaceChildren(fragment);
  const picture = root.querySelector("svg");
  if (picture === null) return;
  picture.setAttribute("role", "img");
  const title = picture.querySelector("title")?.textContent ?? "";
  if (!picture.hasAttribute("aria-label") && title === "") picture.setAttribute("aria-label", label || "Figure");
}

/** The picture's own proportions, so that its place is kept before it is there. */
function reservedSize(svg: string): { aspectRatio: string; maxWidth: string } | Record<string, never> {
  const open = /<svg\b[^>]*>/.exec(svg)?.[0] ?? "";
  const number = (name: string) => Number(new RegExp(`\\b${name}="([\\d.]+)(?:px)?"`).exec(open)?.[1]);
  const box = /\bviewBox="[\d.-]+[ ,]+[\d.-]+[ ,]+([\d.]+)[ ,]+([\d.]+)"/.exec(open);
  const width = number("width") || Number(box?.[1]);
  const height = number("height") || Number(box?.[2]);
  // In units of the text, so that a figure grows with it on a projector.
  const maxWidth = `${width / usualTextPx}rem`;
  return width > 0 && height > 0 ? { aspectRatio: `${width} / ${height}`, maxWidth } : {};
}
