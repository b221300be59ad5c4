import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { connectedExtension } from '../support/extension.ts';
import { until } from '../support/until.ts';

suite('configuration problems', () => {
  test('are underlined in prometheus.yml and go when they are corrected', async function () {
    this.timeout(60_000);
    await connectedExtension();
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    assert.ok(folder);
    const file = vscode.Uri.joinPath(folder, 'prometheus.yml');
    const write = (text: string): Thenable<void> => vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
    const own = (): vscode.Diagnostic[] => vscode.languages.getDiagnostics(file).filter(({ source }) => source === 'sightline');
    try {
      await write('scrape_configs:\n  - job_name: a\n    scrape_intervall: 5s\n    static_configs:\n      - targets: ["127.0.0.1:1"]\n');
      const [problem] = await until('a problem is shown', () => own().length > 0 && own());
      assert.equal(problem?.range.start.line, 2, problem?.message);
      await write('scrape_configs:\n  - job_name: a\n    scrape_interval: 5s\n    static_configs:\n      - targets: ["127.0.0.1:1"]\n');
      await until('the problem is gone', () => own().length === 0);
    } finally {
      await vscode.workspace.fs.delete(file);
    }
  });
});
