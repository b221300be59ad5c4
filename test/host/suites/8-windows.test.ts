import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { runningDemo } from '../support/demo.ts';
import { driver, hasDriver } from '../support/driver.ts';
import { until } from '../support/until.ts';

const ITEM = '.statusbar-item[id^="sightline.sightline"]';

suite('several windows', () => {
  suiteSetup(async function () {
    if (!hasDriver) this.skip();
    this.timeout(120_000);
    await runningDemo();
  });

  test('share one collector, and one survives the closing of another', async function () {
    this.timeout(120_000);
    const api = await runningDemo();
    const pid = api.status()?.pid;
    await driver.openWindow('second');
    await driver.openWindow('third');
    // The open Sources view keeps the collector's numbers fresh.
    await vscode.commands.executeCommand('sightline.focusSources');
    await until('the collector has three windows', () => api.status()?.windows === 3, 60_000);
    for (const page of ['second', 'third']) await until(`${page} shows providers`, async () => /\/\d/.test(await driver.text({ page, selector: ITEM })), 30_000);
    await driver.click({ selector: '.pane-header:has-text("Health") .pane-header-title, .pane-header:has-text("Health") .title' });
    await driver.screenshot('sources');
    await vscode.commands.executeCommand('sightline.focusHealth');
    await driver.closeWindow('second');
    const before = await driver.attribute({ page: 'third', selector: `${ITEM} a` }, 'aria-label');
    assert.match(before, /healthy/);
    assert.equal(api.status()?.pid, pid);
    assert.equal(api.connection(), 'connected');
    await driver.closeWindow('third');
    await vscode.commands.executeCommand('sightline.focusSources');
    await until('the collector has one window', () => api.status()?.windows === 1, 60_000);
  });

  test('a window restores its Charts panel after a reload', async function () {
    this.timeout(120_000);
    const folder = mkdtempSync(join(tmpdir(), 'sightline-window-'));
    try {
      // Windows on the same folder would share what VS Code remembers of it.
      await driver.openWindow('own', folder);
      await until('it shows providers', async () => /\/\d/.test(await driver.text({ page: 'own', selector: ITEM })), 30_000);
      await driver.click({ page: 'own', selector: `${ITEM} a` });
      await driver.wait({ page: 'own', webview: true, selector: 'canvas' });
      await driver.press('F1', 'own');
      await driver.type('Developer: Reload Window', 'own');
      await driver.wait({ page: 'own', selector: '.quick-input-list .monaco-list-row.focused:has-text("Reload Window")' });
      await driver.press('Enter', 'own');
      await driver.wait({ page: 'own', selector: '.quick-input-list .monaco-list-row' }, { state: 'hidden' });
      await driver.wait({ page: 'own', selector: '.tab:has-text("Charts")' }, { timeout: 30_000 });
      await driver.wait({ page: 'own', webview: true, selector: 'canvas' }, { timeout: 30_000 });
      await until('it shows providers again', async () => /\/\d/.test(await driver.text({ page: 'own', selector: ITEM })), 30_000);
      await driver.screenshot('charts-restored', 'own');
      await driver.closeWindow('own');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

suite('the end', () => {
  test('the demo ends when it is told to', async () => {
    const api = await runningDemo();
    const target = api.health()?.targets.find(({ job }) => job === 'gateway')?.url;
    assert.ok(target);
    await vscode.commands.executeCommand('sightline.stopDemo');
    await until('the gateway is gone', () => fetch(target).then(() => false, () => true));
  });
});
