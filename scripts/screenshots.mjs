// usage: node scripts/with-node.mjs scripts/screenshots.mjs
// Takes the README's screenshots of the real thing: `npm start` in the browser, some minutes of the demo, both themes.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { node24, root } from './node24.mjs';
import { openBrowser } from './vscode-host/browser.mjs';

/** Long enough that the last five minutes are full. */
const COLLECT_MS = 310_000;
const shots = join(root, 'media', 'screenshots');

const editor = spawn(node24(), [join(root, 'scripts', 'start.mjs'), '--browser'], { stdio: ['ignore', 'inherit', 'pipe'] });
const address = await new Promise((resolve, reject) => {
  createInterface({ input: editor.stderr }).on('line', (line) => {
    const match = /http:\/\/127\.0\.0\.1:\d+\/\?folder=\S+/.exec(line);
    if (match) resolve(match[0]);
  });
  editor.once('exit', (code) => reject(new Error(`npm start ended with ${code}`)));
});
const work = mkdtempSync(join(tmpdir(), 'sightline-shots-'));
const browser = await openBrowser({ work, width: 1440, height: 900 });
try {
  const { page } = browser;
  await page.goto(address);
  // The badge lies over the icon.
  await page.locator('.activitybar .action-item a[aria-label^="Sightline"]').click({ force: true });
  const row = page.locator('.monaco-list-row');
  await row.filter({ hasText: 'openai' }).waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Alt+c');
  const charts = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  await charts.locator('canvas').first().waitFor();
  await delay(COLLECT_MS);
  await charts.getByRole('button', { name: /Last 15 min/ }).click();
  await charts.getByText('Last 5 min').click();
  await row.filter({ hasText: 'groq' }).locator('.monaco-tl-twistie').click();
  mkdirSync(shots, { recursive: true });
  // Where nothing has a tooltip.
  await page.mouse.move(800, 889);
  for (const colorScheme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme });
    await delay(4000);
    await page.screenshot({ path: join(shots, `${colorScheme}.png`) });
  }
} finally {
  await browser.close();
  editor.kill('SIGINT');
  rmSync(work, { recursive: true, force: true });
}
