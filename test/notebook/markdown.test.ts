import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markdownRenderer } from "../../lib/notebook/markdown.js";

const { render, headings } = markdownRenderer();
const line = (text: string) => render(text).trim();

describe("prose", () => {
  it.each([
    ["**a** `b`", "<p><strong>a</strong> <code>b</code></p>"],
    ["- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"],
    ["```ts\na < b\n```", '<pre><code class="language-ts">a &lt; b\n</code></pre>'],
    ["see index.ts or a@b.c", "<p>see index.ts or a@b.c</p>"],
  ])("%j", (text, html) => {
    expect(line(text)).toBe(html);
  });

  it("puts tables where they can be scrolled, by keyboard too", () => {
    const html = render("| a | b |\n|---|--:|\n| 1 | 2 |");
    expect(html).toMatch(/^<div class="table-scroll" tabindex="0" role="region" aria-label="Table">\n<table>/);
    expect(html.trim()).toMatch(/<\/table>\n<\/div>$/);
    expect(html).toContain('<td style="text-align:right">2</td>');
  });
});

describe("headings and links", () => {
  it("give each heading an anchor of its own, over all cells of a page", () => {
    const anchors = new Set<string>();
    expect(render("# Three copies, `one` leader!", { anchors })).toContain('<h1 id="h-three-copies-one-leader">');
    expect(render("## Three copies, one leader", { anchors })).toContain('<h2 id="h-three-copies-one-leader-2">');
    expect(headings("# A *b*\n\ntext\n\n## ü C\n\n# !")).toEqual([
      { level: 1, text: "A b", anchor: "h-a-b" },
      { level: 2, text: "ü C", anchor: "h-ü-c" },
      { level: 1, text: "!", anchor: "h-section" },
    ]);
  });

  it("find headings by the names Jupyter gives them", () => {
    expect(line("[x](#Three-copies)")).toBe('<p><a href="#h-three-copies">x</a></p>');
  });

  it("lead to exercises and other notebooks where the page says", () => {
    const page = markdownRenderer({
      exerciseHref: (id) => `/exercises/${id}`,
      notebookHref: (file) => `/lessons/${file.replace(".ipynb", "")}`,
    });
    expect(page.render("[try](exercise:01-keep)").trim()).toBe(
      '<p><a href="/exercises/01-keep" class="exercise-link" data-exercise="01-keep">try</a></p>',
    );
    expect(page.render("[next](02-isr.ipynb#Lag)").trim()).toBe('<p><a href="/lessons/02-isr#Lag">next</a></p>');
  });

  it("open other sites apart", () => {
    expect(line("<https://kafka.apache.org>")).toContain('target="_blank" rel="noopener noreferrer"');
  });

  it("show pictures that a cell carries", () => {
    const attachments = { "a b.png": { "image/png": "aGk=\n" }, "x.svg": { "image/svg+xml": "<svg/>" } };
    expect(render("![pic](<attachment:a b.png>)", { attachments })).toContain('src="data:image/png;base64,aGk="');
    expect(render("![pic](attachment:x.svg)", { attachments })).toContain('src=""');
    expect(render("![pic](attachment:none.png)")).toContain('src=""');
  });
});

