import { fail, ok, type Result } from '../base/result.ts';
import type { LabelMatcher } from '../promql/ast.ts';
import { checkRegex } from '../promql/matcher.ts';
import type { Grouping, LogqlProblem, LogqlQuery, LogQuery, MetricQuery, Stage } from './ast.ts';
import { lexLogql } from './lex-logql.ts';
import { checkLinePattern } from './line-pattern.ts';
import { parseLabelFilter } from './parse-label-filter.ts';
import { LogqlSyntaxError, TokenReader } from './token-reader.ts';

/** Stages, functions and operators of LogQL that are known and not done here. */
const OTHER_STAGES: readonly string[] = ['unpack', 'regexp', 'pattern', 'line_format', 'label_format', 'decolorize', 'keep', 'unwrap', 'distinct'];
const OTHER_FUNCTIONS: readonly string[] = [
  'bytes_over_time', 'bytes_rate', 'absent_over_time', 'sum_over_time', 'avg_over_time', 'max_over_time', 'min_over_time', 'first_over_time', 'last_over_time',
  'stddev_over_time', 'stdvar_over_time', 'quantile_over_time', 'rate_counter', 'avg', 'min', 'max', 'count', 'stddev', 'stdvar', 'topk', 'bottomk', 'approx_topk',
  'sort', 'sort_desc', 'label_replace',
];

/**
 * Reads a query of LogQL: stream selector, line filters, `json`, `logfmt`, `drop`, label filters; `rate` and `count_over_time` with `sum`.
 * What else LogQL has is answered with "not supported yet". Unlike Loki, an empty selector is allowed: it selects everything.
 */
export function parseLogql(query: string): Result<LogqlQuery, LogqlProblem> {
  const { tokens, problem } = lexLogql(query);
  if (problem) return fail(problem);
  const reader = new TokenReader(tokens);
  try {
    const parsed = parseQuery(reader);
    const { current } = reader;
    if (current.kind === 'symbol' && ['+', '-', '*', '/', '%', '^', '==', '!=', '>', '>=', '<', '<='].includes(current.text)) reader.unsupported(`the operator ${current.text} between queries`);
    if (current.kind === 'name' && ['and', 'or', 'unless', 'offset', 'by', 'without'].includes(current.text)) reader.unsupported(current.text);
    if (current.kind !== 'end') reader.unexpected('the end of the query');
    return ok(parsed);
  } catch (error) {
    if (error instanceof LogqlSyntaxError) return fail(error.problem);
    throw error;
  }
}

/** A problem as Loki words it: `parse error at line 1, col 5: …`. */
export function describeLogqlProblem(query: string, { message, startOffset }: LogqlProblem): string {
  const before = query.slice(0, startOffset).split('\n');
  return `parse error at line ${before.length}, col ${before.at(-1)!.length + 1}: ${message}`;
}

function parseQuery(reader: TokenReader): LogqlQuery {
  if (reader.is('{')) return parseLog(reader);
  if (reader.is('vector')) return parseConstant(reader);
  if (reader.accept('sum')) {
    const before = parseGrouping(reader);
    reader.expect('(');
    const metric = parseRange(reader);
    reader.expect(')');
    const sum = before ?? parseGrouping(reader) ?? { isWithout: false, names: [] };
    return { ...metric, sum };
  }
  return parseRange(reader);
}

function parseRange(reader: TokenReader): MetricQuery {
  const token = reader.current;
  if (token.kind === 'name' && (OTHER_FUNCTIONS.includes(token.text) || token.text === 'sum')) reader.unsupported(token.text);
  if (token.kind === 'number' || reader.is('(') || reader.is('-')) reader.unsupported('arithmetic');
  if (token.text !== 'rate' && token.text !== 'count_over_time') reader.unexpected('a stream selector {…}, rate, count_over_time or sum');
  reader.next();
  reader.expect('(');
  const matchers = parseMatchers(reader);
  // Loki also takes the range right after the selector, before the pipeline.
  const early = reader.is('[') ? parseWindow(reader) : undefined;
  const stages = parseStages(reader);
  const rangeNano = early ?? parseWindow(reader);
  if (reader.is('offset')) reader.unsupported('offset');
  reader.expect(')');
  return { kind: 'metric', function: token.text, log: { kind: 'log', matchers, stages }, rangeNano, sum: undefined };
}

