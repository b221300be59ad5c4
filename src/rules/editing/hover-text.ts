import type { Expr } from '../../promql/ast.ts';
import { functionSignatures } from '../../promql/function-signatures.ts';
import { parsePromql } from '../../promql/parse.ts';
import { exprsAt } from './walk-expr.ts';

/** What the pointer rests on in a PromQL text. */
export type HoverTarget =
  | { readonly kind: 'function'; readonly name: string; readonly signature: string; readonly maturity: string; readonly range: Expr['range'] }
  /** `query` is what to ask for to show a value. */
  | { readonly kind: 'metric'; readonly name: string; readonly query: string; readonly range: Expr['range'] }
  | { readonly kind: 'expression'; readonly query: string; readonly range: Expr['range'] };

/** The innermost thing at an offset that has something to tell; undefined when the text is no PromQL. */
export function hoverTarget(text: string, offset: number): HoverTarget | undefined {
  const { expr, errors } = parsePromql(text, { experimental: true });
  if (expr === undefined || errors.length > 0) return undefined;
  const source = (node: Expr): string => text.slice(node.range.start, node.range.end);
  for (const node of exprsAt(expr, offset).toReversed()) {
    const { start } = node.range;
    if (node.type === 'call' && offset <= start + node.func.length) return functionTarget(node.func, start);
    if (node.type === 'vectorSelector') {
      const isName = node.name !== '' && offset <= start + node.name.length;
      return { kind: 'metric', name: node.name, query: source(node), range: isName ? { start, end: start + node.name.length } : node.range };
    }
    if (node.type === 'binaryExpr' || node.type === 'aggregation') return { kind: 'expression', query: source(node), range: node.range };
  }
  return { kind: 'expression', query: text, range: expr.range };
}

function functionTarget(name: string, start: number): HoverTarget {
  const { argTypes = [], returnType = 'vector', variadic = 0, maturity = 'stable' } = functionSignatures.get(name) ?? {};
  const words = { scalar: 'scalar', vector: 'instant-vector', matrix: 'range-vector', string: 'string' } as const;
  const list = argTypes.map((type, index) => (index === argTypes.length - 1 && variadic !== 0 ? `[${words[type]}${variadic === 1 ? '' : ' …'}]` : words[type]));
  return { kind: 'function', name, signature: `${name}(${list.join(', ')}) → ${words[returnType]}`, maturity, range: { start, end: start + name.length } };
}
