import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkRuleFile } from '../../../../src/rules/editing/check-rule-file.ts';
import { looksLikeRuleFile, outlineRuleFile } from '../../../../src/rules/editing/rule-outline.ts';
import type { MetricFacts, RuleProblem } from '../../../../src/rules/editing/rule-problem.ts';

const FACTS: MetricFacts = { names: new Set(['up', 'queue_depth', 'requests_total']), types: new Map([['queue_depth', 'gauge'], ['requests_total', 'counter']]) };

const file = (...rules: readonly string[]): string => `groups:\n  - name: a\n    rules:\n${rules.map((rule) => `      - ${rule.replaceAll('\n', '\n        ')}\n`).join('')}`;
const check = (text: string): readonly RuleProblem[] => checkRuleFile(outlineRuleFile(text), text, FACTS);

/** The file with the first fix of the only problem applied. */
function fixed(text: string, code: RuleProblem['code']): string {
  const fix = check(text).find((problem) => problem.code === code)?.fixes[0];
  assert.ok(fix);
  return text.slice(0, fix.start) + fix.text + text.slice(fix.end);
}

type Expected = readonly [code: RuleProblem['code'], underlined: string];
const CASES: readonly (readonly [title: string, text: string, expected: readonly Expected[]])[] = [
  ['nothing', file('alert: Down\nexpr: up == 0\nfor: 1m'), []],
  ['an open parenthesis in a block', file('record: a\nexpr: |\n  sum(\n    up\n'), [['promql', 'p']]],
  ['a type that does not fit', file('record: a\nexpr: >-\n  rate(\n    up\n  )'), [['promql', 'up']]],
  ['an unknown metric', file('record: a\nexpr: "sum(queue_dept{x=\\"y\\"})"'), [['unknown-metric', 'queue_dept']]],
  ['what another rule records', file('record: a:b\nexpr: up', 'record: c:d\nexpr: a:b'), []],
  ['the rate of a gauge', file('record: a\nexpr: rate(queue_depth[5m])'), [['rate-of-gauge', 'rate']]],
  ['the derivative of a counter', file('record: a\nexpr: deriv(requests_total[5m])'), [['gauge-function-of-counter', 'deriv']]],
  ['no for', file('alert: Down\nexpr: up == 0'), [['missing-for', 'Down']]],
  ['a field that is none', file('alert: Down\nexpr: up == 0\nfor: 1m\nforr: 2m'), [['schema', 'forr']]],
  ['a bad duration', file('alert: Down\nexpr: up == 0\nfor: 1 minute'), [['duration', '1 minute']]],
  ['no expression', file('alert: Down\nfor: 1m'), [['schema', 'alert']]],
  ['for on a record', file('record: a\nexpr: up\nfor: 1m'), [['schema', 'for']]],
  ['both', file('record: a\nalert: b\nexpr: up\nfor: 1m'), [['schema', 'record']]],
  ['twice the same', file('record: a\nexpr: up', 'record: a\nexpr: up + 1', 'record: a\nexpr: up\nlabels:\n  x: y'), [['duplicate-rule', 'a']]],
  ['a count that is never 0', file('alert: Gone\nexpr: count(up) == 0\nfor: 1m'), [['never-fires', 'count(up) == 0']]],
  ['no comparison', file('alert: Gone\nexpr: sum(up)\nfor: 1m'), [['always-fires', 'sum(up)']]],
];

suite('rule file', () => {
  for (const [title, text, expected] of CASES) {
    test(`underlines ${title}`, () => assert.deepEqual(check(text).map(({ code, start, end }) => [code, text.slice(start, end)]), expected));
  }

  test('underlines what is no YAML', () => {
    const text = 'groups:\n  - name: "a\n    rules: []\n';
    assert.equal(check(text)[0]?.code, 'yaml');
  });

  test('mends an expression where it stands', () => {
    assert.equal(fixed(file('record: a\nexpr: |\n  1 + rate(queue_depth[5m])'), 'rate-of-gauge'), file('record: a\nexpr: |\n  1 + deriv(queue_depth[5m])'));
    assert.equal(fixed(file('record: a\nexpr: sum(queue_dept)'), 'unknown-metric'), file('record: a\nexpr: sum(queue_depth)'));
    assert.equal(fixed(file('alert: Gone\nexpr: count(up{job="a"}) == 0\nfor: 1m'), 'never-fires'), file('alert: Gone\nexpr: absent(up{job="a"})\nfor: 1m'));
  });

  test('adds a for under the expression, also under one of several lines', () => {
    assert.equal(fixed(file('alert: Down\nexpr: up == 0 # why\nlabels: {}'), 'missing-for'), file('alert: Down\nexpr: up == 0 # why\nfor: 1m\nlabels: {}'));
    assert.equal(fixed(file('alert: Down\nexpr: |\n  up\n  == 0\nlabels: {}'), 'missing-for'), file('alert: Down\nexpr: |\n  up\n  == 0\nfor: 1m\nlabels: {}'));
  });

  test('says nothing of unknown metrics while nothing is known', () => {
    const text = file('record: a\nexpr: whatever');
    assert.deepEqual(checkRuleFile(outlineRuleFile(text), text, { names: undefined, types: new Map() }), []);
  });

  test('knows rule files from others', () => {
    assert.equal(looksLikeRuleFile(file('record: a\nexpr: up')), true);
    assert.equal(looksLikeRuleFile('rule_files: [a.yml]\ntests:\n  - interval: 1m\n'), false);
    assert.equal(looksLikeRuleFile('scrape_configs:\n  - job_name: a\n'), false);
  });

  test('stays within the file, whatever is cut off', () => {
    const whole = file('alert: Down\nexpr: |\n  rate(up{job="a"}[5m])\n  == 0\nfor: 1m\nlabels: {severity: page}', 'record: a\nexpr: "sum(up"');
    fc.assert(fc.property(fc.nat(whole.length), fc.nat(20), (at, length) => {
      const text = whole.slice(0, at) + whole.slice(at + length);
      for (const { start, end } of check(text)) assert.ok(start >= 0 && start <= end && end <= text.length + 1);
    }));
  });
});