function parseWindow(reader: TokenReader): number {
  reader.expect('[');
  const token = reader.current;
  if (token.kind !== 'duration') {
    if (token.kind === 'name' && token.text.startsWith('__')) reader.unsupported(`the variable ${token.text}`);
    reader.unexpected('a duration such as 5m');
  }
  reader.next();
  if (token.value <= 0) reader.fail('the range must be longer than nothing', token);
  reader.expect(']');
  return token.value;
}

function parseGrouping(reader: TokenReader): Grouping | undefined {
  const isWithout = reader.is('without');
  if (!isWithout && !reader.is('by')) return undefined;
  reader.next();
  reader.expect('(');
  const names: string[] = [];
  while (!reader.is(')')) {
    names.push(reader.name('a label'));
    if (!reader.accept(',')) break;
  }
  reader.expect(')');
  return { isWithout, names };
}

function parseConstant(reader: TokenReader): LogqlQuery {
  let value = 0;
  do {
    reader.expect('vector');
    reader.expect('(');
    const token = reader.current;
    if (token.kind !== 'number') reader.unexpected('a number');
    value += token.value;
    reader.next();
    reader.expect(')');
  } while (reader.accept('+'));
  return { kind: 'constant', value };
}

function parseLog(reader: TokenReader): LogQuery {
  return { kind: 'log', matchers: parseMatchers(reader), stages: parseStages(reader) };
}

function parseMatchers(reader: TokenReader): LabelMatcher[] {
  reader.expect('{');
  const matchers: LabelMatcher[] = [];
  while (!reader.is('}')) {
    const name = reader.name('a label');
    const operator = reader.next();
    const type = operator.kind === 'symbol' ? operator.text : '';
    if (type !== '=' && type !== '!=' && type !== '=~' && type !== '!~') reader.fail(`expecting =, !=, =~ or !~ after the label ${name}`, operator);
    const at = reader.current;
    const value = reader.string('a text in quotes');
    const problem = type === '=~' || type === '!~' ? checkRegex(value) : undefined;
    if (problem !== undefined) reader.fail(problem, at);
    matchers.push({ name, type, value });
    if (!reader.accept(',')) break;
  }
  reader.expect('}');
  return matchers;
}

function parseStages(reader: TokenReader): Stage[] {
  const stages: Stage[] = [];
  for (;;) {
    const { text, kind } = reader.current;
    if (kind !== 'symbol') return stages;
    if (text === '|>' || text === '!>') reader.unsupported(`the pattern filter ${text}`);
    if (text === '|=' || text === '|~' || text === '!=' || text === '!~') stages.push(parseLineFilter(reader, text));
    else if (reader.accept('|')) stages.push(parseStage(reader));
    else return stages;
  }
}

function parseLineFilter(reader: TokenReader, op: '|=' | '!=' | '|~' | '!~'): Stage {
  reader.next();
  const token = reader.current;
  if (token.kind === 'name' && token.text === 'ip') reader.unsupported('matching addresses with ip()');
  const text = reader.string('a text in quotes');
  const problem = op === '|~' || op === '!~' ? checkLinePattern(text) : undefined;
  if (problem !== undefined) reader.fail(problem, token);
  if (reader.is('or')) reader.unsupported('or between line filters');
  return { kind: 'line', op, text };
}

function parseStage(reader: TokenReader): Stage {
  const { text, kind } = reader.current;
  if (kind === 'name' && OTHER_STAGES.includes(text)) reader.unsupported(`| ${text}`);
  if (kind === 'name' && (text === 'json' || text === 'logfmt')) {
    reader.next();
    if (reader.current.kind === 'name') reader.unsupported(`| ${text} with parameters`);
    if (reader.current.text.startsWith('--')) reader.unsupported(`the flag ${reader.current.text}`);
    return { kind: text };
  }
  if (kind === 'name' && text === 'drop') {
    reader.next();
    const names: string[] = [];
    do {
      names.push(reader.name('a label'));
      if (reader.current.kind === 'symbol' && /^[=!][=~]?$/.test(reader.current.text)) reader.unsupported('| drop with a condition');
    } while (reader.accept(','));
    return { kind: 'drop', names };
  }
  return { kind: 'label', filter: parseLabelFilter(reader) };
}
