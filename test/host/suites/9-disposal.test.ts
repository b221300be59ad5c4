import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ExtensionWindow } from '../../../src/extension/extension-window.ts';
import { connectedExtension } from '../support/extension.ts';
import { until } from '../support/until.ts';

/** What of this process would keep on doing something: timers, sockets, child processes, watchers. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) if (/Timeout|Pipe|Socket|Process|FSEvent|StatWatcher/.test(name)) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** Runs last: a second instance takes the views from the first. */
suite('disposal', () => {
  test('leaves no timer, socket, process, panel or diagnostic behind', async function () {
    this.timeout(60_000);
    await connectedExtension();
    const extension = vscode.extensions.getExtension('sightline.sightline');
    assert.ok(extension);
    const memento: vscode.Memento = { keys: () => [], get: () => undefined, update: () => Promise.resolve() };
    const variables: Partial<vscode.EnvironmentVariableCollection> = { forEach: () => undefined, get: () => undefined, replace: () => undefined, delete: () => undefined };
    const scoped: Partial<vscode.GlobalEnvironmentVariableCollection> = { getScoped: () => variables as vscode.EnvironmentVariableCollection };
    const environmentVariableCollection = Object.assign(scoped, variables) as vscode.GlobalEnvironmentVariableCollection;
    // The parts of a context that the window uses; the rest fails loudly when it is touched.
    const context = { extension, extensionUri: extension.extensionUri, extensionPath: extension.extensionPath, workspaceState: memento, environmentVariableCollection, globalState: { ...memento, setKeysForSync: () => undefined }, subscriptions: [] } as Partial<vscode.ExtensionContext> as vscode.ExtensionContext;
    const log = vscode.window.createOutputChannel('Sightline disposal', { log: true });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const before = resources();
    for (let round = 0; round < 3; round++) {
      const window = new ExtensionWindow(context, log);
      await until('it is connected', () => window.client.state === 'connected');
      (await window.charts()).open();
      await until('its panel is open', () => vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label === 'Charts')));
      window.dispose();
      window.dispose();
      await until('its panel is closed', () => vscode.window.tabGroups.all.every(({ tabs }) => tabs.every(({ label }) => label !== 'Charts')));
    }
    log.dispose();
    await until(
      `nothing more runs than before: ${JSON.stringify(before)}`,
      () => Object.entries(resources()).every(([name, count]) => count <= (before[name] ?? 0)),
      10_000,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}; now ${JSON.stringify(resources())}`);
    });
  });
});
