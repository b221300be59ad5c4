import assert from 'node:assert/strict';
import { exprToJson } from '../../src/promql/expr-to-json.ts';
import { formatExpr } from '../../src/promql/format-expr.ts';
import { formatParseError } from '../../src/promql/parse-error.ts';
import { parsePromql } from '../../src/promql/parse.ts';
import { createRandom, mutateText, PromqlGenerator } from '../support/promql-random.ts';
import { findPrometheus, startPrometheus, type PrometheusProcess } from './support/oracle-process.ts';

interface Answer {
  readonly status: string;
  readonly error: string;
  readonly data: unknown;
}

function toAnswer(value: unknown): Answer {
  assert.ok(typeof value === 'object' && value !== null && 'status' in value);
  const error = 'error' in value ? String(value.error) : '';
  return { status: String(value.status), error, data: 'data' in value ? value.data : undefined };
}

async function post(url: string, path: string, query: string): Promise<Answer> {
  const response = await fetch(`${url}${path}`, { method: 'POST', body: new URLSearchParams({ query }) });
  return toAnswer(await response.json());
}

/** What Prometheus 3.5 does wrong, and later versions and this parser do not. */
function isKnownDeviation(mine: string, theirs: string): boolean {
  // It crashes on some groupings that follow an error.
  if (theirs === 'unexpected error') return true;
  // Its printer forgets quotes, and groupings without labels.
  if (/(?:on|ignoring|group_left|group_right) \([^)]*"|ignoring \(\) group_/.test(mine)) return true;
  // It mistakes where an operand ends when that has parentheses of its own, and so where the operator is.
  const withoutPosition = (text: string): string => text.replace(/^\d+:\d+: /, '');
  const isAtOperator = /must use BOOL modifier|bool modifier can only|ON and GROUP clause/.test(mine);
  return isAtOperator && withoutPosition(mine) === withoutPosition(theirs);
}

suite('promql: the parser beside a real Prometheus', function () {
  this.timeout(120_000);
  let url = '';
  let prometheus: PrometheusProcess | undefined;

  suiteSetup(async function () {
    const program = findPrometheus();
    if (program === undefined) {
      // eslint-disable-next-line no-console -- a test that does nothing must say so
      console.warn('SKIPPED: no `prometheus` 3.5 on the PATH, in $SIGHTLINE_ORACLES or in ~/.cache/oracles/bin; the parser was not compared with it');
      this.skip();
    }
    prometheus = await startPrometheus(program);
    ({ url } = prometheus);
  });

  suiteTeardown(() => prometheus?.stop());

  async function compare(text: string): Promise<string | undefined> {
    const query = text.toWellFormed();
    const { expr, errors: [error] } = parsePromql(query);
    const [tree, layout] = await Promise.all([post(url, '/api/v1/parse_query', query), post(url, '/api/v1/format_query', query)]);
    const differ = (mine: string, theirs: string): string | undefined => {
      if (mine === theirs || isKnownDeviation(mine, theirs)) return undefined;
      return `${JSON.stringify(query)}\n  here:       ${mine}\n  prometheus: ${theirs}`;
    };
    if (tree.status !== 'success') {
      const theirs = tree.error.replace('invalid parameter "query": ', '');
      return differ(error === undefined ? 'no error' : formatParseError(query, error), theirs);
    }
    if (error !== undefined || expr === undefined) return differ(error?.message ?? 'nothing', 'no error');
    assert.deepEqual(exprToJson(expr), tree.data, query);
    return differ(formatExpr(expr), String(layout.data));
  }

  for (const isDamaged of [false, true]) {
    const name = isDamaged ? 'damaged expressions' : 'random expressions';
    test(`${name} give the same tree, layout and first error`, async () => {
      const random = createRandom(isDamaged ? 43 : 42);
      const generator = new PromqlGenerator(random);
      const differences: string[] = [];
      for (let count = 0; count < 1500; count++) {
        const text = generator.expr(1 + Math.floor(random() * 4));
        const difference = await compare(isDamaged ? mutateText(random, text) : text);
        if (difference !== undefined) differences.push(difference);
      }
      assert.deepEqual(differences, []);
    });
  }
});
