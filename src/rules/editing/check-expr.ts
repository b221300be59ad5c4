import type { Call, Expr, VectorSelector } from '../../promql/ast.ts';
import { parsePromql } from '../../promql/parse.ts';
import { nearestNames } from './nearest-names.ts';
import type { MetricFacts, RuleProblem, RuleProblemCode } from './rule-problem.ts';
import { rangeInFile, type ScalarText } from './scalar-text.ts';
import { bareExpr, walkExpr } from './walk-expr.ts';

/** What to use for a gauge in place of a function for counters. */
const FOR_GAUGES: ReadonlyMap<string, string> = new Map([['rate', 'deriv'], ['irate', 'idelta'], ['increase', 'delta']]);
/** And the other way round. */
const FOR_COUNTERS: ReadonlyMap<string, string> = new Map([['deriv', 'rate'], ['idelta', 'irate'], ['delta', 'increase']]);
const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '>', '<', '>=', '<=']);
/** What a family of these types adds to its name. */
const FAMILY_SUFFIX = /_(?:total|bucket|count|sum|created)$/;

/** Judges the expression of a rule: what PromQL refuses, and what it takes but hardly means. */
export function checkExpr(scalar: ScalarText, kind: 'alert' | 'record', facts: MetricFacts, recorded: ReadonlySet<string>): readonly RuleProblem[] {
  const problems: RuleProblem[] = [];
  const { text } = scalar;
  const add = (code: RuleProblemCode, severity: RuleProblem['severity'], range: Expr['range'], message: string, fixes: readonly { readonly title: string; readonly range: Expr['range']; readonly text: string }[] = []): void => {
    const [start, end] = rangeInFile(scalar, range.start, range.end);
    problems.push({ code, severity, message, start, end, fixes: fixes.map((fix) => {
      const [from, to] = rangeInFile(scalar, fix.range.start, fix.range.end);
      return { title: fix.title, start: from, end: to, text: fix.text };
    }) });
  };
  const { expr, errors } = parsePromql(text, { experimental: true });
  for (const { range, message } of errors) add('promql', 'error', visibleRange(range, text), message);
  if (expr === undefined || errors.length > 0) return problems;
  walkExpr(expr, (node) => {
    if (node.type === 'vectorSelector') checkSelector(node);
    if (node.type === 'call') checkCall(node);
  });
  if (kind === 'alert') checkCondition(expr);
  return problems;

  function checkSelector({ name, range }: VectorSelector): void {
    if (name === '' || facts.names === undefined || facts.names.size === 0 || facts.names.has(name) || recorded.has(name)) return;
    const written = { start: range.start, end: range.start + name.length };
    const near = nearestNames(name, new Set([...facts.names, ...recorded]));
    add('unknown-metric', 'warning', written, `no series of ${name} is stored`, near.map((other) => ({ title: `Change to ${other}`, range: written, text: other })));
  }

  function checkCall({ func, args, range }: Call): void {
    const [arg] = args;
    if (arg?.type !== 'matrixSelector') return;
    const type = typeOf(arg.selector.name, facts);
    const written = { start: range.start, end: range.start + func.length };
    const forGauge = FOR_GAUGES.get(func);
    if (forGauge !== undefined && type === 'gauge') {
      add('rate-of-gauge', 'warning', written, `${arg.selector.name} is a gauge: ${func}() takes each fall for a restart`, [{ title: `Use ${forGauge}()`, range: written, text: forGauge }]);
    }
    const forCounter = FOR_COUNTERS.get(func);
    if (forCounter !== undefined && type === 'counter') {
      add('gauge-function-of-counter', 'warning', written, `${arg.selector.name} is a counter: ${func}() takes a restart for a fall`, [{ title: `Use ${forCounter}()`, range: written, text: forCounter }]);
    }
  }

  function checkCondition(condition: Expr): void {
    const bare = bareExpr(condition);
    if (bare.type === 'vectorSelector') return;
    if (bare.type !== 'binaryExpr') {
      if (bare.type === 'aggregation' || (bare.type === 'call' && FOR_GAUGES.has(bare.func))) {
        add('always-fires', 'info', condition.range, 'without a comparison this fires for every series, whatever its value', [{ title: 'Compare with 0', range: { start: condition.range.end, end: condition.range.end }, text: ' > 0' }]);
      }
      return;
    }
    const counted = bareExpr(bare.lhs);
    const limit = bareExpr(bare.rhs);
    if (!COMPARISONS.has(bare.op) || counted.type !== 'aggregation' || counted.op !== 'count' || limit.type !== 'numberLiteral') return;
    if (!((bare.op === '==' && limit.value === 0) || (bare.op === '<' && limit.value <= 1) || (bare.op === '<=' && limit.value < 1))) return;
    add('never-fires', 'warning', bare.range, 'this never fires: count() of nothing has no value', [{ title: 'Use absent()', range: bare.range, text: `absent(${text.slice(counted.expr.range.start, counted.expr.range.end)})` }]);
  }
}

/** The type of a series' family, by the name of the series. */
export function typeOf(name: string, facts: MetricFacts): string | undefined {
  return facts.types.get(name) ?? facts.types.get(name.replace(FAMILY_SUFFIX, ''));
}

/** An error at the end of the text, or between two characters, is shown at the character before. */
function visibleRange({ start, end }: Expr['range'], text: string): Expr['range'] {
  if (end > start && start < text.trimEnd().length) return { start, end };
  const last = Math.max(0, Math.min(start, text.trimEnd().length));
  return { start: Math.max(0, last - 1), end: Math.max(last, 1) };
}
