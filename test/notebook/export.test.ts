import { describe, expect, it } from "vitest";
import { type ExportOptions, exportNotebook } from "../../lib/notebook/export.js";
import { highlightCode } from "../../lib/notebook/html.js";
import type { JsonObject } from "../../lib/notebook/json.js";
import { type Cell, codeCell, emptyNotebook, markdownCell } from "../../lib/notebook/notebook.js";
import { noticeOutput, type Output } from "../../lib/notebook/output.js";

const shown = (data: JsonObject): Output => ({ output_type: "display_data", data, metadata: {} });
const withOutputs = (...outputs: readonly Output[]): Cell => ({ ...codeCell("c", "const a = 1;"), outputs });
const page = (cells: readonly Cell[], options: Partial<ExportOptions> = {}) =>
  exportNotebook({ ...emptyNotebook, cells }, { code: "shown", ...options });
const body = (html: string) => /<main id="notebook">\n([\s\S]*)\n<\/main>/.exec(html)?.[1] ?? "";

describe("an exported notebook", () => {
  it("is one page with a title, the text and the code", () => {
    const html = page([markdownCell("m", "# A < B\n\ntext"), codeCell("c", "const a = 1;")]);
    expect(html).toContain("<title>A &lt; B</title>");
    expect(body(html)).toBe(
      `<section class="cell prose" id="cell-m">
<h1 id="h-a-b">A &lt; B</h1>
<p>text</p>
</section>
<section class="cell code" id="cell-c"><pre class="source" tabindex="0"><code><span class="tok-keyword">const</span> a = <span class="tok-number">1</span>;</code></pre></section>`,
    );
  });

  it("shows code, folds it or leaves it out, for all cells or by tag", () => {
    const cell = withOutputs({ output_type: "stream", name: "stdout", text: "out" });
    expect(body(page([cell], { code: "folded" }))).toContain(
      '<details class="fold"><summary>Code</summary><pre class="source"',
    );
    expect(body(page([cell], { code: "hidden" }))).not.toContain("source");
    expect(body(page([cell], { code: "hidden" }))).toContain("out");
    const tagged = (tag: string) => body(page([{ ...cell, metadata: { tags: [tag] } }]));
    expect(tagged("hide-input")).not.toContain("source");
    expect(tagged("hide-output")).not.toContain("out<");
    expect(tagged("hide-cell")).toBe("");
  });

  it("asks the network for nothing", () => {
    const html = page([withOutputs(shown({ "text/html": "<b>x</b>" }))], { replay: { script: "1;", styles: "a{}" } });
    expect(html).not.toMatch(/<(link|script)[^>]*\s(src|href)=/);
    expect(html).toContain("default-src 'none'");
  });

  it("plays runs where the replay is built in, and shows them as text where not", () => {
    const run = withOutputs(
      shown({ "application/vnd.highwater.trace+json": { title: "</script><b>" }, "text/plain": "step 1" }),
    );
    const html = page([run], { replay: { script: "define('</script>')", styles: "</style>" } });
    expect(html).toContain(
      '<highwater-replay><script type="application/json">{"title":"\\u003c/script>\\u003cb>"}</script><pre class="text">step 1</pre></highwater-replay>',
    );
    expect(html).toContain("define('<\\/script>')");
    expect(html).toContain("<\\/style>");
    expect(body(page([run]))).toContain('<pre class="text">step 1</pre>');
    expect(body(page([run]))).not.toContain("highwater-replay");
  });

  it.each<[string, JsonObject, string | RegExp]>([
    [
      "a plot of a kind that is not drawn as text",
      { "application/vnd.plotly.v1+json": { data: [] }, "text/plain": "plot" },
      '<pre class="text">plot</pre>',
    ],
    [
      "a drawing as a picture",
      { "image/svg+xml": "<svg onload='x()'/>", "text/plain": "log" },
      /<img class="drawing" src="data:image\/svg\+xml;charset=utf-8,%3Csvg%20xmlns[^"<>]*" alt="log">/,
    ],
    ["a picture", { "image/png": "aGk=\n" }, '<img src="data:image/png;base64,aGk=" alt="">'],
    [
      "HTML in a frame apart",
      { "text/html": "<script>alert(1)</script>\"'" },
      /<iframe sandbox="allow-scripts" title="Output" srcdoc="[^"<>]*"><\/iframe>/,
    ],
    ["markdown", { "text/markdown": "**a** <b>" }, '<div class="prose"><p><strong>a</strong> &lt;b&gt;</p>\n</div>'],
    [
      "JSON",
      { "application/json": { a: ["<"] } },
      '<pre class="text">{\n  &quot;a&quot;: [\n    &quot;&lt;&quot;\n  ]\n}</pre>',
    ],
    ["what it does not know, by name", { "x/y": "z" }, '<pre class="text">[x/y]</pre>'],
  ])("shows %s", (_, data, expected) => {
    const html = body(page([withOutputs(shown(data))]));
    if (typeof expected === "string") expect(html).toContain(expected);
    else expect(html).toMatch(expected);
  });

  it("shows text without escape sequences, errors with their details folded, and notices", () => {
    const html = body(
      page([
        withOutputs(
          { output_type: "stream", name: "stderr", text: "\u001b[31mred <b>\u001b[0m" },
          { output_type: "error", ename: "E<", evalue: "no", traceback: ["E<: no", "  at x"] },
          noticeOutput({ kind: "died" }),
        ),
      ]),
    );
    expect(html).toContain('<pre class="text stderr">red &lt;b&gt;</pre>');
    expect(html).toContain("<p><strong>E&lt;</strong> no</p><details><summary>Details</summary>");
    expect(html).toContain('<p class="notice">The kernel ended.');
  });

  it("lists the parts of a long notebook", () => {
    const html = page([markdownCell("m", "# T\n## A\n## B\n## A")]);
    expect(html).toContain('<li><a href="#h-a-2">A</a></li>');
    expect(html).toContain('<h2 id="h-a-2">A</h2>');
    expect(page([markdownCell("m", "# T\n## A")])).not.toContain("<nav");
  });

  it("is the same bytes every time", () => {
    const cells = [markdownCell("m", "# T"), withOutputs(shown({ "text/html": "x" }))];
    expect(page(cells)).toBe(page(cells));
  });
});

describe("code in colour", () => {
  it.each([
    ["// a <b>", '<span class="tok-comment">// a &lt;b&gt;</span>'],
    [
      "'a\\'b' + `c\nd`",
      '<span class="tok-string">&#39;a\\&#39;b&#39;</span> + <span class="tok-string">`c\nd`</span>',
    ],
    ["a.of(constant)", "a.of(constant)"],
    ["'open", '<span class="tok-string">&#39;open</span>'],
    ["/* open", '<span class="tok-comment">/* open</span>'],
  ])("%j", (source, html) => {
    expect(highlightCode(source)).toBe(html);
  });
});
