/** An element with attributes and children. Text goes in as text: nothing here parses HTML. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly Node[]
): HTMLElement {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function text(content: string): Text {
  return document.createTextNode(content);
}

export function clear(parent: ParentNode): void {
  parent.replaceChildren();
}
