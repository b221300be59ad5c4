import assert from 'node:assert/strict';
import { formatAge, formatBytes, formatNumber, formatPercent, formatRequestRate, formatSeconds, padFigures, sparkline } from '../../../src/extension/format.ts';

const plain = (text: string): string => text.replaceAll('\u202f', ' ').replaceAll('\u2007', '_');

suite('format', () => {
  test('numbers have three significant digits', () => {
    const cases: [number, string][] = [[0, '0'], [0.0421, '0.0421'], [0.000001, '<0.001'], [1.2345, '1.23'], [12.345, '12.3'], [999.6, '1,000'], [1234.5, '1,235'], [Infinity, '∞'], [NaN, 'no value']];
    assert.deepEqual(cases.map(([value]) => formatNumber(value)), cases.map(([, text]) => text));
  });

  test('seconds choose their unit, also where rounding reaches the next', () => {
    const cases: [number, string][] = [[0.000012, '12 µs'], [0.00099949, '999 µs'], [0.00099951, '1 ms'], [0.64, '640 ms'], [0.99951, '1 s'], [1.9, '1.9 s'], [119, '119 s'], [120, '2 min']];
    assert.deepEqual(cases.map(([value]) => plain(formatSeconds(value))), cases.map(([, text]) => text));
  });

  test('a ratio below one is never shown as 100 %', () => {
    const cases: [number, string][] = [[1, '100 %'], [0.99999, '99.99 %'], [0.9996, '99.96 %'], [0.999, '99.9 %'], [0.714, '71.4 %'], [0, '0 %']];
    assert.deepEqual(cases.map(([value]) => plain(formatPercent(value))), cases.map(([, text]) => text));
  });

  test('rates, bytes and ages carry their unit', () => {
    assert.deepEqual([formatRequestRate(12.04), formatBytes(1536), formatBytes(1023.9), formatBytes(5 * 1024 ** 3), formatAge(61_000), formatAge(-5), formatAge(90_000_000)].map(plain), ['12 req/s', '1.5 KiB', '1 KiB', '5 GiB', '1 min', '0 s', '1 d']);
  });

  test('padding keeps the width with spaces as wide as digits', () => {
    assert.equal(plain(padFigures('82 ms', 7)), '__82 ms');
  });

  test('a sparkline starts at zero and leaves gaps', () => {
    assert.equal(sparkline([0, 5, null, 10]), '▁▅ █');
    assert.equal(sparkline([0, 0]), '▁▁');
    assert.equal(sparkline([]), '');
  });
});
