import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CHARTS_LIMITS } from '../../../src/protocol/charts.ts';
import type { GridSeries, RangeQueryAnswer } from '../../../src/protocol/rpc.ts';
import { buildCharts, type ChartData } from '../../../webview/charts/chart-data.ts';
import { CHARTS, expressionFor, FAMILIES, SIGNALS, type Signal } from '../../../webview/charts/chart-definitions.ts';
import { mergeTail, missingTail } from '../../../webview/charts/grid-merge.ts';
import { parsePromql } from '../../../src/promql/parse.ts';
import { DEFAULT_STATE, isolateName, restoreState, zoomTo } from '../../../webview/charts/panel-state.ts';
import { planGrid, planQueries, rateWindowSeconds } from '../../../webview/charts/query-plan.ts';
import { csvOf, statisticsOf, tableOf } from '../../../webview/charts/statistics.ts';

const family = (id: string): (typeof FAMILIES)[number] => FAMILIES.find((one) => one.id === id)!;
const grid = { startMs: 0, endMs: 3_000, stepMs: 1_000 };
const series = (labels: Record<string, string>, ...values: (number | null)[]): GridSeries => ({ labels, values });

/** Answers of a batch, by `family.signal`; what is not given is empty. */
function charts(given: Readonly<Record<string, readonly GridSeries[] | Error>>): Map<string, ChartData> {
  const queries = planQueries({ families: FAMILIES, entities: [], windowSeconds: 60, isFocused: true });
  const results = queries.map(({ id }): RangeQueryAnswer['results'][number] => {
    const one = given[id] ?? [];
    return one instanceof Error ? { id, ok: false, error: one.message } : { id, ok: true, series: one, warnings: [] };
  });
  return buildCharts(queries, { ...grid, results });
}

