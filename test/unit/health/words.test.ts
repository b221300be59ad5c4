import assert from 'node:assert/strict';
import { durationInWords, percentInWords, secondsInWords } from '../../../src/health/words.ts';

suite('health in words', () => {
  test('durations', () => {
    assert.deepEqual([0, 59_400, 60_000, 119_000, 3_600_000, 9_000_000].map(durationInWords), ['0 s', '59 s', '1 min', '2 min', '1 h', '3 h']);
  });
  test('percentages never reach what was not reached', () => {
    assert.deepEqual([1, 0.9996, 0.95, 0.9496, 0].map(percentInWords), ['100 %', '99.9 %', '95 %', '94.9 %', '0 %']);
  });
  test('seconds', () => {
    assert.deepEqual([0.0451, 0.82, 2.4149, 12.345].map(secondsInWords), ['45.1 ms', '820 ms', '2.41 s', '12.3 s']);
  });
});
