import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TracedRequest } from '../../../src/extension/http-request/trace-request-command.ts';
import { runningDemo } from '../support/demo.ts';
import { driver, hasDriver } from '../support/driver.ts';
import { until } from '../support/until.ts';

suite('trace a request', () => {
  let file: vscode.Uri;
  let origin = '';

  suiteSetup(async function () {
    this.timeout(120_000);
    const api = await runningDemo();
    const gateway = await until('the gateway is a target', () => api.health()?.targets.find(({ job, state }) => job === 'gateway' && state === 'healthy'));
    origin = new URL(gateway.url).origin;
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    assert.ok(folder);
    file = vscode.Uri.joinPath(folder, 'requests.http');
    const text = [
      `@gateway = ${origin}`,
      '### A completion',
      'POST {{gateway}}/v1/chat/completions',
      'Content-Type: application/json',
      '',
      '{ "model": "openai/gpt-4o-mini", "messages": [{ "role": "user", "content": "{{$uuid}}" }] }',
      '### Far away',
      'GET http://192.0.2.1/',
      '### Unknown',
      'GET {{nobody}}/',
    ].join('\n');
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
  });

  suiteTeardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(file);
  });

  test('each request has a lens that sends it, shows the answer and opens its trace', async function () {
    this.timeout(60_000);
    await vscode.window.showTextDocument(file);
    const lenses = await until('there are lenses', async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', file, 10);
      return found.length >= 3 && found;
    });
    assert.deepEqual(lenses.map(({ range, command }) => [range.start.line, command?.title]), [1, 6, 8].map((line) => [line, '$(send) Send and trace']));
    const [first] = lenses;
    assert.ok(first?.command);
    if (hasDriver) await driver.wait({ selector: '.codelens-decoration:has-text("Send and trace")' });
    const result = await vscode.commands.executeCommand<TracedRequest>(first.command.command, ...((first.command.arguments ?? []) as unknown[]));
    assert.deepEqual([result.status, result.isTraced], [200, true]);
    const answer = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'sightline-text' && uri.path.includes('200 A completion'));
    assert.match(answer?.getText() ?? '', new RegExp(`# trace ${result.traceId}\n# request id ${result.requestId}\n\nHTTP/1.1 200 OK\n`));
    await until('its trace is open', () => vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label === `Trace ${result.traceId.slice(0, 7)}`)));
    if (hasDriver) await driver.screenshot('trace-request');
  });

  setup(() => vscode.commands.executeCommand('notifications.showList'));
  teardown(() => vscode.commands.executeCommand('notifications.clearAll'));

  test('a host outside is asked about by name; without a yes nothing is sent', async function () {
    if (!hasDriver) this.skip();
    // Under test VS Code refuses modal dialogs, with their words; that is as good as a no.
    assert.equal(await vscode.commands.executeCommand<TracedRequest | undefined>('sightline.traceRequest', file.toString(), 6), undefined);
    await driver.wait({ selector: '.notifications-center :text("192.0.2.1 is not on this machine or a private network")' });
  });

  test('a variable that nothing defines is named', async function () {
    if (!hasDriver) this.skip();
    await vscode.commands.executeCommand('sightline.traceRequest', file.toString(), 8);
    await driver.wait({ selector: '.notifications-center :text("nothing defines {{nobody}}")' });
  });

  test('sets the log level of a service', async () => {
    assert.equal(await vscode.commands.executeCommand('sightline.setLogLevel', origin, 'debug'), 'debug');
    assert.equal(await vscode.commands.executeCommand('sightline.setLogLevel', origin, 'info'), 'info');
  });
});
