import assert from 'node:assert/strict';
import { compileRelabel, DEFAULT_RELABEL_RULE, type RelabelRule } from '../../../src/model/relabel.ts';

/** Applies one rule; null when the set is dropped. */
function apply(rule: Partial<RelabelRule>, labels: Readonly<Record<string, string>>): Record<string, string> | null {
  const map = new Map(Object.entries(labels));
  return compileRelabel([{ ...DEFAULT_RELABEL_RULE, ...rule }])(map) ? Object.fromEntries(map) : null;
}

suite('compileRelabel', () => {
  const CASES: readonly (readonly [what: string, rule: Partial<RelabelRule>, before: Record<string, string>, after: Record<string, string> | null])[] = [
    ['replace joins its sources', { sourceLabels: ['a', 'b'], targetLabel: 'c' }, { a: '1', b: '2' }, { a: '1', b: '2', c: '1;2' }],
    ['replace with groups by number and name', { sourceLabels: ['a'], regex: '(?P<host>[^:]+):(\\d+)', targetLabel: 'c', replacement: '${host}-$2-$$-$9' }, { a: 'h:80' }, { a: 'h:80', c: 'h-80-$-' }],
    ['a letter after $1 belongs to the name', { sourceLabels: ['a'], regex: '(.)', targetLabel: 'c', replacement: '$1x${1}x' }, { a: 'v' }, { a: 'v', c: 'vx' }],
    ['replace writes to a computed label', { sourceLabels: ['a', 'b'], regex: '(.*);(.*)', targetLabel: '$1', replacement: '$2' }, { a: 'n', b: 'v' }, { a: 'n', b: 'v', n: 'v' }],
    ['replace is anchored', { sourceLabels: ['a'], regex: 'b', targetLabel: 'c' }, { a: 'abc' }, { a: 'abc' }],
    ['an empty replacement deletes', { sourceLabels: ['a'], targetLabel: 'a', replacement: '' }, { a: '1' }, {}],
    ['replace without sources sets', { targetLabel: 'c', replacement: 'x' }, {}, { c: 'x' }],
    ['a dot matches line breaks', { sourceLabels: ['a'], regex: 'x.y', targetLabel: 'c', replacement: 'm' }, { a: 'x\ny' }, { a: 'x\ny', c: 'm' }],
    ['keep', { action: 'keep', sourceLabels: ['a'], regex: '1|2' }, { a: '2' }, { a: '2' }],
    ['keep drops others', { action: 'keep', sourceLabels: ['a'], regex: '1|2' }, { a: '12' }, null],
    ['drop', { action: 'drop', sourceLabels: ['a'], regex: '.*3' }, { a: '123' }, null],
    ['drop keeps others', { action: 'drop', sourceLabels: ['a'], regex: '3' }, { a: '123' }, { a: '123' }],
    ['keepequal', { action: 'keepequal', sourceLabels: ['a'], targetLabel: 'b' }, { a: '1', b: '1' }, { a: '1', b: '1' }],
    ['keepequal drops others', { action: 'keepequal', sourceLabels: ['a'], targetLabel: 'b' }, { a: '1' }, null],
    ['dropequal', { action: 'dropequal', sourceLabels: ['a'], targetLabel: 'b' }, { a: '1', b: '1' }, null],
    ['labelmap', { action: 'labelmap', regex: '__meta_(.+)', replacement: 'm_$1' }, { __meta_x: '1', y: '2' }, { __meta_x: '1', y: '2', m_x: '1' }],
    ['labeldrop', { action: 'labeldrop', regex: 'a.*' }, { a: '1', ab: '2', b: '3' }, { b: '3' }],
    ['labelkeep', { action: 'labelkeep', regex: 'a.*' }, { a: '1', ab: '2', b: '3' }, { a: '1', ab: '2' }],
    ['lowercase', { action: 'lowercase', sourceLabels: ['a'], targetLabel: 'b' }, { a: 'AbC' }, { a: 'AbC', b: 'abc' }],
    ['uppercase', { action: 'uppercase', sourceLabels: ['a'], targetLabel: 'b' }, { a: 'AbC' }, { a: 'AbC', b: 'ABC' }],
    // md5("foo") is acbd18db4cc2f85cedef654fccc4a4d8, of which the second half counts.
    ['hashmod', { action: 'hashmod', sourceLabels: ['a'], targetLabel: 'b', modulus: 1000 }, { a: 'foo' }, { a: 'foo', b: String(0xedef654fccc4a4d8n % 1000n) }],
  ];
  for (const [what, rule, before, after] of CASES) test(what, () => assert.deepEqual(apply(rule, before), after));

  test('rules run in order and stop where the set is dropped', () => {
    const rules: RelabelRule[] = [
      { ...DEFAULT_RELABEL_RULE, targetLabel: 'x', replacement: '1' },
      { ...DEFAULT_RELABEL_RULE, action: 'drop', sourceLabels: ['x'], regex: '1' },
      { ...DEFAULT_RELABEL_RULE, targetLabel: 'y', replacement: '2' },
    ];
    const labels = new Map<string, string>();
    assert.equal(compileRelabel(rules)(labels), false);
    assert.deepEqual([...labels], [['x', '1']]);
  });
});
