import assert from 'node:assert/strict';
import { parseGoDurationNano } from '../../../src/base/go-duration.ts';

const CASES: readonly (readonly [text: string, nano: number | undefined])[] = [
  ['0', 0], ['5ns', 5], ['1500ms', 1.5e9], ['1.5s', 1.5e9], ['.5s', 5e8], ['1h2m3s', 3723e9], ['10us', 10_000], ['10µs', 10_000], ['-1m', -60e9],
  ['', undefined], ['5', undefined], ['s', undefined], ['1d', undefined], ['1 s', undefined], ['1s ', undefined], ['99999999999h', undefined],
];

suite("Go's durations", () => {
  for (const [text, nano] of CASES) test(JSON.stringify(text), () => assert.equal(parseGoDurationNano(text), nano));
});
