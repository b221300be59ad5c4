import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkRegex, createMatcher } from '../../../src/promql/matcher.ts';
import { parseGlobs } from '../../../src/promql/regex-glob.ts';

const matches = (pattern: string, text: string): boolean => createMatcher({ name: 'a', type: '=~', value: pattern }).matches(text);
const literals = (pattern: string): readonly string[] | undefined => createMatcher({ name: 'a', type: '=~', value: pattern }).literals;

suite('promql: matchers', () => {
  const table: readonly (readonly [pattern: string, yes: readonly string[], no: readonly string[]])[] = [
    ['', [''], ['a']],
    ['api', ['api'], ['apis', 'xapi', '']],
    ['a|b|', ['a', 'b', ''], ['ab']],
    ['.*', ['', 'a', 'a\nb', '😀'], []],
    ['.+', ['a', '\n', '😀'], ['']],
    ['5..', ['500', '5\n😀'], ['50', '5000']],
    ['prod-(eu|us)-.*', ['prod-eu-1', 'prod-us-'], ['prod-asia-1', 'prod-eu']],
    ['.*a.+b.*', ['a-b', 'xa--bx'], ['ab', 'b-a']],
    ['.*/api/.+', ['x/api/y', '/api//api/z'], ['/api/', 'api/x']],
    ['a\\.b', ['a.b'], ['axb']],
    ['(?i)GET', ['get', 'GeT'], ['gets']],
    ['[0-9]{2,3}', ['12', '123'], ['1', '1234']],
    ['^a$|^b$', ['a', 'b'], ['c']],
    ['a.b', ['a\nb'], ['ab']],
    ['(a*)*b', ['aab'], ['aac']],
    ['(?P<n>a)(?P<n>b)', ['ab'], ['a']],
  ];
  for (const [pattern, yes, no] of table) {
    test(`=~ ${JSON.stringify(pattern)}`, () => {
      for (const text of yes) assert.equal(matches(pattern, text), true, text);
      for (const text of no) assert.equal(matches(pattern, text), false, text);
      const negative = createMatcher({ name: 'a', type: '!~', value: pattern });
      for (const text of [...yes, ...no]) assert.equal(negative.matches(text), !matches(pattern, text), text);
    });
  }

  test('= and != compare', () => {
    assert.equal(createMatcher({ name: 'a', type: '=', value: 'x' }).matches('x'), true);
    assert.equal(createMatcher({ name: 'a', type: '!=', value: 'x' }).matches(''), true);
  });

  test('alternations of literals are listed', () => {
    assert.deepEqual(literals('a|b'), ['a', 'b']);
    assert.deepEqual(literals('x(1|2)(a|b)|x1a'), ['x1a', 'x1b', 'x2a', 'x2b']);
    assert.deepEqual(literals('a\\.b'), ['a.b']);
    assert.deepEqual(literals(''), ['']);
    for (const pattern of ['a.*', 'a?', '[ab]', 'ab*', '(?i)a', '(a|b', 'a{2}']) assert.equal(literals(pattern), undefined, pattern);
  });

  test('wrong patterns are described in the words of Go', () => {
    assert.equal(checkRegex('('), 'error parsing regexp: missing closing ): `(`');
    assert.equal(checkRegex('(?s)a)'), 'error parsing regexp: unexpected ): `(?s)a)`');
    assert.equal(checkRegex('a**'), 'error parsing regexp: invalid nested repetition operator: `**`');
    assert.equal(checkRegex('\\'), 'error parsing regexp: trailing backslash at end of expression: ``');
    assert.equal(checkRegex('a{1001}'), 'error parsing regexp: invalid repeat count: `{1001}`');
    assert.equal(checkRegex('(?=a)'), 'error parsing regexp: invalid or unsupported Perl syntax: `(?=`');
  });

  test('simple patterns agree with a regular expression engine', () => {
    const piece = fc.constantFrom('a', 'b', 'ab', '.', '.*', '.+', '|', '(a|b)', '(a.*|b)', '\\.', '😀');
    const text = fc.array(fc.constantFrom('a', 'b', '.', '😀', '\n'), { maxLength: 8 }).map((parts) => parts.join(''));
    let simple = 0;
    fc.assert(fc.property(fc.array(piece, { maxLength: 6 }), fc.array(text, { minLength: 5, maxLength: 5 }), (pieces, texts) => {
      const pattern = pieces.join('');
      if (parseGlobs(pattern) !== undefined) simple++;
      const expected = new RegExp(`^(?:${pattern})$`, 'su');
      for (const sample of texts) assert.equal(matches(pattern, sample), expected.test(sample), `${pattern} on ${JSON.stringify(sample)}`);
    }), { numRuns: 2000, seed: 7 });
    assert.ok(simple > 500, `only ${String(simple)} patterns took the fast way`);
  });

  test('no pattern makes matching or compiling slow', () => {
    const text = `${'a'.repeat(5000)}!`;
    const started = performance.now();
    for (const pattern of ['(a+)+', '(a|aa)+', '(.*a){20}', '(a|b)'.repeat(500), 'a|'.repeat(5000), 'x'.repeat(100_000)]) matches(pattern, text);
    assert.ok(performance.now() - started < 5000);
  });
});
