import { goQuote } from './go-quote.ts';
import { token } from './token.ts';
import type { TokenType } from './token.ts';

/**
 * A token as Prometheus's "unexpected …" messages name it (promql/parser/lex.go, Item.desc): `<op:*>`, `<by>`, `identifier "x"`,
 * `end of input`.
 */
export function describeToken(type: TokenType, text: string, isExperimental: boolean): string {
  if (type === token.end) return 'end of input';
  if (type === token.identifier) return `identifier ${goQuote(text)}`;
  if (type === token.metricIdentifier) return `metric identifier ${goQuote(text)}`;
  if (type === token.string) return `string ${shortQuote(text)}`;
  if (type === token.number) return `number ${shortQuote(text)}`;
  if (type === token.duration) return `duration ${shortQuote(text)}`;
  // Prometheus 3.5 has no name for this one and prints the number that its parser generator gave it.
  if (type === token.at) return isExperimental ? '<op:@>' : '"<Item 57400>" <op:@>';
  if (isOperator(type)) return `<op:${text}>`;
  if (type === token.aggregator) return `<aggr:${text}>`;
  if (type >= token.bool && type <= token.smoothed) return `<${text}>`;
  return shortQuote(text);
}

function isOperator(type: TokenType): boolean {
  return (type >= token.add && type <= token.atan2) || type === token.regexMatch || type === token.regexNotMatch;
}

function shortQuote(text: string): string {
  if (text.length <= 10) return goQuote(text);
  const runes = Array.from(text);
  // Go counts bytes to decide and characters to cut.
  return `${goQuote(runes.slice(0, 10).join(''))}...`;
}
