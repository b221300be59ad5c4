import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isMap, parseDocument, Scalar, stringify } from 'yaml';
import { rangeInFile, scalarTextOf, textOffsetAt, type ScalarText } from '../../../../src/rules/editing/scalar-text.ts';

function read(file: string): ScalarText {
  const { contents } = parseDocument(file);
  assert.ok(isMap(contents));
  const scalar = scalarTextOf(contents.items[0]?.value, file);
  assert.ok(scalar);
  return scalar;
}

/** The part of the file that belongs to `needle` in the text. */
function sourceOf(file: string, needle: string): string {
  const scalar = read(file);
  const at = scalar.text.indexOf(needle);
  assert.ok(at >= 0, scalar.text);
  return file.slice(...rangeInFile(scalar, at, at + needle.length));
}

suite('scalar text', () => {
  const cases: readonly (readonly [style: string, file: string, needle: string, source: string])[] = [
    ['plain', 'expr: rate(up[5m])\n', 'up', 'up'],
    ['plain over two lines', 'expr: rate(up[5m])\n  > foo\n', 'foo', 'foo'],
    ['double-quoted', 'expr: "up{job=\\"a b\\"} > foo"\n', '"a b"', '\\"a b\\'],
    ['double-quoted behind an escape', 'expr: "a{b=\\"\\u0041\\"} > foo"\n', 'foo', 'foo'],
    ['single-quoted', "expr: 'up{job=''a''} > foo'\n", 'foo', 'foo'],
    ['literal', 'expr: |\n  rate(up[5m])\n\n    / foo\nx: 1\n', 'foo', 'foo'],
    ['literal with keep and indentation', 'expr: |2+\n    rate(up[5m])\n    / foo\n\nx: 1\n', 'foo', 'foo'],
    ['folded', 'expr: >-\n    rate(up[5m])\n    / foo\nx: 1\n', '[5m]) / foo', '[5m])\n    / foo'],
  ];
  for (const [style, file, needle, source] of cases) test(`stands where it stands: ${style}`, () => assert.equal(sourceOf(file, needle), source));

  test('keeps every character of a random text at its place, whatever the style', () => {
    const styles = [Scalar.PLAIN, Scalar.QUOTE_DOUBLE, Scalar.QUOTE_SINGLE, Scalar.BLOCK_LITERAL, Scalar.BLOCK_FOLDED] as const;
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '(', ' ', '\n', '"', "'", '{', '#', '[', '1'), minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(text, fc.constantFrom(...styles), fc.integer({ min: 1, max: 6 }), (value, style, indent) => {
        const node = new Scalar(value);
        node.type = style;
        const file = stringify({ expr: node }, { indent, lineWidth: 20 });
        const scalar = read(file);
        // The writer changes white space at the ends now and then; what counts is what was read.
        const { text: got } = scalar;
        assert.equal(scalar.offsets.length, got.length + 1);
        for (let i = 0; i < got.length; i++) {
          const at = scalar.offsets[i]!;
          if (i > 0) assert.ok(at >= scalar.offsets[i - 1]!, 'in order');
          if (/\s/.test(got[i]!)) continue;
          assert.equal(file[at] === '\\' ? file[at + 1] : file[at], got[i], `${JSON.stringify(file)} at ${i}`);
          assert.equal(textOffsetAt(scalar, at), i);
        }
      }),
      { numRuns: 500 },
    );
  });
});
