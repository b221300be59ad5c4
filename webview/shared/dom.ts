type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Creates an element. `true` sets an empty attribute, `false` and undefined set none; children that are undefined are
 * left out. Styles are not set here: the page's policy refuses style attributes.
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string | undefined)[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    node.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) if (child !== undefined) node.append(child);
  return node;
}

/** A codicon; decorative, so screen readers skip it. */
export function icon(name: string, modifier = ''): HTMLElement {
  return element('span', { class: `codicon codicon-${name}${modifier === '' ? '' : ` codicon-modifier-${modifier}`}`, 'aria-hidden': 'true' });
}

/** A toolbar button with only an icon; `label` is its name and, with its key, its tooltip. */
export function iconButton(name: string, label: string, options: { readonly key?: string; readonly class?: string } = {}): HTMLButtonElement {
  const button = element('button', {
    type: 'button',
    class: `icon-button ${options.class ?? ''}`.trim(),
    'aria-label': label,
    title: options.key === undefined ? label : `${label} (${options.key})`,
    'aria-keyshortcuts': options.key,
  });
  button.append(icon(name));
  return button;
}

/** Sets text only where it differs, so that an unchanged page is not laid out again. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** Sets or removes an attribute only where it differs. */
export function setAttribute(node: Element, name: string, value: string | undefined): void {
  if (value === undefined) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
  } else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/** Listens on a node; returns what stops it. */
export function listen<K extends keyof HTMLElementEventMap>(
  node: EventTarget,
  type: K,
  listener: (event: HTMLElementEventMap[K]) => void,
  options?: AddEventListenerOptions,
): () => void {
  const handler = (event: Event): void => listener(event as HTMLElementEventMap[K]);
  node.addEventListener(type, handler, options);
  return () => node.removeEventListener(type, handler, options);
}
