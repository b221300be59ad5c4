// Lets a test inside the extension host drive the page it lives in: click, type, look, take a screenshot.
// POST {op, selector?, webview?, page?, …} to the driver's address; the answer is {ok, out} or {ok: false, error}.
import { createServer } from 'node:http';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const TIMEOUT_MS = 10_000;

const operations = {
  click: ({ locator }, { position, button, modifiers, clickCount }) => locator.click({ timeout: TIMEOUT_MS, position, button, modifiers, clickCount }),
  hover: ({ locator }, { position }) => locator.hover({ timeout: TIMEOUT_MS, position }),
  wait: ({ locator }, { state, timeout }) => locator.waitFor({ timeout: timeout ?? TIMEOUT_MS, state }),
  text: ({ locator }) => locator.textContent({ timeout: TIMEOUT_MS }),
  texts: ({ root }, { selector }) => root.locator(selector).allTextContents(),
  attribute: ({ locator }, { name }) => locator.getAttribute(name, { timeout: TIMEOUT_MS }),
  count: ({ root }, { selector }) => root.locator(selector).count(),
  box: ({ locator }) => locator.boundingBox({ timeout: TIMEOUT_MS }),
  drag: async ({ page }, { from, to }) => {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y, { steps: 8 });
    await page.mouse.up();
  },
  move: ({ page }, { to }) => page.mouse.move(to.x, to.y),
  type: ({ page }, { text }) => page.keyboard.type(text),
  press: ({ page }, { key }) => page.keyboard.press(key),
  reload: ({ page }) => page.reload(),
  resize: ({ page }, { width, height }) => page.setViewportSize({ width, height }),
  /** Runs a function of the test's text on the element; the test and the page are both ours. */
  evaluate: ({ locator }, { script }) => locator.evaluate((element, body) => new Function('element', body)(element), script, { timeout: TIMEOUT_MS }),
};

/** Starts the driver on a free port of this machine. `host` opens and closes further windows. */
export async function startDriver({ getPage, shotsDir, openWindow, closeWindow }) {
  const pages = new Map();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', async () => {
      try {
        response.end(JSON.stringify({ ok: true, out: (await run(JSON.parse(body))) ?? null }));
      } catch (error) {
        response.end(JSON.stringify({ ok: false, error: String(error?.message ?? error) }));
      }
    });
  });

  async function run(message) {
    if (message.op === 'openWindow') return void pages.set(message.page, await openWindow(message));
    const page = message.page === undefined ? getPage() : pages.get(message.page);
    if (!page) throw new Error(`no window ${message.page}`);
    if (message.op === 'closeWindow') {
      pages.delete(message.page);
      return closeWindow(page);
    }
    if (message.op === 'screenshot') {
      mkdirSync(shotsDir, { recursive: true });
      const path = join(shotsDir, `${message.name}.png`);
      await page.screenshot({ path });
      return path;
    }
    const operation = operations[message.op];
    if (!operation) throw new Error(`unknown operation ${message.op}`);
    // A webview is a page in a page: VS Code's outer frame and our own document in it.
    const root = message.webview ? page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame') : page;
    return operation({ page, root, locator: message.selector ? root.locator(message.selector).first() : undefined }, message);
  }

  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}
