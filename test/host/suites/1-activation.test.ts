import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activateExtension, connectedExtension } from '../support/extension.ts';

suite('activation', () => {
  test('activates by itself after the start, in under 50 ms', async () => {
    const api = await activateExtension();
    assert.ok(api.activationMs < 50, `${api.activationMs} ms`);
  });

  test('registers every command of its manifest, each with a title', async () => {
    const extension = vscode.extensions.getExtension('sightline.sightline');
    const manifest = extension?.packageJSON as { contributes: { commands: { command: string; title: string; category: string }[] } };
    const registered = new Set(await vscode.commands.getCommands(true));
    const { commands } = manifest.contributes;
    assert.deepEqual(commands.filter(({ command }) => !registered.has(command)).map(({ command }) => command), []);
    assert.deepEqual(commands.filter(({ title, category }) => title === '' || category !== 'Sightline'), []);
  });

  test('starts the collector and connects to it', async () => {
    const api = await connectedExtension();
    assert.match(api.status()?.endpoints.api ?? '', /^127\.0\.0\.1:\d+$/);
  });
});
