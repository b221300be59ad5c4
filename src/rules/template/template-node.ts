import type { GoValue } from './go-value.ts';

/** An operand or argument. `start` is its offset in the source, for messages. */
export type ArgumentNode =
  | { readonly type: 'dot' | 'nil'; readonly start: number }
  | { readonly type: 'constant'; readonly start: number; readonly value: GoValue; readonly text: string }
  | { readonly type: 'field'; readonly start: number; readonly names: readonly string[] }
  | { readonly type: 'variable'; readonly start: number; readonly name: string; readonly names: readonly string[] }
  | { readonly type: 'function'; readonly start: number; readonly name: string }
  | { readonly type: 'chain'; readonly start: number; readonly of: ArgumentNode; readonly names: readonly string[] }
  | { readonly type: 'pipe'; readonly start: number; readonly pipe: PipeNode };

export interface CommandNode {
  readonly start: number;
  readonly arguments: readonly ArgumentNode[];
}

/** `$a, $b := command | command`. */
export interface PipeNode {
  readonly start: number;
  readonly variables: readonly string[];
  readonly isAssignment: boolean;
  readonly commands: readonly CommandNode[];
}

/** A part of a template. */
export type TemplateNode =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'action'; readonly pipe: PipeNode }
  | { readonly type: 'if' | 'with' | 'range'; readonly pipe: PipeNode; readonly body: readonly TemplateNode[]; readonly otherwise: readonly TemplateNode[] }
  | { readonly type: 'template'; readonly start: number; readonly name: string; readonly pipe: PipeNode | undefined }
  | { readonly type: 'break' | 'continue' };

/** A parsed template and the ones it defines, by name. */
export interface ParsedTemplate {
  readonly name: string;
  readonly source: string;
  readonly body: readonly TemplateNode[];
  readonly definitions: ReadonlyMap<string, readonly TemplateNode[]>;
}

/** A node as Go prints it in messages. */
export function printArgument(node: ArgumentNode): string {
  switch (node.type) {
    case 'dot': return '.';
    case 'nil': return 'nil';
    case 'constant': return node.text;
    case 'field': return node.names.map((name) => `.${name}`).join('');
    case 'variable': return [node.name, ...node.names].join('.');
    case 'function': return node.name;
    case 'chain': {
      const inner = printArgument(node.of);
      return [inner, ...node.names].join('.');
    }
    case 'pipe': return `(${printPipe(node.pipe)})`;
  }
}

export function printCommand(command: CommandNode): string {
  return command.arguments.map(printArgument).join(' ');
}

function printPipe(pipe: PipeNode): string {
  const declared = pipe.variables.length === 0 ? '' : `${pipe.variables.join(', ')} ${pipe.isAssignment ? '=' : ':='} `;
  return declared + pipe.commands.map(printCommand).join(' | ');
}
