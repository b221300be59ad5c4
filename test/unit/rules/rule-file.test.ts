import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readRuleFile } from '../../../src/rules/read-rule-file.ts';

const problemsOf = (text: string): readonly string[] => readRuleFile(text).problems.map(({ message, startLine, startColumn }) => `${startLine}:${startColumn} ${message}`);

suite('rules: rule files', () => {
  test('all fields', () => {
    const { groups, problems } = readRuleFile(`groups:
- name: g
  interval: 30s
  query_offset: 1m
  limit: 5
  labels: {team: a, tier: b}
  rules:
  - alert: High
    expr: up == 0
    for: 5m
    keep_firing_for: 1h
    labels: {tier: c}
    annotations: {summary: "{{ $labels.job }} is {{ $value }}"}
  - record: job:up:sum
    expr: sum by (job) (up)
`);
    assert.deepEqual(problems, []);
    assert.deepEqual(groups, [{
      name: 'g', intervalMs: 30_000, queryOffsetMs: 60_000, limit: 5,
      rules: [
        { kind: 'alerting', name: 'High', expr: 'up == 0', forMs: 300_000, keepFiringForMs: 3_600_000, labels: { team: 'a', tier: 'c' }, annotations: { summary: '{{ $labels.job }} is {{ $value }}' }, place: { line: 7, column: 4 } },
        { kind: 'recording', name: 'job:up:sum', expr: 'sum by (job) (up)', labels: { team: 'a', tier: 'b' }, place: { line: 13, column: 4 } },
      ],
    }]);
  });

  test('problems stand where they are', () => {
    assert.deepEqual(problemsOf(`groups:
- name: g
  rules:
  - alert: A
    expr: up +
    labels: {a: "{{ $label.x }}", __name__: b}
  - record: a{b}
    expr: 1
    for: 5m
- name: g
  extra: 1
`), [
      '4:10 group "g", rule 1, "A": could not parse expression: 1:5: parse error: unexpected end of input',
      '5:16 group "g", rule 1, "A": label "a": template: __alert_A:1: undefined variable "$label"',
      '5:34 group "g", rule 1, "A": invalid label name: __name__',
      '8:4 group "g", rule 2, "a{b}": invalid field \'for\' in recording rule',
      '6:12 group "g", rule 2, "a{b}": braces present in the recording rule name; should it be in expr?: a{b}',
      '9:2 groupname: "g" is repeated in the same file',
      '10:2 field extra not found in type rulefmt.RuleGroup',
    ]);
  });

  test('an empty file has no rules and no problems', () => assert.deepEqual(readRuleFile(''), { groups: [], problems: [] }));

  test('a mapping that is merged into itself is a problem', () => {
    assert.deepEqual(readRuleFile('&a\n<<: *a').problems.map(({ message }) => message), ['anchor value contains itself']);
  });

  test('never throws', () => {
    const word = fc.constantFrom('groups:', '- name: g', '  rules:', '  - alert: a', '    expr: up', ': ', '- ', '\n', '{', ']', '&a', '*a', '<<: *a', '    for: 5x', '!!int', '|', '"');
    fc.assert(fc.property(fc.array(word, { maxLength: 20 }), (words) => void readRuleFile(words.join('\n'))), { numRuns: 1000, examples: [[['&a', '<<: *a']], [['&a', '<<: [*a, *a]']]] });
  });
});
