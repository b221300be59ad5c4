import assert from 'node:assert/strict';
import { completionPlace } from '../../../../src/rules/editing/completion-place.ts';
import { hoverTarget } from '../../../../src/rules/editing/hover-text.ts';

/** `|` is the caret. */
const CASES: readonly (readonly [text: string, expected: object])[] = [
  ['|', { kind: 'expression', start: 0 }],
  ['sum(ra|', { kind: 'expression', start: 4 }],
  ['rate(up[5|', { kind: 'duration', start: 8 }],
  ['up offset 5|', { kind: 'duration', start: 10 }],
  ['up{|', { kind: 'label', start: 3, metric: 'up' }],
  ['up{job="a", in|', { kind: 'label', start: 12, metric: 'up' }],
  ['up{job="a|', { kind: 'value', start: 8, metric: 'up', label: 'job' }],
  ['up{job=~"a}(|"}', { kind: 'value', start: 9, metric: 'up', label: 'job' }],
  ['sum by (jo|) (rate(up{a="b"}[5m]))', { kind: 'label', start: 8, metric: 'up' }],
  ['label_replace(up, "x|"', { kind: 'none' }],
  ['# up{\nfoo|', { kind: 'expression', start: 6 }],
];

suite('place in PromQL', () => {
  for (const [text, expected] of CASES) {
    test(`completes ${text}`, () => assert.deepEqual(completionPlace(text.replace('|', ''), text.indexOf('|')), expected));
  }

  test('tells what the pointer rests on', () => {
    const text = 'sum(rate(up{job="a"}[5m])) > 1';
    const at = (word: string): unknown => {
      const target = hoverTarget(text, text.indexOf(word) + 1);
      return target?.kind === 'function' ? target.signature : target?.query;
    };
    assert.equal(at('rate'), 'rate(range-vector) → instant-vector');
    assert.equal(at('up'), 'up{job="a"}');
    assert.equal(at('sum'), 'sum(rate(up{job="a"}[5m]))');
    assert.equal(at(' > 1'), text);
    assert.equal(hoverTarget('sum(', 1), undefined);
  });
});
