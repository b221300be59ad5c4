import { build } from 'esbuild';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { isChartsRequest, type ChartsEvent, type ChartsRequest } from '../../src/protocol/charts.ts';
import type { RangeQueryAnswer, RangeQueryParams } from '../../src/protocol/rpc.ts';
import { createNonce, webviewHtml } from '../../src/protocol/webview-html.ts';
import { answerQueries, healthSnapshot } from './generated-series.ts';

/** Where the browser of the tests is; `SIGHTLINE_CHROMIUM` names another. */
export const CHROMIUM_PATH = process.env['SIGHTLINE_CHROMIUM'] ?? '/usr/bin/chromium';

/** Whether the webview tests can run on this machine. */
export const hasChromium = (): boolean => existsSync(CHROMIUM_PATH);

/** Sent by the harness itself: when it arrives, all before it has. */
const FLUSH = 'flush';

const root = join(import.meta.dirname, '..', '..');

/** The editor's themes as a webview sees them, read from VS Code 1.139. */
export type ThemeName = 'dark' | 'light' | 'high-contrast' | 'high-contrast-light';
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
  readonly isEmpty?: boolean;
  readonly connection?: 'connected' | 'connecting' | 'offline';
  /** Makes the answer; may throw, which becomes an error answer. Default is the generated world. */
  readonly answer?: (params: RangeQueryParams) => RangeQueryAnswer | Promise<RangeQueryAnswer>;
}

/** A panel in a page, and all that went over its channel. */
export interface OpenPanel {
  readonly page: Page;
  /** Everything the panel sent, oldest first; all of it passed the guard. */
  readonly requests: ChartsRequest[];
  /** Messages the guard refused, console errors and CSP violations: a good run has none. */
  readonly problems: string[];
  send(event: ChartsEvent): Promise<void>;
  setTheme(theme: ThemeName): Promise<void>;
  /** What `vscode.setState` was last called with. */
  state(): Promise<unknown>;
  /** Resolves when all that the page has sent until now has arrived here. */
  arrived(): Promise<void>;
  /** Resolves when the charts have painted the first answer. */
  painted(): Promise<void>;
  close(): Promise<void>;
}

/** Serves the bundled panel on 127.0.0.1 and opens pages of it. */
export interface ChartsHarness {
  readonly bundleBytes: { readonly js: number; readonly css: number };
  open(options?: PanelOptions): Promise<OpenPanel>;
  dispose(): Promise<void>;
}

/** Bundles as `scripts/build.mjs` does, starts the server and the browser. */
export async function openChartsHarness(): Promise<ChartsHarness> {
  const out = mkdtempSync(join(tmpdir(), 'sightline-charts-'));
  await build({
    entryPoints: { charts: join(root, 'webview/charts/main.ts') },
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
      const html = webviewHtml({ title: 'Charts', language: 'en', scriptUri: '/charts.js', styleUri: '/charts.css', cspSource: "'self'", nonce: createNonce(), loadingText: 'Loading charts' });
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
    bundleBytes: { js: readFileSync(join(out, 'charts.js')).length, css: readFileSync(join(out, 'charts.css')).length },
    open: (options = {}) => openPanel(browser, `http://127.0.0.1:${String(port)}/`, themes, options),
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
  const requests: ChartsRequest[] = [];
  const problems: string[] = [];
  page.on('console', (message) => {
    // Violations of the page's policy are logged as errors too.
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  const send = async (event: ChartsEvent): Promise<void> => {
    // The page may be gone while an answer is on its way.
    if (!page.isClosed()) await page.evaluate((message) => window.postMessage(message), event);
  };
  const onRequest = async (message: unknown): Promise<void> => {
    if (message === FLUSH) return;
    if (!isChartsRequest(message)) {
      problems.push(`refused by the guard: ${JSON.stringify(message)}`);
      return;
    }
    requests.push(message);
    if (message.type === 'ready') {
      await send({ type: 'init', locale: 'en-US', colourSlots: {} });
      const connection = options.connection ?? 'connected';
      await send({ type: 'status', connection, isPaused: false, detail: connection === 'offline' ? 'It stopped with exit code 1 and did not come back.' : '' });
      if (connection !== 'offline') await send({ type: 'health', snapshot: healthSnapshot(Date.now(), options.isEmpty) });
    } else if (message.type === 'queryRange') {
      try {
        const empty = (params: RangeQueryParams): RangeQueryAnswer => ({ ...params, results: params.queries.map(({ id }) => ({ id, ok: true, series: [], warnings: [] })) });
        const answer = await (options.answer ?? (options.isEmpty === true ? empty : (params) => answerQueries(params, Date.now())))(message.params);
        await send({ type: 'queryRangeAnswer', id: message.id, ok: true, answer });
      } catch (error) {
        await send({ type: 'queryRangeAnswer', id: message.id, ok: false, error: error instanceof Error ? error.message : String(error) });
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
      await page.locator('.legend-table tbody tr').first().waitFor();
      await page.waitForFunction(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('[data-chart="rate"] canvas');
        const pixels = canvas?.width ? canvas.getContext('2d')?.getImageData(70, 0, canvas.width - 80, canvas.height).data : undefined;
        return pixels?.some((value, i) => i % 4 === 3 && value > 200) === true;
      });
    },
    close: () => context.close(),
  };
}