describe("lesson blocks", () => {
  it("ask for a prediction, with fields in place", () => {
    const html = render(
      "::: predict After the crash\nLeader [[leader = 2]], d is [[outcome: kept | lost = lost]], HW [[hw]].\n\n::: reveal\nBecause.\n:::\n:::\n\nafter",
    );
    expect(html).toBe(
      `<section class="block predict" data-predict="after-the-crash" aria-label="Prediction">
<p>Leader <span class="blank" data-blank="leader" data-answer="2">____</span>, d is <span class="blank" data-blank="outcome" data-choices="[&quot;kept&quot;,&quot;lost&quot;]" data-answer="lost">____</span>, HW <span class="blank" data-blank="hw">____</span>.</p>
<details class="block reveal"><summary>Answer</summary>
<p>Because.</p>
</details>
</section>
<p>after</p>
`,
    );
  });

  it.each([
    ["::: hint\nx\n:::", '<details class="block hint"><summary>Hint</summary>\n<p>x</p>\n</details>'],
    [
      "::: hint Look <b>up</b>\nx\n:::",
      '<details class="block hint"><summary>Look &lt;b&gt;up&lt;/b&gt;</summary>\n<p>x</p>\n</details>',
    ],
    [
      "::: aside KIP-101\nx\n:::",
      '<aside class="block aside" aria-label="KIP-101">\n<p class="block-title">KIP-101</p>\n<p>x</p>\n</aside>',
    ],
    [
      "::: predict\nx",
      '<section class="block predict" data-predict="question-1" aria-label="Prediction">\n<p>x</p>\n</section>',
    ],
    [
      "text\n::: hint\n- a\n- b\n:::\nmore",
      '<p>text</p>\n<details class="block hint"><summary>Hint</summary>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n</details>\n<p>more</p>',
    ],
    [
      "::: hint\n```\n:::\n```\n:::",
      '<details class="block hint"><summary>Hint</summary>\n<pre><code>:::\n</code></pre>\n</details>',
    ],
    ["::: other\nx\n:::", "<p>::: other\nx\n:::</p>"],
    [":::", "<p>:::</p>"],
    ["a [[1]] b", "<p>a [[1]] b</p>"],
    ["[[3, 1, 2]]", "<p>[[3, 1, 2]]</p>"],
    [
      "[[4.3: visible | invisible = invisible]]",
      '<p><span class="blank" data-blank="4.3" data-choices="[&quot;visible&quot;,&quot;invisible&quot;]" data-answer="invisible">____</span></p>',
    ],
    [
      "[[refused: acks=1 | acks=all only = acks=all only]]",
      '<p><span class="blank" data-blank="refused" data-choices="[&quot;acks=1&quot;,&quot;acks=all only&quot;]" data-answer="acks=all only">____</span></p>',
    ],
  ])("%j", (text, html) => {
    expect(line(text)).toBe(html);
  });
});

describe("hostile text", () => {
  it.each([
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](  javascript:alert(1))",
    "[x](vbscript:a)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    "[x](file:///etc/passwd)",
    "[x](blob:http://a/b)",
    '[x](http://a "onmouseover=alert(1) x=\\"")',
    '::: hint "><img src=x onerror=alert(1)>\nx\n:::',
    '::: aside "><img src=x onerror=alert(1)>\nx\n:::',
    '::: predict "><img src=x onerror=alert(1)>\nx\n:::',
    '::: predict a\n[[a: "><img src=x onerror=alert(1)> | b = "><b>]]\n:::',
    '```"><img\nx\n```',
    '[x](exercise:"><img src=x onerror=alert(1)>)',
    "![x](attachment:%E0%A4%A)",
    "# <img src=x onerror=alert(1)>",
    "<javascript:alert(1)>",
  ])("comes to nothing: %j", (text) => {
    const html = render(text);
    // Attributes are only those we write, and tags are only those of markdown and our blocks.
    const tags = html.match(/<[^>]*>/g) ?? [];
    for (const tag of tags) {
      expect(tag).toMatch(/^<\/?(p|a|em|img|pre|code|h1|section|details|summary|aside|span)\b/);
      expect(tag.replaceAll(/="[^"]*"/g, "")).not.toMatch(/\bon\w+|srcdoc|style/i);
      expect(tag).not.toMatch(/(href|src)="\s*(javascript|vbscript|data:(?!image\/(png|jpeg))|file|blob)/i);
    }
  });

  it("never breaks the renderer, and never lets a tag through", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "::: predict a",
        ":::",
        "[[x]]",
        "[[a: b | c]]",
        "\n",
        "```",
        "# ",
        "[",
        "](",
        "attachment:%",
        "<b>",
        "|---|",
        "- ",
        "exercise:",
      ),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const html = render(pieces.join(""));
        expect(html).not.toContain("<b>");
        const opened = html.match(/<(section|details|aside)\b/g)?.length ?? 0;
        expect(html.match(/<\/(section|details|aside)>/g)?.length ?? 0).toBe(opened);
      }),
      { numRuns: 300 },
    );
  });
});
