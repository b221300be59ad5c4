import { build } from 'esbuild';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { isLogsRequest, type LogsEvent, type LogsQuestion, type LogsRequest, type LogsResult } from '../../src/protocol/logs-panel.ts';
import { createNonce, webviewHtml } from '../../src/protocol/webview-html.ts';
import { CHROMIUM_PATH, type ThemeName } from './charts-harness.ts';
import type { GeneratedLogs } from './generated-logs.ts';

/** Sent by the harness itself: when it arrives, all before it has. */
const FLUSH = 'flush';

const root = join(import.meta.dirname, '..', '..');

interface ThemeData {
  readonly bodyClass: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** How the fake host behaves. */
export interface PanelOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** What `vscode.getState()` returns. */
  readonly savedState?: unknown;
  readonly connection?: 'connected' | 'connecting' | 'offline';
  readonly logs: GeneratedLogs;
  /** Records of a page, in place of what the panel asks for. */
  readonly pageSize?: number;
  /** Called before each answer; what it throws becomes the answer. */
  readonly check?: (question: LogsQuestion) => void;
}

/** A panel in a page, and all that went over its channel. */
export interface OpenPanel {
  readonly page: Page;
  /** Everything the panel sent, oldest first; all of it passed the guard. */
  readonly requests: LogsRequest[];
  /** Messages the guard refused, console errors and CSP violations: a good run has none. */
  readonly problems: string[];
  send(event: LogsEvent): Promise<void>;
  setTheme(theme: ThemeName): Promise<void>;
  /** What `vscode.setState` was last called with. */
  state(): Promise<unknown>;
  /** Resolves when all that the page has sent until now has arrived here. */
  arrived(): Promise<void>;
  /** Resolves when the first rows and the histogram are painted. */
  painted(): Promise<void>;
  close(): Promise<void>;
}

/** Serves the bundled panel on 127.0.0.1 and opens pages of it. */
export interface LogsHarness {
  readonly bundleBytes: { readonly js: number; readonly css: number };
  open(options: PanelOptions): Promise<OpenPanel>;
  dispose(): Promise<void>;
}