suite('expressions', () => {
  const scope = { entities: ['groq', 'a.b'], windowSeconds: 60 };

  test('Bifrost', () => {
    const signals: readonly Signal[] = ['rate', 'success', 'p95', 'heat', 'tokensIn', 'errors'];
    assert.deepEqual(signals.map((signal) => expressionFor(family('bifrost'), signal, { entities: ['groq'], windowSeconds: 60 })), [
      'sum by (provider) (rate(bifrost_upstream_requests_total{provider="groq"}[60s]))',
      'sum by (provider) (rate(bifrost_success_requests_total{provider="groq"}[60s])) / sum by (provider) (rate(bifrost_upstream_requests_total{provider="groq"}[60s]))',
      'histogram_quantile(0.95, sum by (le, provider) (rate(bifrost_upstream_latency_seconds_bucket{provider="groq"}[60s])))',
      'sum by (le) (rate(bifrost_upstream_latency_seconds_bucket{provider="groq"}[60s]))',
      'sum by (provider) (rate(bifrost_input_tokens_total{provider="groq"}[60s]))',
      'sum by (status_code, error_type, reason) (rate(bifrost_error_requests_total{provider="groq"}[60s]))',
    ]); // prettier-ignore
  });

  test('names are quoted as a string and as a regular expression', () => {
    assert.match(expressionFor(family('bifrost'), 'rate', scope)!, /\{provider=~"groq\|a\\\\\.b"\}/);
    assert.match(expressionFor(family('bifrost'), 'rate', { entities: ['a"\\'], windowSeconds: 1 })!, /\{provider="a\\"\\\\"\}/);
  });

  test('metrics that are pushed get a window that holds two pushes', () => {
    assert.match(expressionFor(family('genai'), 'tokensIn', { entities: [], windowSeconds: 60 })!, /^sum by \(gen_ai_provider_name\) \(rate\(gen_ai_client_token_usage_sum\{gen_ai_provider_name!="",gen_ai_token_type="input"\}\[150s\]\)\)$/);
  });

  test('every signal has a chart, every family the signals that matter', () => {
    for (const signal of Object.values(SIGNALS)) assert.ok(CHARTS.some(({ id }) => id === signal.chart));
    for (const one of FAMILIES) for (const signal of ['rate', 'success', 'p95', 'heat', 'errors'] as const) assert.ok(expressionFor(one, signal, scope), `${one.id} ${signal}`);
  });

  test('all families at once are a request that the host takes', () => {
    assert.ok(planQueries({ families: FAMILIES, entities: [], windowSeconds: 60, isFocused: true }).length <= CHARTS_LIMITS.queries);
  });
});

suite('the query grid', () => {
  const now = 1_700_000_000_123;

  test('steps are round, points lie on them, the last bucket may be partial', () => {
    const plan = planGrid({ kind: 'last', durationMs: 900_000 }, now, 550, 1_000);
    assert.equal(plan.stepMs, 5_000);
    assert.equal(plan.startMs % 5_000, 0);
    assert.equal(plan.endMs % 5_000, 0);
    assert.ok(plan.endMs >= now && plan.endMs - now < 5_000);
  });

  test('never finer than the scrape interval, never more than 400 points', () => {
    assert.equal(planGrid({ kind: 'last', durationMs: 300_000 }, now, 2_000, 15_000).stepMs, 15_000);
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 4e9 }), fc.integer({ min: 0, max: 5_000 }), (durationMs, width) => {
        const { startMs, endMs, stepMs } = planGrid({ kind: 'last', durationMs }, now, width, 1_000);
        return (endMs - startMs) / stepMs <= 402 && startMs <= now - durationMs && endMs >= now;
      }),
    );
  });

  test('the rate window holds four scrapes', () => {
    assert.deepEqual([rateWindowSeconds(5_000, 15_000), rateWindowSeconds(300_000, 15_000), rateWindowSeconds(1_000, 100)], [60, 300, 1]);
  });

  test('a tail joined to what is there is the whole', () => {
    const value = (atMs: number): number | null => (atMs % 7_000 === 0 ? null : atMs);
    const answer = (startMs: number, endMs: number): RangeQueryAnswer => {
      const count = (endMs - startMs) / 1_000 + 1;
      const values = Array.from({ length: count }, (_, i) => value(startMs + i * 1_000));
      return { startMs, endMs, stepMs: 1_000, results: [{ id: 'a', ok: true, warnings: [], series: [series({ b: '1', a: '2' }, ...values)] }] };
    };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 20 }), (moved, grown) => {
        const wanted = { startMs: moved * 1_000, endMs: (60 + moved + grown) * 1_000, stepMs: 1_000 };
        const tail = missingTail({ startMs: 0, endMs: 60_000, stepMs: 1_000 }, wanted, 5_000);
        assert.ok(tail);
        assert.equal(tail.startMs, 55_000);
        assert.deepEqual(mergeTail(answer(0, 60_000), answer(tail.startMs, tail.endMs), wanted), answer(wanted.startMs, wanted.endMs));
      }),
    );
  });

  test('another step, an older range or a jump is asked whole', () => {
    const have = { startMs: 100_000, endMs: 200_000, stepMs: 1_000 };
    const wanted = [{ ...have, stepMs: 2_000 }, { ...have, startMs: 50_000 }, { startMs: 900_000, endMs: 999_000, stepMs: 1_000 }]; // prettier-ignore
    assert.deepEqual(wanted.map((one) => missingTail(have, one, 2_000)), [undefined, undefined, undefined]); // prettier-ignore
  });

  test('series that came and went', () => {
    const have = { ...grid, results: [{ id: 'a', ok: true as const, warnings: [], series: [series({ p: 'gone' }, 1, null, null, null), series({ p: 'stays' }, 1, 2, 3, 4)] }] };
    const tail = { startMs: 3_000, endMs: 4_000, stepMs: 1_000, results: [{ id: 'a', ok: true as const, warnings: [], series: [series({ p: 'stays' }, 5, 6), series({ p: 'new' }, null, 9)] }] };
    const merged = mergeTail(have, tail, { startMs: 1_000, endMs: 4_000, stepMs: 1_000 }).results[0]!;
    assert.deepEqual(merged.ok && merged.series, [series({ p: 'stays' }, 2, 3, 5, 6), series({ p: 'new' }, null, null, null, 9)]);
  });
});

