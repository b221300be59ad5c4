import assert from 'node:assert/strict';
import { exprToJson } from '../../../src/promql/expr-to-json.ts';
import { formatExpr } from '../../../src/promql/format-expr.ts';
import { formatParseError } from '../../../src/promql/parse-error.ts';
import { parsePromql } from '../../../src/promql/parse.ts';
import { printExpr } from '../../../src/promql/print-expr.ts';
import { createRandom, mutateText, pick, PromqlGenerator } from '../../support/promql-random.ts';

/** Real-world shapes to damage, beside what the grammar makes up. */
const seeds = [
  'sum by (job, le) (rate(http_request_duration_seconds_bucket{job=~"api|web", code!~"5.."}[5m]))',
  'histogram_quantile(0.99, sum without (instance) (rate(latency_bucket[5m] offset 1h))) > bool 0.5',
  '100 * (1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[1m])))',
  'a / on (x, "y.z") group_left (w) b or ignoring (q) c unless d and e',
  'max_over_time(deriv(rate(distance_covered_total[5s])[30s:5s] @ end())[10m:]) offset -5m',
  '{"utf8.metric", "label.name"="värde", other=\'x\\ty\'} @ 1609746000.5',
  'label_replace(up{job="a"}, "foo", "$1", "service", "(.*):.*") == 1 # comment',
  'topk(5, -x ^ 2 ^ 3 % 4 atan2 5) + fill(0) limitk(3, y)',
  'rate(x[5m * 2 + max_of(step(), 10s)] anchored) + rate(x[-(1h) ^ 2:30s / 2]) offset -step()',
  'count_values by (version) ("v", build_info) </ 0x1F >/ 1_000.5e3 + Inf - NaN',
];

/** Checks one text in both modes; gives whether it was right in the newest. */
function check(text: string): boolean {
  let isRight = false;
  for (const experimental of [false, true]) {
    const { expr, errors } = parsePromql(text, { experimental });
    for (const error of errors) {
      const { start, end } = error.range;
      assert.ok(start >= 0 && start <= end && end <= text.length, `${JSON.stringify(text)}: ${String(start)}..${String(end)} ${error.message}`);
      assert.match(formatParseError(text, error), /^(?:\d+:\d+|unknown position): parse error: ./);
    }
    isRight = errors.length === 0;
    if (!isRight) continue;
    assert.ok(expr);
    const printed = printExpr(expr);
    const again = parsePromql(printed, { experimental });
    assert.deepEqual(again.errors, [], `${JSON.stringify(text)} prints ${printed}`);
    assert.ok(again.expr);
    assert.equal(printExpr(again.expr), printed);
    assert.deepEqual(parsePromql(formatExpr(expr), { experimental }).errors, []);
    JSON.stringify(exprToJson(expr));
  }
  return isRight;
}

suite('promql: damaged expressions', () => {
  test('10,000 of them neither crash nor hang, and every error has a position in the text', () => {
    const random = createRandom(20_260_101);
    const generator = new PromqlGenerator(random);
    let right = 0;
    const started = performance.now();
    for (let count = 0; count < 10_000; count++) {
      const seed = random() < 0.5 ? pick(random, seeds) : generator.expr(1 + Math.floor(random() * 4));
      if (check(mutateText(random, seed))) right++;
    }
    assert.ok(performance.now() - started < 9000, 'slow');
    // Both kinds must be there, or the damage is too small or too great to find anything.
    assert.ok(right > 500 && right < 9500, `${String(right)} were still right`);
  });
});
