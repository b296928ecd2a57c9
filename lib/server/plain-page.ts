/** A page that needs no script and no style sheet: for people who are not let in, and for the sign-in form. */
export function plainPage(title: string, text: string, formHtml = ""): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<style>
  html { font: 17px/1.55 system-ui, sans-serif; color-scheme: light dark; }
  main { max-width: 34rem; margin: 18vh auto 0; padding: 0 1.25rem; }
  h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 0.75rem; }
  label { display: block; margin: 1.5rem 0 0.5rem; font-weight: 600; }
  input, button { font: inherit; padding: 0.5rem 0.75rem; min-height: 2.75rem; box-sizing: border-box; }
  input { width: 100%; margin-bottom: 0.75rem; }
</style>
<title>Highwater · ${escapeHtml(title)}</title>
<main>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(text)}</p>
${formHtml}
</main>
</html>
`;
}

/** Text made safe between tags and in double-quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
