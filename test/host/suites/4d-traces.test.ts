import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { runningDemo } from '../support/demo.ts';
import { driver, hasDriver } from '../support/driver.ts';
import { until } from '../support/until.ts';

const inPanel = (selector: string): { readonly webview: true; readonly selector: string } => ({ webview: true, selector });

suite('traces panel', () => {
  suiteSetup(async function () {
    if (!hasDriver) this.skip();
    this.timeout(120_000);
    await runningDemo();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  suiteTeardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  test('lists the traces of the demo', async () => {
    await vscode.commands.executeCommand('sightline.openTraces');
    await until('traces are listed', async () => (await driver.count(inPanel('.trace-row')).catch(() => 0)) > 0);
  });

  test('finds a failing request, opens it, and stands on the failing span', async () => {
    await vscode.commands.executeCommand('sightline.openTraces', { onlyErrors: true });
    await until('only failing ones are listed', async () => (await driver.count(inPanel('.trace-row'))) > 0 && (await driver.count(inPanel('.trace-mark:not(.is-error)'))) === 0);
    await driver.click(inPanel('.trace-row'));
    await driver.wait(inPanel('.waterfall'));
    await driver.wait(inPanel('.details .failure'));
    assert.match(await driver.text(inPanel('.trace-title .facts')), /error/);
    await until('bars are painted', async () => {
      const colours = await driver.evaluate(inPanel('.waterfall-canvas'), 'const { data } = element.getContext("2d").getImageData(0, 0, element.width, element.height); const seen = new Set(); for (let i = 0; i < data.length; i += 4) seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]); return seen.size;');
      return Number(colours) > 5;
    });
  });

  test('goes back to the list', async () => {
    await driver.click(inPanel('.trace-header .icon-button'));
    await driver.wait(inPanel('.filter-bar'));
  });
});
