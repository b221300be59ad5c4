import * as vscode from 'vscode';
import { parseHttpFile } from './parse-http-file.ts';

/** Files with requests, whatever extension colours them. */
export const HTTP_FILES = '**/*.{http,rest}';

/** "Send and trace" above each request of a .http file, in trusted workspaces. */
export function registerHttpCodeLens(): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider({ pattern: HTTP_FILES }, {
    provideCodeLenses: (document) => {
      if (!vscode.workspace.isTrusted) return [];
      return parseHttpFile(document.getText()).blocks.map(({ startLine }) => {
        const range = new vscode.Range(startLine, 0, startLine, 0);
        return new vscode.CodeLens(range, { command: 'sightline.traceRequest', title: '$(send) Send and trace', tooltip: 'Sends this request, shows the answer, and opens its trace when it arrives', arguments: [document.uri.toString(), startLine] });
      });
    },
  });
}
