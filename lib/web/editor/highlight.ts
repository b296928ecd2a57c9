import { tagHighlighter, tags } from "@lezer/highlight";

/**
 * Which parts of code look different, by class name; the colours stand in styles/code.css. Quiet on purpose: names and
 * punctuation stay in the text's own colour, only what carries meaning at a glance is marked.
 */
export const highlighter = tagHighlighter([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], class: "code-keyword" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], class: "code-string" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], class: "code-number" },
  { tag: [tags.comment, tags.meta], class: "code-comment" },
  { tag: [tags.typeName, tags.className, tags.namespace], class: "code-type" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], class: "code-function" },
  { tag: tags.definition(tags.propertyName), class: "code-key" },
]);