/** Bundles as `scripts/build.mjs` does, starts the server and the browser. */
export async function openLogsHarness(): Promise<LogsHarness> {
  const out = mkdtempSync(join(tmpdir(), 'sightline-logs-'));
  await build({
    entryPoints: { logs: join(root, 'webview/logs/main.ts') },
    outdir: out,
    bundle: true,
    minify: true,
    platform: 'browser',
    target: ['chrome134'],
    format: 'iife',
    loader: { '.ttf': 'file' },
    logLevel: 'silent',
  });
  const themes = JSON.parse(readFileSync(join(import.meta.dirname, 'themes.json'), 'utf8')) as Readonly<Record<ThemeName, ThemeData>>;
  const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css', '.ttf': 'font/ttf' };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname === '/') {
      const html = webviewHtml({ title: 'Logs', language: 'en', scriptUri: '/logs.js', styleUri: '/logs.css', cspSource: "'self'", nonce: createNonce(), loadingText: 'Loading logs' });
      const theme = themes[(url.searchParams.get('theme') ?? 'dark') as ThemeName];
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(html.replace('<body>', `<body class="vscode-body ${theme.bodyClass}">`));
      return;
    }
    if (url.pathname === '/favicon.ico') {
      response.statusCode = 204;
      response.end();
      return;
    }
    const file = join(out, url.pathname.replaceAll('..', ''));
    if (!existsSync(file)) {
      response.statusCode = 404;
      response.end();
      return;
    }
    response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
    response.end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const browser = await chromium.launch({
    executablePath: CHROMIUM_PATH,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  return {
    bundleBytes: { js: readFileSync(join(out, 'logs.js')).length, css: readFileSync(join(out, 'logs.css')).length },
    open: (options) => openPanel(browser, `http://127.0.0.1:${String(port)}/`, themes, options),
    async dispose() {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
      rmSync(out, { recursive: true, force: true });
    },
  };
}

async function openPanel(browser: Browser, url: string, themes: Readonly<Record<ThemeName, ThemeData>>, options: PanelOptions): Promise<OpenPanel> {
  const theme = options.theme ?? 'dark';
  const context = await browser.newContext({ viewport: { width: options.width ?? 1280, height: options.height ?? 800 }, locale: 'en-US', timezoneId: 'Europe/Berlin' });
  const page = await context.newPage();
  const requests: LogsRequest[] = [];
  const problems: string[] = [];
  page.on('console', (message) => {
    // Violations of the page's policy are logged as errors too.
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  const send = async (event: LogsEvent): Promise<void> => {
    // The page may be gone while an answer is on its way.
    // As text: the types of a JSON value inside a JSON value have no end.
    if (!page.isClosed()) await page.evaluate((message) => window.postMessage(JSON.parse(message)), JSON.stringify(event));
  };
  const onRequest = async (message: unknown): Promise<void> => {
    if (message === FLUSH) return;
    if (!isLogsRequest(message)) {
      problems.push(`refused by the guard: ${JSON.stringify(message)}`);
      return;
    }
    requests.push(message);
    if (message.type === 'ready') {
      await send({ type: 'init', locale: 'en-US' });
      const connection = options.connection ?? 'connected';
      await send({ type: 'status', connection, detail: connection === 'offline' ? 'It stopped with exit code 1 and did not come back.' : '' });
    } else if (message.type === 'ask') {
      try {
        options.check?.(message.question);
        await send({ type: 'answer', id: message.id, ok: true, answer: answer(options, message.question) });
      } catch (error) {
        await send({ type: 'answer', id: message.id, ok: false, error: error instanceof Error ? error.message : String(error) });
      }
    }
  };
  await page.exposeFunction('sightlineToHost', (message: unknown) => {
    // Not awaited: the page must not wait for the answer of one message before the next can arrive.
    onRequest(message).catch((error: unknown) => {
      if (!page.isClosed()) problems.push(String(error));
    });
  });
  await page.addInitScript(
    ({ variables, savedState }) => {
      // This runs before the page is parsed.
      const apply = (): boolean => {
        const html = document.querySelector('html');
        for (const [name, value] of Object.entries(variables)) html?.style.setProperty(name, value);
        return html !== null;
      };
      const observer = new MutationObserver(() => {
        if (apply()) observer.disconnect();
      });
      if (!apply()) observer.observe(document, { childList: true });
      let state: unknown = savedState;
      const api = {
        postMessage(message: unknown) {
          const send: unknown = Reflect.get(window, 'sightlineToHost');
          if (typeof send === 'function') Reflect.apply(send, undefined, [JSON.parse(JSON.stringify(message))]);
        },
        getState: () => state,
        setState: (next: unknown) => {
          state = JSON.parse(JSON.stringify(next));
          Reflect.set(window, 'sightlineState', state);
        },
      };
      Reflect.set(window, 'acquireVsCodeApi', () => api);
    },
    { variables: themes[theme].variables, savedState: options.savedState },
  );
  await page.goto(`${url}?theme=${theme}`);
  return {
    page,
    requests,
    problems,
    send,
    setTheme: (next) =>
      page.evaluate(({ bodyClass, variables }) => {
        document.body.className = `vscode-body ${bodyClass}`;
        const style = document.documentElement.style;
        for (const name of [...style]) style.removeProperty(name);
        for (const [name, value] of Object.entries(variables)) style.setProperty(name, value);
      }, themes[next]),
    arrived: () =>
      page.evaluate(async (message) => {
        const sendToHost: unknown = Reflect.get(window, 'sightlineToHost');
        if (typeof sendToHost === 'function') await Reflect.apply(sendToHost, undefined, [message]);
      }, FLUSH),
    state: () => page.evaluate(() => Reflect.get(window, 'sightlineState') as unknown),
    async painted() {
      await page.locator('.row[aria-rowindex]').first().waitFor();
      await page.waitForFunction(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('.histogram-plot canvas');
        const pixels = canvas?.width ? canvas.getContext('2d')?.getImageData(40, 0, canvas.width - 40, canvas.height - 20).data : undefined;
        return pixels?.some((value, i) => i % 4 === 3 && value > 200) === true;
      });
    },
    close: () => context.close(),
  };
}

function answer({ logs, pageSize }: PanelOptions, question: LogsQuestion): LogsResult {
  switch (question.name) {
    case 'searchLogs':
      return { name: question.name, result: logs.search(question.params, pageSize) };
    case 'tailLogs':
      return { name: question.name, result: logs.tail(question.params) };
    case 'logHistogram':
      return { name: question.name, result: logs.histogram(question.params) };
    case 'operations':
      return { name: question.name, result: logs.operations() };
  }
}
