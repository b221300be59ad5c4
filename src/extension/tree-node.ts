/** One row of a tree view, apart from VS Code, so that what is shown can be tested as data. */
export interface TreeNode {
  /** Stable while the thing it stands for exists; VS Code keeps expansion and selection by it. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly icon?: { readonly name: string; readonly colour?: string };
  /** The row in words, for screen readers. */
  readonly spoken: string;
  /** Markdown; made when the pointer rests on the row. */
  readonly tooltip?: () => string;
  readonly children: readonly TreeNode[];
  /** Whether the row is open when it is shown for the first time. */
  readonly isOpen?: boolean;
  /** Words for the `viewItem` of menus. */
  readonly context: readonly string[];
  /** What "Copy Value" puts on the clipboard. */
  readonly copyText?: string;
  /** The provider or service that "Open Charts for This" opens. */
  readonly entityName?: string;
  /** What a click runs. */
  readonly command?: { readonly name: string; readonly title: string; readonly args: readonly unknown[] };
  /** Where a click leads. */
  readonly location?: { readonly file: string; readonly line: number; readonly column: number };
}

/** All rows of `nodes` by their id, the rows below them included. */
export function indexNodes(nodes: readonly TreeNode[], index = new Map<string, TreeNode>()): Map<string, TreeNode> {
  for (const node of nodes) {
    index.set(node.id, node);
    indexNodes(node.children, index);
  }
  return index;
}

/** What of a row is painted at once; rows with equal signatures need no repaint. */
export function nodeSignature(node: TreeNode): string {
  return [
    node.label,
    node.description ?? '',
    node.icon ? `${node.icon.name}:${node.icon.colour ?? ''}` : '',
    node.spoken,
    node.context.join(' '),
    node.children.length > 0 ? 'parent' : 'leaf',
  ].join('\n');
}

/** Escapes what Markdown would read as markup or as a cell's end. */
export const escapeMarkdown = (text: string): string => text.replaceAll(/[\\`*_{}[\]()#+\-!|<>~$&]/g, '\\$&').replaceAll(/\s+/g, ' ');
