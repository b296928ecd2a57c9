import { type MarkdownContext, markdownRenderer } from "../notebook/markdown.js";

/** Markdown to HTML that holds no script and none of the text's own HTML. */
export type Render = (markdown: string, context?: MarkdownContext) => string;

/** Markdown as the page shows it: links to exercises and to other lessons lead to their pages. */
export function lessonMarkdown(): Render {
  const { render } = markdownRenderer({
    exerciseHref: (exercise) => `/exercises/${encodeURIComponent(exercise)}`,
    notebookHref: (file) => `/lessons/${encodeURIComponent(file.replace(/\.ipynb$/, ""))}`,
  });
  return render;
}
