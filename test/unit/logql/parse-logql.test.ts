import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describeLogqlProblem, parseLogql } from '../../../src/logql/parse-logql.ts';

const text = (name: string, type: string, value: string) => ({ kind: 'text', matcher: { name, type, value } });
const quantity = (name: string, op: string, unit: string, value: number) => ({ kind: 'quantity', name, op, unit, value });
const log = (matchers: unknown[], stages: unknown[] = []) => ({ kind: 'log', matchers, stages });
const filters = (...stages: unknown[]) => log([], stages.map((filter) => ({ kind: 'label', filter })));

const CASES: readonly (readonly [query: string, parsed: unknown])[] = [
  ['{}', log([])],
  ['{service_name="a", level=~"warn|error"} # all', log([{ name: 'service_name', type: '=', value: 'a' }, { name: 'level', type: '=~', value: 'warn|error' }])],
  ['{a!="b",}', log([{ name: 'a', type: '!=', value: 'b' }])],
  ['{} |= "x" != `y` |~ "z.*" !~ "\\\\d"', log([], [
    { kind: 'line', op: '|=', text: 'x' }, { kind: 'line', op: '!=', text: 'y' }, { kind: 'line', op: '|~', text: 'z.*' }, { kind: 'line', op: '!~', text: '\\d' },
  ])],
  ['{} | json | logfmt | drop __error__, a', log([], [{ kind: 'json' }, { kind: 'logfmt' }, { kind: 'drop', names: ['__error__', 'a'] }])],
  ['{} | a="b" | c!~"d"', filters(text('a', '=', 'b'), text('c', '!~', 'd'))],
  ['{} | status>=500', filters(quantity('status', '>=', 'number', 500))],
  ['{} | status=200', filters(quantity('status', '==', 'number', 200))],
  ['{} | t > -1.5e3', filters(quantity('t', '>', 'number', -1500))],
  ['{} | d<=1m30s', filters(quantity('d', '<=', 'duration', 90e9))],
  ['{} | d<2d', filters(quantity('d', '<', 'duration', 172800e9))],
  ['{} | size==20KB', filters(quantity('size', '==', 'bytes', 20_000))],
  ['{} | size!=1.5KiB', filters(quantity('size', '!=', 'bytes', 1536))],
  ['{} | a="1" or b="2" and c="3"', filters({ kind: 'or', left: text('a', '=', '1'), right: { kind: 'and', left: text('b', '=', '2'), right: text('c', '=', '3') } })],
  ['{} | (a="1" or b="2"), c="3"', filters({ kind: 'and', left: { kind: 'or', left: text('a', '=', '1'), right: text('b', '=', '2') }, right: text('c', '=', '3') })],
  ['rate({} |= "x" [5m])', { kind: 'metric', function: 'rate', log: log([], [{ kind: 'line', op: '|=', text: 'x' }]), rangeNano: 300e9, sum: undefined }],
  ['count_over_time({}[1h] | json)', { kind: 'metric', function: 'count_over_time', log: log([], [{ kind: 'json' }]), rangeNano: 3600e9, sum: undefined }],
  ['sum by (level, a) (rate({}[1s]))', { kind: 'metric', function: 'rate', log: log([]), rangeNano: 1e9, sum: { isWithout: false, names: ['level', 'a'] } }],
  ['sum(rate({}[1s])) without (a)', { kind: 'metric', function: 'rate', log: log([]), rangeNano: 1e9, sum: { isWithout: true, names: ['a'] } }],
  ['sum(rate({}[1s]))', { kind: 'metric', function: 'rate', log: log([]), rangeNano: 1e9, sum: { isWithout: false, names: [] } }],
  ['vector(1)+vector(1)', { kind: 'constant', value: 2 }],
];

