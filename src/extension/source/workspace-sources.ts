import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { pathMappings } from '../settings.ts';
import { findDeclaration } from './find-declaration.ts';
import { resolveSource, type SourceEnvironment, type SourcePlace } from './resolve-source.ts';
import { sourceReferenceOf, type SourceReference } from './source-reference.ts';

const MAX_TEXT_BYTES = 20 * 1024 * 1024;
const MAX_SCANNED_FILES = 800;
const MAX_SCANNED_BYTES = 300_000;
const NOT_OURS = '**/{node_modules,.git,dist,out,build,vendor,target,.venv,venv}/**';
const SOURCE_FILES = '**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,go,py,java,kt,rs,rb,php,cs,scala}';

/** The place in this window's folders that telemetry means; undefined when there is none, or when the workspace is not trusted. */
export function findSource(reference: SourceReference): Promise<SourcePlace | undefined> {
  return vscode.workspace.isTrusted ? resolveSource(reference, workspaceEnvironment()) : Promise.resolve(undefined);
}

/** Shows the place that `reference` means, beside a panel that asked for it. Rejects with the reason when there is none. */
export async function openSourceReference(reference: SourceReference, isBeside = false): Promise<SourcePlace> {
  if (!vscode.workspace.isTrusted) throw new Error('source files are opened in trusted workspaces only');
  const place = await findSource(reference);
  if (!place) throw new Error(`${reference.file ?? reference.functionName ?? 'the source'} is not in this workspace; the setting sightline.source.pathMappings tells where it lies`);
  await showPlace(place, isBeside);
  return place;
}

/** The command `sightline.openSource`: takes the attributes of a span or log record, which name the place by `code.*`. */
export function openSourceOf(attributes: unknown): Promise<SourcePlace> {
  const reference = typeof attributes === 'object' && attributes !== null ? sourceReferenceOf({ ...attributes }) : undefined;
  if (!reference) throw new Error('no source line is named here: code.file.path and code.function.name are missing');
  return openSourceReference(reference);
}

/** Opens a found place with the cursor on it. */
export async function showPlace({ file, line, column }: SourcePlace, isBeside = false): Promise<void> {
  const position = new vscode.Position(line - 1, column - 1);
  await vscode.window.showTextDocument(vscode.Uri.file(file), { selection: new vscode.Range(position, position), viewColumn: isBeside ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active, preserveFocus: false });
}

function workspaceEnvironment(): SourceEnvironment {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => slashes(uri.fsPath));
  return { folders, mappings: pathMappings(), exists: (path) => isFileInside(path, folders), filesNamed, readText, findFunction: (name) => findFunction(name, folders) };
}

/** Links are followed first: what arrives in telemetry must not make the editor open anything outside. */
async function isFileInside(path: string, folders: readonly string[]): Promise<boolean> {
  try {
    const real = await realpath(path);
    if (!(await stat(real)).isFile()) return false;
    for (const folder of folders) {
      const way = relative(await realpath(folder), real);
      if (way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return true;
    }
  } catch {
    // It is not there.
  }
  return false;
}

async function filesNamed(name: string): Promise<readonly string[]> {
  const pattern = name.replaceAll(/[[\]{}*?]/g, '?');
  const uris = await vscode.workspace.findFiles(`**/${pattern}`, '**/.git/**', 200);
  return uris.filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => slashes(fsPath)).filter((path) => path.endsWith(`/${name}`));
}

async function readText(path: string, limitBytes = MAX_TEXT_BYTES): Promise<string | undefined> {
  const uri = vscode.Uri.file(path);
  try {
    if ((await vscode.workspace.fs.stat(uri)).size > limitBytes) return undefined;
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}

/** Asks the language services, then looks through the sources themselves; the second is bounded. */
async function findFunction(name: string, folders: readonly string[]): Promise<{ readonly file: string; readonly line: number } | undefined> {
  const { Function, Method, Constructor } = vscode.SymbolKind;
  const symbols = await vscode.commands.executeCommand<vscode.SymbolInformation[] | undefined>('vscode.executeWorkspaceSymbolProvider', name);
  for (const { name: found, kind, location } of symbols ?? []) {
    const file = slashes(location.uri.fsPath);
    if (found.replace(/\(.*$/, '') === name && [Function, Method, Constructor].includes(kind) && (await isFileInside(file, folders))) return { file, line: location.range.start.line + 1 };
  }
  for (const uri of await vscode.workspace.findFiles(SOURCE_FILES, NOT_OURS, MAX_SCANNED_FILES)) {
    const text = await readText(uri.fsPath, MAX_SCANNED_BYTES);
    const line = text?.includes(name) === true ? findDeclaration(text, name) : undefined;
    if (line !== undefined) return { file: slashes(uri.fsPath), line };
  }
  return undefined;
}

const slashes = (path: string): string => path.replaceAll('\\', '/');
