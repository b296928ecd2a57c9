import { Hono } from "hono";
import type { Lessons } from "../lessons.js";
import { framePolicy } from "../security-headers.js";
import { RequestError } from "./request-body.js";

/**
 * The HTML a cell made, as a document of its own for a sandboxed frame. The policy in the header gives it an origin of
 * its own even if someone opens the address directly: it can read neither the page nor its cookie.
 */
export function frameRoutes(lessons: Lessons): Hono {
  return new Hono().get("/:slug/:cell/:index", (context) => {
    // Opened by itself it could lead its reader anywhere; browsers say what a document is asked for.
    if ((context.req.header("sec-fetch-dest") ?? "iframe") !== "iframe") {
      throw new RequestError(404, "An output is shown in its lesson only.");
    }
    const { slug, cell, index } = context.req.param();
    const output = lessons.has(slug) ? lessons.lesson(slug).outputsOf(cell)[Number(index)] : undefined;
    const html = output !== undefined && "data" in output ? output.data["text/html"] : undefined;
    if (typeof html !== "string") throw new RequestError(404, "This output is no longer there.");
    const dark = context.req.query("theme") === "dark";
    return context.html(frameDocument(html, dark), 200, { "Content-Security-Policy": framePolicy });
  });
}

/** Tells the page how tall it is, so that it needs no scroll bar of its own. Sends a number, and listens to nothing. */
const tellHeight = `
addEventListener("DOMContentLoaded", () => {
  const tell = () => parent.postMessage({ highwaterFrameHeight: document.documentElement.offsetHeight }, "*");
  new ResizeObserver(tell).observe(document.documentElement);
  tell();
});`;

function frameDocument(html: string, dark: boolean): string {
  const colours = dark ? "color: #e4e6e8; --line: #3a4046;" : "color: #1c1e21; --line: #d9dbd7;";
  return `<!doctype html>
<html lang="en" style="color-scheme: ${dark ? "dark" : "light"}">
<meta charset="utf-8">
<title>Output</title>
<style>
  html { background: transparent; }
  body { margin: 0; padding: 1px; font: 15px/1.5 system-ui, sans-serif; ${colours} overflow-wrap: anywhere; }
  th { overflow-wrap: normal; }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
  th, td { text-align: left; padding: 0.25rem 0.75rem 0.25rem 0; border-bottom: 1px solid var(--line); }
  img, svg { max-width: 100%; }
</style>
<script>${tellHeight}</script>
${html}
</html>
`;
}
