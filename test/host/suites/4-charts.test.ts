import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { runningDemo } from '../support/demo.ts';
import { driver, hasDriver } from '../support/driver.ts';
import { until } from '../support/until.ts';

/** Pixels of a canvas that are neither transparent nor all the same, and a checksum of all. */
const PIXELS = `
  const canvases = [...element.ownerDocument.querySelectorAll('canvas')].filter((canvas) => canvas.width > 0 && canvas.height > 0);
  return canvases.map((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set();
    let sum = 0;
    for (let index = 0; index < data.length; index += 4) {
      if (data[index + 3] > 0) colours.add((data[index] << 16) | (data[index + 1] << 8) | data[index + 2]);
      sum = (sum * 31 + data[index] + data[index + 1] * 3 + data[index + 2] * 7 + data[index + 3]) >>> 0;
    }
    return { colours: colours.size, sum };
  });`;

interface CanvasPixels {
  readonly colours: number;
  readonly sum: number;
}

const readPixels = async (): Promise<readonly CanvasPixels[]> => (await driver.evaluate({ webview: true, selector: 'body' }, PIXELS)) as CanvasPixels[];

suite('charts panel', () => {
  suiteSetup(async function () {
    if (!hasDriver) this.skip();
    this.timeout(120_000);
    await runningDemo();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  test('opens from the command and paints real pixels', async () => {
    await vscode.commands.executeCommand('sightline.openCharts');
    const painted = await until('at least four charts are painted', async () => {
      const all = await readPixels().catch(() => []);
      return all.filter(({ colours }) => colours > 3).length >= 4 && all;
    });
    assert.ok(painted.length >= 4);
  });

  test('paints on while new samples come', async () => {
    const before = (await readPixels()).map(({ sum }) => sum).join();
    await until('the pixels change', async () => (await readPixels()).map(({ sum }) => sum).join() !== before);
  });

  test('names every provider of the demo in its legend', async () => {
    const api = await runningDemo();
    const text = await driver.text({ webview: true, selector: 'body' });
    assert.deepEqual((api.health()?.providers ?? []).filter(({ name }) => !text.includes(name)).map(({ name }) => name), []);
  });

  test('shows tables instead of charts by a command, and charts again', async () => {
    await vscode.commands.executeCommand('sightline.charts.toggleTables');
    await driver.wait({ webview: true, selector: 'table' });
    await driver.screenshot('charts-tables');
    await vscode.commands.executeCommand('sightline.charts.toggleTables');
    await until('charts are back', async () => (await readPixels()).filter(({ colours }) => colours > 3).length >= 4);
  });

  test('opens limited to one provider from the Health view', async () => {
    const api = await runningDemo();
    const row = api.healthRows()[0]?.children[0];
    assert.ok(row);
    await vscode.commands.executeCommand('sightline.openChartsForEntity', row.id);
    await until('the tab has its name', () => vscode.window.tabGroups.activeTabGroup.activeTab?.label === `Charts: ${row.label}`);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('sightline.openCharts');
  });

  test('allows nothing but its own script and styles', async () => {
    const meta = { webview: true, selector: 'meta[http-equiv="Content-Security-Policy"]' };
    await driver.wait(meta, { state: 'attached' });
    const policy = await driver.attribute(meta, 'content');
    assert.match(policy, /default-src 'none'; script-src 'nonce-[0-9a-f]{32}';/);
    assert.doesNotMatch(policy, /unsafe|script-src [^;]*\*/);
  });

  for (const [name, theme] of [
    ['dark', 'Default Dark Modern'],
    ['light', 'Default Light Modern'],
    ['high-contrast', 'Default High Contrast'],
    ['high-contrast-light', 'Default High Contrast Light'],
  ] as const) {
    test(`is legible in ${name}`, async () => {
      const settings = vscode.workspace.getConfiguration('workbench');
      const before = await readPixels();
      await settings.update('colorTheme', theme, vscode.ConfigurationTarget.Global);
      await vscode.commands.executeCommand('sightline.focusHealth');
      if (name !== 'dark') await until('the charts are repainted', async () => (await readPixels()).map(({ sum }) => sum).join() !== before.map(({ sum }) => sum).join());
      await until('the charts are painted', async () => (await readPixels()).filter(({ colours }) => colours > 3).length >= 4);
      await driver.screenshot(`charts-${name}`);
    });
  }

  test('fits narrow and wide', async () => {
    await vscode.workspace.getConfiguration('workbench').update('colorTheme', undefined, vscode.ConfigurationTarget.Global);
    for (const [name, width, height] of [['narrow', 700, 900], ['wide', 1800, 1000]] as const) {
      await driver.resize(width, height);
      await until('the charts fit', async () => (await readPixels()).filter(({ colours }) => colours > 3).length >= 1);
      const overflow = await driver.evaluate({ webview: true, selector: 'body' }, 'return element.ownerDocument.documentElement.scrollWidth - element.ownerDocument.documentElement.clientWidth');
      assert.ok(Number(overflow) <= 1, `${name}: ${String(overflow)} px too wide`);
      await driver.screenshot(`charts-${name}`);
    }
    await driver.resize(1280, 800);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});
