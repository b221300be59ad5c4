import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parsePrometheusDuration, formatPrometheusDuration } from '../../../src/base/prometheus-duration.ts';
import { parseYamlFile } from '../../../src/base/yaml-reader.ts';

suite('yaml-reader', () => {
  test('reads scalars by the type that is wanted, not by how YAML would type them', () => {
    const { root, problems } = parseYamlFile('a: 010\nb: yes\nc: on\nd: 1_2\ne: ~\nf: 1.50\ng: |\n  two\n  lines\n');
    const fields = root!.fields('T');
    assert.deepEqual(
      [fields.get('a')!.string(), fields.get('b')!.bool(), fields.get('c')!.bool(), fields.get('d')!.uint(), fields.get('e'), fields.get('f')!.string(), fields.get('g')!.string()],
      ['010', true, true, 12, undefined, '1.50', 'two\nlines\n'],
    );
    assert.deepEqual(problems, []);
  });

  test('follows merge keys and aliases; own fields win', () => {
    const { root, problems } = parseYamlFile('base: &b {x: 1, y: 2}\nuse:\n  x: 5\n  <<: *b\nlist: [*b]\n');
    const fields = root!.fields('T');
    const use = fields.get('use')!.fields('U');
    assert.deepEqual([use.get('x')!.uint(), use.get('y')!.uint()], [5, 2]);
    assert.equal(fields.get('list')!.list('[]U')[0]!.fields('U').get('y')!.uint(), 2);
    assert.deepEqual(problems, []);
  });

  test('reports misfits and unknown fields where they stand, in Go\'s words', () => {
    const { root, problems } = parseYamlFile('n: abc\nm: [1]\nzzz: 1\n');
    const fields = root!.fields('config.plain');
    assert.equal(fields.get('n')!.uint(), undefined);
    assert.equal(fields.get('m')!.string(), undefined);
    fields.finish();
    assert.deepEqual(
      problems.map(({ message, startLine, startColumn, endColumn }) => [message, startLine, startColumn, endColumn]),
      [
        ['cannot unmarshal !!str `abc` into uint', 0, 3, 6],
        ['cannot unmarshal !!seq into string', 1, 3, 6],
        ['field zzz not found in type config.plain', 2, 0, 3],
      ],
    );
  });

  test('any text gives a value or a problem, never an exception', () => {
    const piece = fc.constantFrom('a', ':', ' ', '\n', '- ', '[', ']', '{', '}', '&x ', '*x', '<<: ', '"', "'", '|', '#', '\t', '? ', '!!map ', '%');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const { root, problems } = parseYamlFile(pieces.join(''));
        const fields = root?.fields('T');
        for (const name of ['a', 'aa', 'x']) fields?.get(name)?.strings();
        fields?.finish();
        for (const problem of problems) assert.ok(problem.message !== '' && problem.startLine >= 0);
      }),
      { numRuns: 500 },
    );
  });
});

suite('prometheus-duration', () => {
  const CASES: readonly (readonly [string, number, string])[] = [
    ['0', 0, '0s'], ['15s', 15_000, '15s'], ['1h30m', 5_400_000, '1h30m'], ['90m', 5_400_000, '1h30m'], ['1d', 86_400_000, '1d'], ['7d', 604_800_000, '1w'],
    ['8d', 691_200_000, '8d'], ['1y', 31_536_000_000, '1y'], ['250ms', 250, '250ms'], ['1m500ms', 60_500, '1m500ms'],
  ];
  for (const [text, ms, written] of CASES) {
    test(text, () => {
      assert.deepEqual(parsePrometheusDuration(text), { ok: true, value: ms });
      assert.equal(formatPrometheusDuration(ms), written);
    });
  }
  for (const [text, error] of [['', 'empty duration string'], ['5', 'not a valid duration string: "5"'], ['1s1m', 'not a valid duration string: "1s1m"'], ['500y', 'duration out of range']] as const) {
    test(`refuses ${JSON.stringify(text)}`, () => assert.deepEqual(parsePrometheusDuration(text), { ok: false, error }));
  }
});
