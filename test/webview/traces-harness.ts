import { build } from 'esbuild';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { LogRecords } from '../../src/protocol/logs.ts';
import type { TraceDetail, TraceSummary } from '../../src/protocol/traces.ts';
import { isTracesRequest, type TracesEvent, type TracesQuestion, type TracesRequest, type TracesResult } from '../../src/protocol/traces-panel.ts';
import { createNonce, webviewHtml } from '../../src/protocol/webview-html.ts';
import { CHROMIUM_PATH, type ThemeName } from './charts-harness.ts';

const root = join(import.meta.dirname, '..', '..');

interface ThemeData {
  readonly bodyClass: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** The world the fake host answers from. */
export interface TracesWorld {
  readonly traces: TraceSummary[];
  readonly details: readonly TraceDetail[];
  /** What the next tail answers; emptied by it. */
  readonly arriving: TraceSummary[];
  readonly logs: LogRecords;
}

/** How the fake host behaves. */
export interface TracesOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  readonly savedState?: unknown;
  readonly connection?: 'connected' | 'offline';
  readonly world?: Partial<TracesWorld>;
  /** Throws to make an error answer. */
  readonly before?: (question: TracesQuestion) => void;
}

/** A panel in a page, and all that went over its channel. */
export interface OpenTraces {
  readonly page: Page;
  readonly requests: TracesRequest[];
  readonly world: TracesWorld;
  /** Messages the guard refused, console errors and violations of the policy: a good run has none. */
  readonly problems: string[];
  send(event: TracesEvent): Promise<void>;
  setTheme(theme: ThemeName): Promise<void>;
  close(): Promise<void>;
}

/** Serves the bundled panel on 127.0.0.1 and opens pages of it. */
export interface TracesHarness {
  open(options?: TracesOptions): Promise<OpenTraces>;
  dispose(): Promise<void>;
}

