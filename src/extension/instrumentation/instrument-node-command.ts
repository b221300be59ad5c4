import * as vscode from 'vscode';
import type { Instrumentation } from './instrumentation.ts';
import { addNodePackageCommand, findNodeRegister } from './node-instrumentation.ts';

/** Switches the automatic instrumentation of a folder's Node programs; adds the package first, where it is missing and the user says so. */
export async function instrumentNode(instrumentation: Instrumentation, uri: string | undefined): Promise<void> {
  if (!vscode.workspace.isTrusted) throw new Error('programs of a workspace that you do not trust are not instrumented');
  await instrumentation.refresh();
  const folder = await pickFolder(instrumentation.nodeFolders, uri);
  if (!folder) return;
  const isOn = instrumentation.isNodeOn(folder);
  const register = findNodeRegister(folder.uri.fsPath);
  if (register !== undefined) {
    const choice = await vscode.window.showQuickPick(
      [
        { label: isOn ? '$(circle-slash) Stop instrumenting' : '$(zap) Instrument', detail: isOn ? 'New terminals and debug sessions run Node programs as they are.' : `New terminals and debug sessions get NODE_OPTIONS=--require ${vscode.workspace.asRelativePath(register)}` },
      ],
      { title: `Node Programs of ${folder.name}`, placeHolder: isOn ? 'Node programs load OpenTelemetry first' : 'Traces of HTTP, databases and more, without a change of the program' },
    );
    if (choice) await instrumentation.setNodeOn(folder, !isOn);
    return;
  }
  const command = addNodePackageCommand((await vscode.workspace.fs.readDirectory(folder.uri)).map(([name]) => name));
  const items = [
    { label: '$(add) Add the package, then instrument', detail: command, isOn: true },
    ...(isOn ? [{ label: '$(circle-slash) Stop instrumenting', detail: 'New terminals and debug sessions run Node programs as they are.', isOn: false }] : []),
  ];
  const choice = await vscode.window.showQuickPick(items, { title: `Node Programs of ${folder.name}`, placeHolder: 'OpenTelemetry for Node is not installed here: run this in a terminal?' });
  if (!choice) return;
  if (!choice.isOn) return instrumentation.setNodeOn(folder, false);
  if ((await runInTerminal(folder, command)) !== 0) throw new Error(`"${command}" failed; its terminal says why`);
  if (findNodeRegister(folder.uri.fsPath) === undefined) throw new Error('the package was added, but is not found from the folder');
  await instrumentation.setNodeOn(folder, true);
}

async function pickFolder(folders: readonly vscode.WorkspaceFolder[], uri: string | undefined): Promise<vscode.WorkspaceFolder | undefined> {
  const named = folders.find((folder) => folder.uri.toString() === uri);
  if (named || folders.length === 1) return named ?? folders[0];
  if (folders.length === 0) throw new Error('no folder of this workspace has a package.json at its root');
  const choice = await vscode.window.showQuickPick(folders.map((folder) => ({ label: folder.name, description: folder.uri.fsPath, folder })), { title: 'Instrument Node Programs of a Folder' });
  return choice?.folder;
}

/** Its exit code, or undefined when it ended otherwise. */
async function runInTerminal(folder: vscode.WorkspaceFolder, command: string): Promise<number | undefined> {
  const task = new vscode.Task({ type: 'shell', sightline: 'add-node-instrumentation' }, folder, 'Add OpenTelemetry for Node', 'Sightline', new vscode.ShellExecution(command, { cwd: folder.uri.fsPath }), []);
  const execution = await vscode.tasks.executeTask(task);
  return new Promise((resolve) => {
    const listener = vscode.tasks.onDidEndTaskProcess((event) => {
      if (event.execution !== execution) return;
      listener.dispose();
      resolve(event.exitCode);
    });
  });
}
