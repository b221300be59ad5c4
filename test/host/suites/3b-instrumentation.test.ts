import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { connectedExtension } from '../support/extension.ts';
import { until } from '../support/until.ts';

/** Prints the environment as JSON into a file that appears when it is whole. */
const program = (file: string): string => `require('fs').writeFileSync(${JSON.stringify(`${file}.part`)}, JSON.stringify(process.env)); require('fs').renameSync(${JSON.stringify(`${file}.part`)}, ${JSON.stringify(file)})`;

async function environmentFrom(what: string, start: (file: string) => void | Promise<void>): Promise<Record<string, string>> {
  const file = join(tmpdir(), `sightline-environment-${process.pid}-${what}.json`);
  rmSync(file, { force: true });
  try {
    await start(file);
    await until(`the ${what} has run`, () => existsSync(file));
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  } finally {
    rmSync(file, { force: true });
  }
}

const inTerminal = (): Promise<Record<string, string>> =>
  environmentFrom('terminal', (file) => {
    vscode.window.createTerminal({ name: 'environment', shellPath: process.execPath, shellArgs: ['-e', program(file)], env: { ELECTRON_RUN_AS_NODE: '1' } });
  });

const otelOf = (environment: Record<string, string>): Record<string, string> => Object.fromEntries(Object.entries(environment).filter(([name]) => name.startsWith('OTEL_')).sort(([a], [b]) => a.localeCompare(b)));

suite('instrumentation', () => {
  const folder = vscode.workspace.workspaceFolders?.[0];
  const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('sightline.instrumentation');
  let expected: Record<string, string>;

  suiteSetup(async () => {
    const api = await connectedExtension();
    await until('the row says on', () => api.sourcesRows().flatMap(({ children }) => children).some(({ label, description }) => label === 'Terminals' && description === `on → ${api.status()?.endpoints.otlpHttp ?? ''}`));
    expected = {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${api.status()?.endpoints.otlpHttp ?? ''}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_RESOURCE_ATTRIBUTES: `vscode.workspace.folder=${folder?.uri.fsPath ?? ''}`,
      OTEL_SERVICE_NAME: folder?.name ?? '',
    };
  });

  teardown(async () => {
    for (const name of ['terminals', 'debugSessions']) await settings().update(name, undefined, vscode.ConfigurationTarget.Global);
    for (const terminal of vscode.window.terminals) terminal.dispose();
  });

  test('a terminal has the address of the collector and the service name', async () => {
    assert.deepEqual(otelOf(await inTerminal()), expected);
  });

  test('a package.json renames the service', async () => {
    assert.ok(folder);
    const file = vscode.Uri.joinPath(folder.uri, 'package.json');
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode('{"name":"@acme/shop"}'));
    try {
      await until('a terminal has the new name', async () => (await inTerminal())['OTEL_SERVICE_NAME'] === '@acme/shop');
    } finally {
      await vscode.workspace.fs.delete(file);
    }
    await until('the old name is back', async () => (await inTerminal())['OTEL_SERVICE_NAME'] === expected['OTEL_SERVICE_NAME']);
  });

  test('a click in the Sources view switches terminals off', async () => {
    await vscode.commands.executeCommand('sightline.toggleTerminalInstrumentation');
    assert.equal(settings().get('terminals'), false);
    await until('a terminal has nothing', async () => Object.keys(otelOf(await inTerminal())).length === 0);
  });

  test('a debug session has the same, and what the user set stays', async function () {
    if (!vscode.extensions.getExtension('ms-vscode.js-debug')) this.skip();
    assert.ok(folder);
    const script = vscode.Uri.joinPath(folder.uri, 'environment.cjs');
    const inDebugSession = (env: Record<string, string>): Promise<Record<string, string>> =>
      environmentFrom('debug session', async (file) => {
        await vscode.workspace.fs.writeFile(script, new TextEncoder().encode(program(file)));
        await vscode.debug.startDebugging(folder, { type: 'node', request: 'launch', name: 'environment', program: script.fsPath, runtimeExecutable: process.execPath, env, internalConsoleOptions: 'neverOpen' });
      });
    try {
      assert.deepEqual(otelOf(await inDebugSession({})), expected);
      assert.deepEqual(otelOf(await inDebugSession({ OTEL_SERVICE_NAME: 'mine' })), { ...expected, OTEL_SERVICE_NAME: 'mine' });
      await settings().update('debugSessions', false, vscode.ConfigurationTarget.Global);
      assert.deepEqual(otelOf(await inDebugSession({})), {});
    } finally {
      await vscode.workspace.fs.delete(script);
    }
  });
});
