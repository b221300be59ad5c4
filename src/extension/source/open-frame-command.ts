import * as vscode from 'vscode';
import { parseStackFrames, type StackFrame } from './stack-frames.ts';
import type { SourcePlace } from './resolve-source.ts';
import { findSource, showPlace } from './workspace-sources.ts';

/** More frames of a trace are not looked for. */
const MAX_FRAMES = 50;

/**
 * Opens the source of a stack frame: of `text`, else of what is selected in the terminal or editor (there the cursor's line will do),
 * else of what the user pastes. With several frames in the workspace the user picks one.
 */
export async function openStackFrame(text: string | undefined, isTerminal: boolean): Promise<SourcePlace | undefined> {
  if (!vscode.workspace.isTrusted) throw new Error('source files are opened in trusted workspaces only');
  const trace = text ?? (isTerminal ? await terminalSelection() : editorSelection()) ?? (await vscode.window.showInputBox({ title: 'Open Source of Stack Frame', prompt: 'A line of a stack trace of JavaScript, Go, Python or the JVM' }));
  if (trace === undefined) return undefined;
  const frames = parseStackFrames(trace).slice(0, MAX_FRAMES);
  if (frames.length === 0) throw new Error('this is no stack frame of JavaScript, Go, Python or the JVM');
  const found: { readonly frame: StackFrame; readonly place: SourcePlace }[] = [];
  for (const frame of frames) {
    // Not by the function's name: a frame of a library would lead to whatever is called the same here.
    const place = await findSource({ file: frame.file, line: frame.line, column: frame.column });
    if (place) found.push({ frame, place });
  }
  if (found.length === 0) throw new Error(`${frames[0]?.file ?? ''} is not in this workspace; the setting sightline.source.pathMappings tells where it lies`);
  const items = found.map(({ frame, place }) => ({ label: frame.functionName ?? frame.text, description: `${vscode.workspace.asRelativePath(place.file)}:${place.line}`, place }));
  const place = items.length === 1 ? items[0]?.place : (await vscode.window.showQuickPick(items, { title: 'Open Source of Stack Frame' }))?.place;
  if (place) await showPlace(place);
  return place;
}

function editorSelection(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return undefined;
  const { selection, document } = editor;
  const text = selection.isEmpty ? document.lineAt(selection.active.line).text : document.getText(selection);
  return parseStackFrames(text).length > 0 ? text : undefined;
}

/** There is no other way to a terminal's selection than the clipboard, which gets back what it held. */
async function terminalSelection(): Promise<string | undefined> {
  const before = await vscode.env.clipboard.readText();
  await vscode.env.clipboard.writeText('');
  await vscode.commands.executeCommand('workbench.action.terminal.copySelection');
  const text = await vscode.env.clipboard.readText();
  await vscode.env.clipboard.writeText(before);
  return text === '' ? undefined : text;
}