/** Bundles as `scripts/build.mjs` does, starts the server and the browser. */
export async function openTracesHarness(): Promise<TracesHarness> {
  const out = mkdtempSync(join(tmpdir(), 'sightline-traces-'));
  await build({
    entryPoints: { traces: join(root, 'webview/traces/main.ts') },
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
    const file = join(out, url.pathname.replaceAll('..', ''));
    if (url.pathname === '/') {
      const html = webviewHtml({ title: 'Traces', language: 'en', scriptUri: '/traces.js', styleUri: '/traces.css', cspSource: "'self'", nonce: createNonce(), loadingText: 'Loading' });
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(html.replace('<body>', `<body class="vscode-body ${themes[(url.searchParams.get('theme') ?? 'dark') as ThemeName].bodyClass}">`));
    } else if (existsSync(file)) {
      response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
      response.end(readFileSync(file));
    } else {
      response.statusCode = url.pathname === '/favicon.ico' ? 204 : 404;
      response.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const browser = await chromium.launch({ executablePath: CHROMIUM_PATH, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
  return {
    open: (options = {}) => openPage(browser, `http://127.0.0.1:${String(port)}/`, themes, options),
    async dispose() {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
      rmSync(out, { recursive: true, force: true });
    },
  };
}

async function openPage(browser: Browser, url: string, themes: Readonly<Record<ThemeName, ThemeData>>, options: TracesOptions): Promise<OpenTraces> {
  const theme = options.theme ?? 'dark';
  const context = await browser.newContext({ viewport: { width: options.width ?? 1280, height: options.height ?? 800 }, locale: 'en-US', timezoneId: 'Europe/Berlin' });
  const page = await context.newPage();
  const requests: TracesRequest[] = [];
  const problems: string[] = [];
  const world: TracesWorld = { traces: options.world?.traces ?? [], details: options.world?.details ?? [], arriving: options.world?.arriving ?? [], logs: options.world?.logs ?? { records: [], resources: [], scopes: [] } };
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  const send = async (event: TracesEvent): Promise<void> => {
    if (!page.isClosed()) await page.evaluate((text) => window.postMessage(JSON.parse(text)), JSON.stringify(event));
  };
  const onRequest = async (message: unknown): Promise<void> => {
    if (!isTracesRequest(message)) {
      problems.push(`refused by the guard: ${JSON.stringify(message)}`);
      return;
    }
    requests.push(message);
    if (message.type === 'ready') {
      await send({ type: 'init', locale: 'en-US', colourSlots: {} });
      const connection = options.connection ?? 'connected';
      await send({ type: 'status', connection, isPaused: false, detail: connection === 'offline' ? 'It stopped with exit code 1 and did not come back.' : '' });
    } else if (message.type === 'ask') {
      try {
        options.before?.(message.question);
        await send({ type: 'answer', id: message.id, ok: true, answer: answerFrom(world, message.question) });
      } catch (error) {
        await send({ type: 'answer', id: message.id, ok: false, error: error instanceof Error ? error.message : String(error) });
      }
    }
  };
  await page.exposeFunction('sightlineToHost', (message: unknown) => {
    onRequest(message).catch((error: unknown) => {
      if (!page.isClosed()) problems.push(String(error));
    });
  });
  await page.addInitScript(
    ({ variables, savedState }) => {
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
      Reflect.set(window, 'acquireVsCodeApi', () => ({
        postMessage(message: unknown) {
          const toHost: unknown = Reflect.get(window, 'sightlineToHost');
          if (typeof toHost === 'function') Reflect.apply(toHost, undefined, [JSON.parse(JSON.stringify(message))]);
        },
        getState: () => state,
        setState: (next: unknown) => (state = next),
      }));
      // How long our own code works in each frame; the frames themselves come when the browser likes.
      const frames: number[] = [];
      Reflect.set(window, 'frameWorkMs', frames);
      const original = window.requestAnimationFrame.bind(window);
      window.requestAnimationFrame = (callback) =>
        original((time) => {
          const startedAt = performance.now();
          callback(time);
          frames.push(performance.now() - startedAt);
        });
    },
    { variables: themes[theme].variables, savedState: options.savedState },
  );
  await page.goto(`${url}?theme=${theme}`);
  return {
    page,
    requests,
    world,
    problems,
    send,
    setTheme: (next) =>
      page.evaluate(({ bodyClass, variables }) => {
        document.body.className = `vscode-body ${bodyClass}`;
        const style = document.documentElement.style;
        for (const name of [...style]) style.removeProperty(name);
        for (const [name, value] of Object.entries(variables)) style.setProperty(name, value);
      }, themes[next]),
    close: () => context.close(),
  };
}

function answerFrom(world: TracesWorld, question: TracesQuestion): TracesResult {
  const { name } = question;
  switch (name) {
    case 'searchTraces': {
      const { limit, cursor, status, services } = question.params;
      const from = Number(cursor ?? 0);
      const found = world.traces.filter((trace) => (status !== 'error' || trace.errorCount > 0) && (services === undefined || services.includes(trace.rootService)));
      const isMore = from + limit < found.length;
      return { name, result: { traces: found.slice(from, from + limit), isComplete: true, scannedBlocks: 1, ...(isMore ? { next: String(from + limit) } : {}) } };
    }
    case 'tailTraces':
      return { name, result: { traces: question.params.after === undefined ? [] : world.arriving.splice(0), position: '1', skipped: 0 } };
    case 'getTrace': {
      const trace = world.details.find(({ traceId }) => traceId === question.params.traceId);
      return { name, result: trace ? { trace } : {} };
    }
    case 'operations':
      return { name, result: { operations: ['gateway', 'web', 'worker'].map((service) => ({ service, name: `${service} work`, count: 1, errorCount: 0 })), levels: [] } };
    case 'searchLogs': {
      const { records, ...shared } = world.logs;
      const found = records.filter(({ traceId }) => traceId === question.params.traceId);
      return { name, result: { ...shared, records: found, isComplete: true, scannedBlocks: 1, ...(found.length > 0 ? {} : { evictedUpToMs: Number(question.params.from) / 1e6 + 60_000 }) } };
    }
    case 'setPinned':
      return { name, result: { pinned: question.params.isPinned ? [{ traceId: question.params.traceId, pinnedMs: 0, spanCount: 1 }] : [] } };
  }
}