/** What is wrong, and the text at which it is. */
const WRONG: readonly (readonly [query: string, message: RegExp, at: string])[] = [
  ['', /unexpected end of the query, expecting a stream selector/, ''],
  ['{a="b"', /unexpected end of the query/, ''],
  ['{a="b}', /a quote is missing/, '"'],
  ['{a=b}', /expecting a text in quotes/, 'b'],
  ['{a>"b"}', /expecting =, !=, =~ or !~/, '>'],
  ['{a=~"("}', /error parsing regexp/, '"("'],
  ['{} |~ "("', /./, '"("'],
  ['{} | a>"5"', /compares numbers/, '"5"'],
  ['{} | a=~5', /matches texts/, '=~'],
  ['{} | a>5q', /neither a number/, '5q'],
  ['{} ;', /unexpected ";"/, ';'],
  ['rate({})', /expecting "\["/, ')'],
  ['rate({}[5])', /expecting a duration/, '5'],
  ['rate({}[0s])', /longer than nothing/, '0s'],
  ['{} | line_format "x"', /^not supported yet: \| line_format$/, 'line_format'],
  ['{} | unwrap x', /^not supported yet: \| unwrap$/, 'unwrap'],
  ['{} | json a="b"', /^not supported yet: \| json with parameters$/, 'a'],
  ['{} | logfmt --strict', /^not supported yet: the flag --strict$/, '--strict'],
  ['{} |> "<_>"', /^not supported yet: the pattern filter \|>$/, '|>'],
  ['{} |= "a" or "b"', /^not supported yet: or between line filters$/, 'or'],
  ['{} |= ip("10.0.0.0/8")', /^not supported yet: .*ip/, 'ip'],
  ['{} | drop a="b"', /^not supported yet: \| drop/, '='],
  ['topk(5, rate({}[1m]))', /^not supported yet: topk$/, 'topk'],
  ['sum(sum(rate({}[1m])))', /^not supported yet: sum$/, 'sum'],
  ['bytes_rate({}[1m])', /^not supported yet: bytes_rate$/, 'bytes_rate'],
  ['rate({}[1m] offset 5m)', /^not supported yet: offset$/, 'offset'],
  ['rate({}[1m]) * 2', /^not supported yet: the operator \*/, '*'],
  ['1 + 1', /^not supported yet: arithmetic$/, '1'],
  ['rate({}[$__auto])', /unexpected "\$"/, '$'],
];

suite('LogQL: parser', () => {
  for (const [query, value] of CASES) {
    test(query, () => assert.deepEqual(parseLogql(query), { ok: true, value }));
  }

  for (const [query, message, at] of WRONG) {
    test(`refuses ${query || 'nothing'}`, () => {
      const parsed = parseLogql(query);
      assert.ok(!parsed.ok);
      assert.match(parsed.error.message, message);
      assert.equal(query.slice(parsed.error.startOffset, parsed.error.endOffset), at);
    });
  }

  test('says where by line and column', () => {
    const query = '{a="b"}\n  | unwrap x';
    const parsed = parseLogql(query);
    assert.ok(!parsed.ok);
    assert.equal(describeLogqlProblem(query, parsed.error), 'parse error at line 2, col 5: not supported yet: | unwrap');
  });

  test('never throws, and points into the text, whatever is cut or replaced', () => {
    const pieces = fc.constantFrom('{', '}', '(', ')', '[', ']', '|', '|=', '!=', '=', '=~', '"a"', '"', '`', 'a', '5m', '5', '1KB', 'json', 'sum', 'by', 'rate', ',', 'or', ' ', '\n', '#', '\\', 'é', '\u{1F600}');
    const mutation = fc.record({ query: fc.constantFrom(...CASES.map(([query]) => query)), at: fc.nat(60), cut: fc.nat(4), insert: fc.array(pieces, { maxLength: 3 }) });
    fc.assert(
      fc.property(mutation, ({ query, at, cut, insert }) => {
        const mutated = query.slice(0, at) + insert.join('') + query.slice(at + cut);
        const parsed = parseLogql(mutated);
        if (parsed.ok) return;
        const { message, startOffset, endOffset } = parsed.error;
        assert.ok(message !== '' && startOffset >= 0 && startOffset <= endOffset && endOffset <= mutated.length, JSON.stringify(parsed.error));
      }),
      { numRuns: 2000 },
    );
  });

  test('refuses what is nested too deeply instead of running out of stack', () => {
    assert.equal(parseLogql(`{} | ${'('.repeat(100_000)}`).ok, false);
  });
});
