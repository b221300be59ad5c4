import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { busyProviders, runningDemo } from '../support/demo.ts';
import { driver, hasDriver } from '../support/driver.ts';
import { connectedExtension } from '../support/extension.ts';
import { until } from '../support/until.ts';

const ROWS = '.pane-body .monaco-list-row';

suite('health view', () => {
  test('without telemetry it says so and offers the demo', async function () {
    if (!hasDriver) this.skip();
    await connectedExtension();
    await vscode.commands.executeCommand('sightline.focusHealth');
    await driver.wait({ selector: '.welcome-view-content:has-text("No telemetry yet") .monaco-button:has-text("Start the Demo")' });
    await driver.screenshot('health-empty');
  });

  test('lists the four providers of the demo with live values', async function () {
    this.timeout(120_000);
    const api = await runningDemo();
    const before = busyProviders(api).map(({ id, description }) => `${id} ${description ?? ''}`);
    assert.equal(new Set(busyProviders(api).map(({ label }) => label)).size, 4);
    await until('the values change', () => busyProviders(api).map(({ id, description }) => `${id} ${description ?? ''}`).join() !== before.join());
  });

  test('the rows are on the screen, spoken in words, with the chart a click away', async function () {
    if (!hasDriver) this.skip();
    const api = await runningDemo();
    await vscode.commands.executeCommand('sightline.focusHealth');
    const [first] = busyProviders(api);
    assert.ok(first);
    await driver.wait({ selector: `${ROWS}:has-text("PROVIDERS")` });
    await driver.wait({ selector: `${ROWS}[aria-label^="${first.label}, "]` });
    await driver.hover({ selector: `${ROWS}:has-text("${first.label}")` });
    await driver.wait({ selector: `${ROWS}:has-text("${first.label}") .action-label.codicon-graph-line` });
    await driver.wait({ selector: '.monaco-hover table' });
    await driver.screenshot('health-hover');
  });

  test('an open row stays open while its values change', async function () {
    if (!hasDriver) this.skip();
    const api = await runningDemo();
    const name = busyProviders(api)[0]?.label ?? '';
    await driver.click({ selector: `${ROWS}:has-text("${name}") .monaco-tl-twistie` });
    await driver.wait({ selector: `${ROWS}:has-text("latency")` });
    const before = api.health()?.atMs ?? 0;
    await until('two more snapshots came', () => (api.health()?.atMs ?? 0) > before + 2000);
    assert.ok((await driver.count({ selector: `${ROWS}:has-text("latency")` })) > 0);
    await driver.screenshot('health-open');
  });

  test('copies a value', async () => {
    const api = await runningDemo();
    const row = busyProviders(api)[0];
    assert.ok(row);
    await vscode.commands.executeCommand('sightline.copyValue', row.id);
    assert.match(await vscode.env.clipboard.readText(), new RegExp(`^${row.label}: `));
  });
});
