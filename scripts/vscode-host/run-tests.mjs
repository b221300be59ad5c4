// usage: node run-tests.mjs --extension DIR --tests FILE --folder DIR --work DIR --shots DIR [--timeout MS] [--verbose]
// Runs a test program INSIDE the extension host of the browser build, the way VS Code's own browser tests do it:
// the page names the extension and the tests, and reports by window.codeAutomationLog and codeAutomationExit.
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { format, parseArgs } from 'node:util';
import { openBrowser } from './browser.mjs';
import { startDriver } from './driver.mjs';
import { remoteUri, startServer, workbenchUrl } from './server.mjs';

const { values: options } = parseArgs({
  options: {
    extension: { type: 'string' },
    tests: { type: 'string' },
    folder: { type: 'string' },
    work: { type: 'string' },
    shots: { type: 'string' },
    settings: { type: 'string', default: '{}' },
    timeout: { type: 'string', default: '600000' },
    verbose: { type: 'boolean', default: false },
  },
});
const work = resolve(options.work);
const folder = resolve(options.folder);
mkdirSync(work, { recursive: true });
const resultFile = join(work, 'result.json');
rmSync(resultFile, { force: true });

let page;
let server;
let browser;
/** A further window on the same server, with the extension but without tests. */
const openWindow = async ({ folder: other }) => {
  const next = await browser.context.newPage();
  await next.goto(workbenchUrl(server, { folder: resolve(other ?? folder), payload: [['extensionDevelopmentPath', remoteUri(server, options.extension)]] }));
  await next.locator('.monaco-workbench').waitFor();
  return next;
};
const driver = await startDriver({ getPage: () => page, shotsDir: resolve(options.shots), openWindow, closeWindow: (next) => next.close() });
let outcome = { code: 2, why: 'did not start' };
try {
  server = await startServer({
    work,
    isTest: true,
    settings: JSON.parse(options.settings),
    env: { SIGHTLINE_TEST_RESULT: resultFile, SIGHTLINE_TEST_DRIVER: driver.url },
  });
  browser = await openBrowser({ work });
  page = browser.page;
  const pageLog = createWriteStream(join(work, 'page.log'));
  page.on('console', (message) => pageLog.write(`[${message.type()}] ${message.text()}\n`));
  page.on('pageerror', (error) => pageLog.write(`[error] ${error.stack}\n`));
  const ended = new Promise((done) => {
    page.exposeFunction('codeAutomationLog', (type, args) => {
      const line = format(...args);
      pageLog.write(`[host ${type}] ${line}\n`);
      if (options.verbose) process.stderr.write(`  | ${line}\n`);
    });
    page.exposeFunction('codeAutomationExit', (code, logs) => {
      writeFileSync(join(work, 'logs.json'), JSON.stringify(logs ?? null));
      done({ code, why: 'the tests ended' });
    });
    page.on('crash', () => done({ code: 3, why: 'the page crashed' }));
    setTimeout(() => done({ code: 4, why: `no end within ${options.timeout} ms` }), Number(options.timeout)).unref();
  });
  await page.goto(workbenchUrl(server, {
    folder,
    payload: [['extensionDevelopmentPath', remoteUri(server, options.extension)], ['extensionTestsPath', remoteUri(server, options.tests)]],
  }));
  outcome = await ended;
  if (outcome.code !== 0) {
    mkdirSync(resolve(options.shots), { recursive: true });
    await page.screenshot({ path: join(resolve(options.shots), 'failed.png') }).catch(() => {});
  }
} catch (error) {
  process.stderr.write(`${error.stack}\n`);
} finally {
  await browser?.close().catch(() => {});
  await server?.stop();
  driver.close();
}
if (!existsSync(resultFile)) {
  process.stderr.write(`The in-editor tests left no result: ${outcome.why}; see ${work}\n`);
  process.exit(outcome.code || 5);
}
process.exit(JSON.parse(readFileSync(resultFile, 'utf8')).failures > 0 ? 1 : 0);
