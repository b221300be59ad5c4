import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { connectedExtension } from '../support/extension.ts';

suite('source links', () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file('/');
  const source = vscode.Uri.joinPath(folder, 'src', 'checkout.py');

  suiteSetup(async () => {
    await connectedExtension();
    await vscode.workspace.fs.writeFile(source, new TextEncoder().encode('import os\n\n\ndef check_out(cart):\n    raise ValueError("empty")\n'));
  });

  suiteTeardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder, 'src'), { recursive: true });
  });

  const active = (): [string, number] => [vscode.window.activeTextEditor?.document.uri.path ?? '', vscode.window.activeTextEditor?.selection.active.line ?? -1];

  test("a frame of a container's stack trace leads to the line here", async () => {
    await vscode.commands.executeCommand('sightline.openStackFrame', 'Traceback:\n  File "/usr/src/app/src/checkout.py", line 5, in check_out\n  File "/usr/lib/python3.12/runpy.py", line 1, in run');
    assert.deepEqual(active(), [source.path, 4]);
  });

  test('the line under the cursor is taken as a frame', async () => {
    const log = await vscode.workspace.openTextDocument({ content: 'boom\n  File "/app/src/checkout.py", line 2, in check_out\n' });
    const editor = await vscode.window.showTextDocument(log);
    editor.selection = new vscode.Selection(1, 3, 1, 3);
    await vscode.commands.executeCommand('sightline.openStackFrame');
    assert.deepEqual(active(), [source.path, 1]);
  });

  test('the attributes of a span lead there, by the function alone too', async () => {
    await vscode.commands.executeCommand('sightline.openSource', { 'code.filepath': '/app/src/checkout.py', 'code.lineno': 3 });
    assert.deepEqual(active(), [source.path, 2]);
    await vscode.commands.executeCommand('sightline.openSource', { 'code.function.name': 'shop.check_out' });
    assert.deepEqual(active(), [source.path, 3]);
  });

  test('nothing outside of the workspace is opened', async () => {
    const before = active();
    assert.equal(await vscode.commands.executeCommand('sightline.openSource', { 'code.file.path': process.execPath, 'code.line.number': 1 }), undefined);
    assert.deepEqual(active(), before);
    await vscode.commands.executeCommand('notifications.clearAll');
  });
});
