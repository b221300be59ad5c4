import type { AtModifier, BinaryExpr, Duration, DurationExpr, Expr, LabelMatcher, MatrixSelector, VectorSelector } from './ast.ts';
import { formatPrometheusDuration } from './duration-text.ts';
import { formatGoGeneral } from './go-general.ts';
import { formatGoFloat } from './go-number.ts';
import { goQuote } from './go-quote.ts';

/**
 * An expression as one line of PromQL, as Prometheus's `Expr.String()` writes it. Where 3.5 loses meaning (`ignoring () group_left`,
 * label names that need quotes) it writes what later versions write.
 */
export function printExpr(expr: Expr): string {
  switch (expr.type) {
    case 'numberLiteral': return expr.isDuration ? printDurationMs(expr.value * 1000) : formatGoFloat(expr.value);
    case 'stringLiteral': return goQuote(expr.value);
    case 'vectorSelector': return printSelector(expr);
    case 'matrixSelector': return printMatrix(expr);
    case 'subquery': return printExpr(expr.expr) + printSubquerySuffix(expr);
    case 'parenExpr': return `(${printExpr(expr.expr)})`;
    case 'unaryExpr': return expr.op + printExpr(expr.expr);
    case 'binaryExpr': return `${printExpr(expr.lhs)} ${printOperator(expr)} ${printExpr(expr.rhs)}`;
    case 'call': return `${expr.func}(${expr.args.map(printExpr).join(', ')})`;
    case 'aggregation': {
      const param = expr.param === undefined ? '' : `${printExpr(expr.param)}, `;
      return `${printAggregator(expr)}(${param}${printExpr(expr.expr)})`;
    }
  }
}

/** An aggregation without its arguments: `sum by (a) `. */
export function printAggregator(expr: Extract<Expr, { type: 'aggregation' }>): string {
  if (expr.without) return `${expr.op} without (${printLabels(expr.grouping)}) `;
  return expr.grouping.length > 0 ? `${expr.op} by (${printLabels(expr.grouping)}) ` : expr.op;
}

/** A binary operator with its modifiers: `== bool on (a) group_left (b)`. */
export function printOperator(expr: BinaryExpr): string {
  let text: string = expr.op;
  if (expr.returnBool) text += ' bool';
  const { matching } = expr;
  if (matching === undefined) return text;
  const { card, on, labels, include, fillLeft, fillRight } = matching;
  const isGrouped = card === 'many-to-one' || card === 'one-to-many';
  if (labels.length > 0 || on || isGrouped) text += ` ${on ? 'on' : 'ignoring'} (${printLabels(labels)})`;
  if (isGrouped) text += ` group_${card === 'many-to-one' ? 'left' : 'right'} (${printLabels(include)})`;
  if (fillLeft !== undefined && fillLeft === fillRight) return `${text} fill (${formatGoGeneral(fillLeft)})`;
  if (fillLeft !== undefined) text += ` fill_left (${formatGoGeneral(fillLeft)})`;
  if (fillRight !== undefined) text += ` fill_right (${formatGoGeneral(fillRight)})`;
  return text;
}

/** What stands behind the expression of a subquery: `[5m:1m] @ 3.000 offset 1h`. */
export function printSubquerySuffix(expr: Extract<Expr, { type: 'subquery' }>): string {
  const step = expr.step === undefined ? '' : printDuration(expr.step);
  return `[${printDuration(expr.window)}:${step}]${printAt(expr.at)}${printOffset(expr.offset)}`;
}

function printSelector(selector: VectorSelector): string {
  const { at, offset, extension } = selector;
  const modifier = extension === undefined ? '' : ` ${extension}`;
  return `${printNameAndMatchers(selector)}${printAt(at)}${modifier}${printOffset(offset)}`;
}

function printMatrix({ selector, window }: MatrixSelector): string {
  const modifier = selector.extension === undefined ? '' : ` ${selector.extension}`;
  return `${printNameAndMatchers(selector)}[${printDuration(window)}]${modifier}${printAt(selector.at)}${printOffset(selector.offset)}`;
}

function printNameAndMatchers({ name, matchers }: VectorSelector): string {
  const shown = matchers
    .filter((matcher) => !(matcher.name === '__name__' && matcher.type === '=' && matcher.value === name && name !== ''))
    .map(printMatcher);
  if (shown.length === 0) return name;
  return `${name}{${shown.sort(compareCodePoints).join(',')}}`;
}

function printMatcher({ name, type, value }: LabelMatcher): string {
  return `${/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? name : goQuote(name)}${type}${goQuote(value)}`;
}

/** Go sorts by bytes of UTF-8, which is the order of code points. */
function compareCodePoints(a: string, b: string): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    if (a[i] !== b[i]) return (a.codePointAt(i) ?? 0) - (b.codePointAt(i) ?? 0);
  }
  return a.length - b.length;
}

function printLabels(labels: readonly string[]): string {
  return labels.map((label) => (/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(label) ? label : goQuote(label))).join(', ');
}

function printAt(at: AtModifier | undefined): string {
  if (at === undefined) return '';
  return at.kind === 'timestamp' ? ` @ ${(at.timestampMs / 1000).toFixed(3)}` : ` @ ${at.kind}()`;
}

function printOffset(offset: Duration): string {
  if ('ms' in offset) return offset.ms === 0 ? '' : ` offset ${printDurationMs(offset.ms)}`;
  return ` offset ${printDurationExpr(offset.expr)}`;
}

function printDuration(duration: Duration): string {
  return 'ms' in duration ? printDurationMs(duration.ms) : printDurationExpr(duration.expr);
}

function printDurationMs(ms: number): string {
  return ms < 0 ? `-${formatPrometheusDuration(-ms)}` : formatPrometheusDuration(ms);
}

/** Arithmetic on durations as PromQL. */
export function printDurationExpr(expr: DurationExpr): string {
  switch (expr.type) {
    case 'durationNumber': return expr.isDuration ? printDurationMs(expr.seconds * 1000) : formatGoFloat(expr.seconds);
    case 'durationStep': return 'step()';
    case 'durationRange': return 'range()';
    // As upstream: a plus is not printed.
    case 'durationUnary': return (expr.op === '-' ? '-' : '') + printDurationExpr(expr.expr);
    case 'durationParen': return `(${printDurationExpr(expr.expr)})`;
    case 'durationMinMax': return `${expr.op}_of(${printDurationExpr(expr.lhs)}, ${printDurationExpr(expr.rhs)})`;
    case 'durationBinary': {
      const text = `${printDurationExpr(expr.lhs)} ${expr.op} ${printDurationExpr(expr.rhs)}`;
      return expr.wrapped ? `(${text})` : text;
    }
  }
}
