// Opens the workbench in the system's Chromium.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium } from './paths.mjs';

/** A browser context of its own under `work`, that reaches nothing but this machine. */
export async function openBrowser({ work, width = 1280, height = 800 }) {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('no Chromium found: install it, or set CHROMIUM to its path');
  const context = await chromium.launchPersistentContext(mkdtempSync(join(work, 'chromium-')), {
    executablePath,
    headless: true,
    viewport: { width, height },
    locale: 'en-US',
    env: { ...process.env, XDG_CONFIG_HOME: join(work, 'xdg', 'config'), XDG_CACHE_HOME: join(work, 'xdg', 'cache') },
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  // Deterministic, and no waiting for names that cannot be resolved.
  await context.route((url) => !['127.0.0.1', 'localhost'].includes(url.hostname) && /^(http|ws)s?:$/.test(url.protocol), (route) => route.abort());
  return { context, page: context.pages()[0] ?? (await context.newPage()), close: () => context.close() };
}
