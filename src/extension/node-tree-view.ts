import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import { indexNodes, nodeSignature, type TreeNode } from './tree-node.ts';

/** How long a row is left as it is once its tooltip was asked for: repainting it would close the tooltip. */
const TOOLTIP_MS = 10_000;

/**
 * A tree view that shows {@link TreeNode}s. Rows are known to VS Code by their id alone, so an update repaints only the
 * rows that changed, and expansion, selection and scroll position stay.
 */
export class NodeTreeView implements vscode.TreeDataProvider<string>, Disposable {
  readonly #store = new DisposableStore();
  readonly #changes = this.#store.add(new vscode.EventEmitter<string[] | undefined>());
  readonly #view: vscode.TreeView<string>;
  #roots: readonly TreeNode[] = [];
  #nodes = new Map<string, TreeNode>();
  #parents = new Map<string, string>();
  /** What of each row VS Code was given last. */
  readonly #painted = new Map<string, string>();
  #hovered: { readonly id: string; readonly untilMs: number } | undefined;

  readonly onDidChangeTreeData = this.#changes.event;

  constructor(viewId: string) {
    this.#view = this.#store.add(vscode.window.createTreeView(viewId, { treeDataProvider: this, showCollapseAll: true }));
  }

  /** The rows of now. */
  get roots(): readonly TreeNode[] {
    return this.#roots;
  }

  /** The row with that id, or the selected one. */
  find(id: string | undefined): TreeNode | undefined {
    return this.#nodes.get(id ?? this.#view.selection[0] ?? '');
  }

  get isVisible(): boolean {
    return this.#view.visible;
  }

  onVisible(listener: () => void): Disposable {
    return this.#view.onDidChangeVisibility(({ visible }) => visible && listener());
  }

  setMessage(text: string | undefined): void {
    if (this.#view.message === text) return;
    // "undefined" removes the message; the type asks for the property to be absent.
    this.#view.message = text ?? '';
  }

  setBadge(value: number, tooltip: string): void {
    if ((this.#view.badge?.value ?? 0) !== value) this.#view.badge = { value, tooltip };
  }

  show(roots: readonly TreeNode[]): void {
    const before = this.#nodes;
    const rootsBefore = this.#roots;
    this.#roots = roots;
    this.#nodes = indexNodes(roots);
    this.#parents = new Map([...this.#nodes.values()].flatMap((node) => node.children.map((child) => [child.id, node.id])));
    if (!hasSameIds(rootsBefore, roots)) {
      this.#changes.fire(undefined);
      return;
    }
    for (const id of this.#painted.keys()) if (!this.#nodes.has(id)) this.#painted.delete(id);
    const held = this.#heldIds();
    const changed = [...this.#nodes.values()].filter((node) => {
      const old = before.get(node.id);
      if (old && !hasSameIds(old.children, node.children)) return true;
      const painted = this.#painted.get(node.id);
      return painted !== undefined && painted !== nodeSignature(node) && !held.has(node.id);
    });
    if (changed.length > 0) this.#changes.fire(changed.map(({ id }) => id));
  }

  getChildren(id?: string): string[] {
    return (id === undefined ? this.#roots : (this.#nodes.get(id)?.children ?? [])).map((node) => node.id);
  }

  getParent(id: string): string | undefined {
    return this.#parents.get(id);
  }

  getTreeItem(id: string): vscode.TreeItem {
    const node = this.#nodes.get(id);
    if (!node) return new vscode.TreeItem('');
    this.#painted.set(id, nodeSignature(node));
    const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(node.label, node.children.length === 0 ? None : node.isOpen === true ? Expanded : Collapsed);
    item.id = id;
    item.contextValue = node.context.join(' ');
    item.accessibilityInformation = { label: node.spoken };
    if (node.description !== undefined) item.description = node.description;
    if (node.icon) item.iconPath = new vscode.ThemeIcon(node.icon.name, node.icon.colour === undefined ? undefined : new vscode.ThemeColor(node.icon.colour));
    if (node.location) {
      const position = new vscode.Position(node.location.line, node.location.column);
      const options: vscode.TextDocumentShowOptions = { selection: new vscode.Range(position, position) };
      item.command = { command: 'vscode.open', title: 'Open', arguments: [vscode.Uri.file(node.location.file), options] };
    }
    if (node.command) item.command = { command: node.command.name, title: node.command.title, arguments: [...node.command.args] };
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, id: string): vscode.TreeItem {
    const node = this.#nodes.get(id);
    this.#hovered = { id, untilMs: Date.now() + TOOLTIP_MS };
    if (node?.tooltip) {
      const tooltip = new vscode.MarkdownString(node.tooltip(), true);
      tooltip.isTrusted = false;
      item.tooltip = tooltip;
    } else if (node) {
      item.tooltip = [node.label, node.description ?? ''].filter((text) => text !== '').join(' ');
    }
    return item;
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** The row under the pointer, and those above it: VS Code repaints a row together with the rows below it. */
  #heldIds(): ReadonlySet<string> {
    const held = new Set<string>();
    if (!this.#hovered || Date.now() > this.#hovered.untilMs) return held;
    for (let id: string | undefined = this.#hovered.id; id !== undefined; id = this.#parents.get(id)) held.add(id);
    return held;
  }
}

const hasSameIds = (a: readonly TreeNode[], b: readonly TreeNode[]): boolean => a.length === b.length && a.every((node, index) => node.id === b[index]?.id);
