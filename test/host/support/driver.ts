/** The page this extension host belongs to, as scripts/vscode-host/driver.mjs drives it. Only in the browser build. */

const url = process.env['SIGHTLINE_TEST_DRIVER'];

/** Whether there is a page to drive; the desktop has none. */
export const hasDriver = url !== undefined;

/** Where to act: `webview` inside the active webview, `page` in another window. */
export interface Target {
  readonly selector: string;
  readonly webview?: boolean;
  readonly page?: string;
}

type Message = { readonly op: string } & Readonly<Record<string, unknown>>;

async function send(message: Message): Promise<unknown> {
  if (url === undefined) throw new Error('there is no page to drive');
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(message) });
  const answer: unknown = await response.json();
  if (typeof answer !== 'object' || answer === null || !('ok' in answer)) throw new Error('the driver answered nonsense');
  if (answer.ok !== true) throw new Error(`${JSON.stringify(message)}: ${'error' in answer ? String(answer.error) : ''}`);
  return 'out' in answer ? answer.out : undefined;
}

const asTexts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** What a person does with the editor. */
export const driver = {
  click: (target: Target, options: { readonly position?: { x: number; y: number }; readonly clickCount?: number } = {}) => send({ op: 'click', ...target, ...options }),
  hover: (target: Target) => send({ op: 'hover', ...target }),
  wait: (target: Target, options: { readonly state?: 'visible' | 'hidden' | 'attached'; readonly timeout?: number } = {}) => send({ op: 'wait', ...target, ...options }),
  text: async (target: Target) => String(await send({ op: 'text', ...target })),
  texts: async (target: Target) => asTexts(await send({ op: 'texts', ...target })),
  attribute: async (target: Target, name: string) => String(await send({ op: 'attribute', ...target, name })),
  count: async (target: Target) => Number(await send({ op: 'count', ...target })),
  /** Runs `script`, the body of a function of `element`, in the page. */
  evaluate: (target: Target, script: string) => send({ op: 'evaluate', ...target, script }),
  type: (text: string, page?: string) => send({ op: 'type', text, page }),
  press: (key: string, page?: string) => send({ op: 'press', key, page }),
  resize: (width: number, height: number) => send({ op: 'resize', width, height }),
  reload: (page: string) => send({ op: 'reload', page }),
  screenshot: (name: string, page?: string) => send({ op: 'screenshot', name, page }),
  openWindow: (page: string, folder?: string) => send({ op: 'openWindow', page, folder }),
  closeWindow: (page: string) => send({ op: 'closeWindow', page }),
};
