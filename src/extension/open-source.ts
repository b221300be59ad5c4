import { realpath } from 'node:fs/promises';
import * as vscode from 'vscode';
import { isInside, sourceCandidates } from './source-location.ts';

/**
 * Shows a source line that telemetry names. Only files inside the folders of a trusted workspace are opened, also after
 * symbolic links are followed: what arrives in telemetry must not make the editor open anything else.
 * `line` begins at 1, 0 is unknown. Throws with the reason when there is no such file.
 */
export async function openSource(path: string, line: number): Promise<void> {
  if (!vscode.workspace.isTrusted) throw new Error('source files are opened in trusted workspaces only');
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
  for (const candidate of sourceCandidates(path, folders)) {
    const real = await realpath(candidate).catch(() => undefined);
    if (real === undefined || !(await isInsideAny(folders, real))) continue;
    const position = new vscode.Position(Math.max(0, line - 1), 0);
    await vscode.window.showTextDocument(vscode.Uri.file(candidate), { selection: new vscode.Range(position, position), viewColumn: vscode.ViewColumn.Beside, preserveFocus: false });
    return;
  }
  throw new Error(`${path} is not in this workspace`);
}

async function isInsideAny(folders: readonly string[], file: string): Promise<boolean> {
  for (const folder of folders) {
    const real = await realpath(folder).catch(() => undefined);
    if (real !== undefined && isInside(real, file)) return true;
  }
  return false;
}