suite('chart data', () => {
  test('of two families that know an entity the first wins, and errors are not counted twice', () => {
    const data = charts({
      'bifrost.rate': [series({ provider: 'groq' }, 1, 2, 3, 4)],
      'genai.rate': [series({ gen_ai_provider_name: 'groq' }, 9, 9, 9, 9)],
      'http.rate': [series({ job: 'gateway' }, 9, 9, 9, 9)],
      'bifrost.errors': [series({ status_code: '429', error_type: 'rate_limit' }, 0, 1, 0, 0), series({ status_code: '500' }, 0, 0, 0, 0)],
      'genai.errors': [series({ error_type: '429' }, 0, 1, 0, 0)],
    });
    assert.deepEqual(data.get('rate')!.series.map(({ key, values }) => [key, values]), [['groq', [1, 2, 3, 4]]]); // prettier-ignore
    assert.deepEqual(data.get('errors')!.series.map(({ key }) => key), ['429 rate_limit']); // prettier-ignore
    assert.equal(data.get('rate')!.expressions.length, 1);
  });

  test('a provider whose every call failed has 0 %, not nothing', () => {
    const data = charts({ 'bifrost.rate': [series({ provider: 'groq' }, null, 2, 0, 4)], 'bifrost.success': [] });
    assert.deepEqual(data.get('success')!.series[0]!.values, [null, 0, null, 0]);
  });

  test('NaN and infinities are gaps', () => {
    const data = charts({ 'bifrost.rate': [series({ provider: 'groq' }, NaN, Infinity, 3)] });
    assert.deepEqual(data.get('rate')!.series[0]!.values, [null, null, 3, null]);
  });

  test('cumulative buckets become cells, empty ends are cut', () => {
    const data = charts({
      'bifrost.rate': [series({ provider: 'groq' }, 1, 1, 1, 1)],
      'bifrost.heat': [series({ le: '+Inf' }, 5, 8, null, 1), series({ le: '0.1' }, 0, 0, 0, 0), series({ le: '1' }, 5, 6, null, 1), series({ le: '0.5' }, 2, 6, null, 1), series({ le: '0.05' }, 0, 0, 0, 0)],
    });
    assert.deepEqual(data.get('heat')!.heat, {
      bounds: [0.1, 0.5, 1, Infinity],
      cells: [[0, 0, 0, 0], [2, 6, null, 1], [3, 0, null, 0], [0, 2, null, 0]],
      max: 6,
    }); // prettier-ignore
  });

  test('an error stands in its own chart; beside data it is a warning', () => {
    const queries = Object.fromEntries(FAMILIES.map(({ id }) => [`${id}.rate`, new Error('too many samples')]));
    assert.equal(charts(queries).get('rate')!.error, 'too many samples');
    const partly = charts({ 'bifrost.rate': [series({ provider: 'groq' }, 1, 1, 1, 1)], 'genai.rate': new Error('slow') }).get('rate')!;
    assert.deepEqual([partly.error, partly.warnings], [undefined, ['slow']]);
  });

  test('statistics leave out the partial bucket', () => {
    const one = { key: 'a', entity: 'a', variant: '', values: [4, null, 2, 100] };
    assert.deepEqual(statisticsOf(one, grid, 2_500), { last: 2, lastAtMs: 2_000, max: 4, min: 2, mean: 3 });
    assert.deepEqual(statisticsOf({ ...one, values: [null] }, grid, 2_500), { last: null, lastAtMs: null, max: null, min: null, mean: null });
  });

  test('the table twin and its CSV', () => {
    const data = charts({ 'bifrost.rate': [series({ provider: '=cmd("x")' }, 0.5, null, 1, 2), series({ provider: 'a,b' }, 1, 1, 1, 1)] }).get('rate')!;
    assert.equal(
      csvOf(tableOf(data, 2_500)),
      ['time,"\'=cmd(""x"")","a,b"', '1970-01-01T00:00:00.000Z,0.5,1', '1970-01-01T00:00:01.000Z,,1', '1970-01-01T00:00:02.000Z,1,1', '1970-01-01T00:00:03.000Z,2,1', ''].join('\r\n'),
    );
    assert.deepEqual(tableOf(data, 2_500).rows.map(({ isPartial }) => isPartial), [false, false, false, true]); // prettier-ignore
  });
});

suite('panel state', () => {
  test('what is broken or of another version becomes the default', () => {
    assert.equal(restoreState(undefined), DEFAULT_STATE);
    assert.equal(restoreState({ ...DEFAULT_STATE, version: 9 }), DEFAULT_STATE);
    const saved = { ...DEFAULT_STATE, providers: ['groq'], isLive: false };
    assert.equal(restoreState(saved), saved);
  });

  test('zooming pauses and never goes below ten seconds', () => {
    const zoomed = zoomTo(DEFAULT_STATE, 1_000_000, 1_002_000);
    assert.deepEqual([zoomed.isLive, zoomed.range], [false, { kind: 'fixed', startMs: 996_000, endMs: 1_006_000 }]);
  });

  test('isolating twice shows all again', () => {
    const all = ['a', 'b', 'c'];
    const once = isolateName(['gone'], 'b', all);
    assert.deepEqual(once, ['gone', 'a', 'c']);
    assert.deepEqual(isolateName(once, 'b', all), ['gone']);
    assert.deepEqual(isolateName(['b'], 'b', all), ['a', 'c']);
  });
});

suite('PromQL of the charts', () => {
  test('every expression is accepted by our own parser and type check', () => {
    for (const one of FAMILIES) {
      for (const signal of Object.keys(SIGNALS) as Signal[]) {
        const expr = expressionFor(one, signal, { entities: ['groq', 'a"b\\c.d'], windowSeconds: 60 });
        if (expr !== undefined) assert.deepEqual(parsePromql(expr).errors, [], expr);
      }
    }
  });
});
