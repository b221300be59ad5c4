import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { runningDemo } from '../support/demo.ts';
import { driver, hasDriver } from '../support/driver.ts';
import { until } from '../support/until.ts';

const RULES = ['groups:', '  - name: a', '    rules:', '      - alert: Down', '        expr: |', '          uo', '          == 0', '        labels:', '          severity: critical', ''].join('\n');

suite('rule files', () => {
  let file: vscode.Uri;
  let document: vscode.TextDocument;
  const own = (code: string): vscode.Diagnostic | undefined => vscode.languages.getDiagnostics(file).find((diagnostic) => diagnostic.source === 'sightline' && diagnostic.code === code);
  const underlined = ({ range }: vscode.Diagnostic): string => document.getText(range);

  async function fix(code: string, title: string): Promise<void> {
    const problem = await until(`${code} is underlined`, () => own(code));
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', file, problem.range, vscode.CodeActionKind.QuickFix.value);
    const action = actions.find((candidate) => candidate.title === title);
    assert.ok(action?.edit, `${code} can be mended: ${actions.map((candidate) => candidate.title).join(', ')}`);
    assert.ok(await vscode.workspace.applyEdit(action.edit));
    await until(`${code} is mended`, () => !own(code));
  }

  suiteSetup(async function () {
    this.timeout(120_000);
    await runningDemo();
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    assert.ok(folder);
    file = vscode.Uri.joinPath(folder, 'rules-under-test.yml');
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(RULES));
    document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
  });

  suiteTeardown(async () => {
    await document.save();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(file);
  });

  test('an unknown metric in a block is underlined where it stands, and mended', async function () {
    this.timeout(60_000);
    const problem = await until('an unknown metric is underlined', () => own('unknown-metric'), 40_000);
    assert.equal(underlined(problem), 'uo');
    assert.equal(problem.range.start.line, 5);
    await fix('unknown-metric', 'Change to up');
    assert.match(document.getText(), /^ {10}up$/m);
  });

  test('a missing `for` is added', async () => {
    await fix('missing-for', 'Add for: 1m');
    assert.match(document.getText(), /^ {10}== 0\n {8}for: 1m$/m);
  });

  test('broken PromQL is underlined at the right range and goes when it is mended', async () => {
    const edit = new vscode.WorkspaceEdit();
    edit.insert(file, new vscode.Position(5, 12), ' +* 1');
    await vscode.workspace.applyEdit(edit);
    const problem = await until('the error is underlined', () => own('promql'));
    assert.equal(underlined(problem), '*', problem.message);
    await vscode.commands.executeCommand('undo');
    await until('the error is gone', () => !own('promql'));
  });

  test('hover, completion and lens tell what is live', async function () {
    this.timeout(60_000);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', file, new vscode.Position(5, 11));
    const text = hovers.flatMap(({ contents }) => contents.map((content) => (content instanceof vscode.MarkdownString ? content.value : ''))).join('\n');
    assert.match(text, /up\{.*job="gateway".*\} 1/);
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', file, new vscode.Position(5, 12));
    assert.ok(items.some(({ label }) => label === 'bifrost_upstream_requests_total'));
    const lens = await until('the rule has a lens', async () => (await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', file, 20)).find(({ command }) => command?.title.includes('inactive')));
    assert.equal(lens.range.start.line, 3);
    if (hasDriver) await driver.screenshot('rule-file');
  });

  test('the preview shows what an alert would have done', async () => {
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', file, 20);
    assert.ok(lenses.some(({ command }) => /^would (?:not )?have fired .*in the last 1.h/.test(command?.title ?? '')), lenses.map(({ command }) => command?.title).join(' | '));
    const preview = lenses.find(({ command }) => command?.title.includes('Preview in chart'))?.command;
    assert.ok(preview);
    assert.equal(await vscode.commands.executeCommand(preview.command, ...((preview.arguments ?? []) as unknown[])), 'Down');
    await until('the preview is open', () => vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label === 'Preview Down')));
    if (hasDriver) await driver.screenshot('rule-preview');
  });
});
