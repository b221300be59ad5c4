import assert from 'node:assert/strict';
import { readRuleFile } from '../../../src/rules/read-rule-file.ts';
import { readSeriesValues } from '../../../src/rules/unit-test/read-series.ts';
import { readUnitTestFile } from '../../../src/rules/unit-test/read-unit-test-file.ts';
import { runUnitTest } from '../../../src/rules/unit-test/run-unit-test.ts';

const RULES = `groups:
- name: g
  rules:
  - record: job:errors:sum
    expr: sum by (job) (errors)
  - alert: Errors
    expr: job:errors:sum > 2
    for: 2m
    keep_firing_for: 3m
    labels: {severity: "{{ if gt $value 5.0 }}page{{ else }}warn{{ end }}"}
    annotations: {summary: "{{ $labels.job }}: {{ $value }}"}
`;

async function failuresOf(tests: string): Promise<readonly string[]> {
  const { file, problems } = readUnitTestFile(tests);
  assert.deepEqual(problems, []);
  const { groups } = readRuleFile(RULES);
  const failures = await Promise.all(file.tests.map((one) => runUnitTest(one, file, groups)));
  return failures.flat().map(({ message }) => message);
}

suite('rules: unit tests of rules', () => {
  test('values of series', () => {
    const read = readSeriesValues('1 _ 1+2x2 -1-1x1 5x1 _x2 stale Inf');
    assert.deepEqual(read, { ok: true, value: [1, undefined, 1, 3, 5, -1, -2, 5, 5, undefined, undefined, 'stale', Infinity] });
    assert.equal(readSeriesValues('1 zwei').ok, false);
  });

  test('pending, firing, kept firing, resolved', async () => {
    assert.deepEqual(await failuresOf(`tests:
- interval: 1m
  input_series:
  - {series: 'errors{job="a"}', values: '0 3 4 4 0x10'}
  alert_rule_test:
  - {eval_time: 2m, alertname: Errors, exp_alerts: []}
  - eval_time: 3m
    alertname: Errors
    exp_alerts: [{exp_labels: {job: a, severity: warn}, exp_annotations: {summary: 'a: 4'}}]
  - eval_time: 5m
    alertname: Errors
    exp_alerts: [{exp_labels: {job: a, severity: warn}, exp_annotations: {summary: 'a: 4'}}]
  - {eval_time: 8m, alertname: Errors, exp_alerts: []}
  promql_expr_test:
  - expr: count by (alertstate) (ALERTS)
    eval_time: 2m
    exp_samples: [{labels: '{alertstate="pending"}', value: 1}]
  - expr: ALERTS_FOR_STATE
    eval_time: 3m
    exp_samples: [{labels: 'ALERTS_FOR_STATE{alertname="Errors",job="a",severity="warn"}', value: 60}]
  - {expr: ALERTS, eval_time: 9m, exp_samples: []}
`), []);
  });

  test('says what was expected and what came', async () => {
    assert.deepEqual(await failuresOf(`tests:
- input_series: [{series: 'errors{job="a"}', values: 1}]
  promql_expr_test:
  - {expr: 'job:errors:sum', eval_time: 0, exp_samples: [{labels: 'job:errors:sum{job="a"}', value: 2}]}
`), ['    expr: "job:errors:sum", time: 0s,\n        exp: {__name__="job:errors:sum", job="a"} 2E+00\n        got: {__name__="job:errors:sum", job="a"} 1E+00']);
  });
});
