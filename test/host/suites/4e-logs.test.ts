import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { runningDemo } from '../support/demo.ts';
import { driver, hasDriver } from '../support/driver.ts';
import { until } from '../support/until.ts';

const webview = (selector: string): { readonly selector: string; readonly webview: true } => ({ selector, webview: true });

/** Sends log lines as an app does, by OTLP. */
async function sendLogs(otlpHttp: string, lines: readonly { readonly text: string; readonly severityNumber: number; readonly requestId: string }[]): Promise<void> {
  const logRecords = lines.map(({ text, severityNumber, requestId }, at) => ({
    timeUnixNano: `${Date.now() + at}000000`,
    severityNumber,
    body: { stringValue: text },
    attributes: [{ key: 'request.id', value: { stringValue: requestId } }],
  }));
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'checkout' } }] };
  const response = await fetch(`http://${otlpHttp}/v1/logs`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] }) });
  assert.equal(response.status, 200);
}

suite('logs panel', () => {
  let otlpHttp = '';
  suiteSetup(async function () {
    if (!hasDriver) this.skip();
    this.timeout(120_000);
    otlpHttp = (await runningDemo()).status()?.endpoints.otlpHttp ?? '';
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await sendLogs(otlpHttp, [
      { text: 'order 17 placed', severityNumber: 9, requestId: 'r-1' },
      { text: 'card declined for order 17', severityNumber: 17, requestId: 'r-1' },
      { text: 'order 18 placed', severityNumber: 9, requestId: 'r-2' },
    ]);
  });

  test('finds the lines of a request by its id', async () => {
    await vscode.commands.executeCommand('sightline.openLogs', { requestId: 'r-1' });
    await until('both lines', async () => (await driver.texts(webview('.row-group:not([hidden]) .message-text'))).join('|') === 'card declined for order 17|order 17 placed');
    await driver.screenshot('logs-request');
  });

  test('reads LogQL, and follows what comes', async () => {
    await vscode.commands.executeCommand('sightline.openLogs', { services: ['checkout'], query: '|= `order` != `declined`' });
    await until('the placed orders', async () => (await driver.texts(webview('.row-group:not([hidden]) .message-text'))).join('|') === 'order 18 placed|order 17 placed');
    await sendLogs(otlpHttp, [{ text: 'order 19 placed', severityNumber: 9, requestId: 'r-3' }]);
    await until('the new line', async () => (await driver.texts(webview('.row-group:not([hidden]) .message-text')))[0] === 'order 19 placed');
  });

  test('shows where LogQL is wrong', async () => {
    await vscode.commands.executeCommand('sightline.openLogs', { services: ['checkout'], query: '{} |= order' });
    await until('the place', async () => /column \d+/.test(await driver.text(webview('.filter-problem'))));
    await driver.screenshot('logs-problem');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});
