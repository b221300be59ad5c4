import assert from 'node:assert/strict';
import { backtest, summarise } from '../../../../src/rules/editing/backtest.ts';
import { watchedValue } from '../../../../src/rules/editing/rule-timing.ts';

/** A step a character: `x` where the condition holds. Phases read back as `p` and `f` with their first and last step. */
const run = (steps: string, forSteps: number, keepSteps = 0): string => {
  const options = { startMs: 0, stepMs: 10, forMs: forSteps * 10, keepFiringForMs: keepSteps * 10 };
  const [history] = backtest([{ labels: { a: 'b' }, values: Array.from(steps, (char) => (char === 'x' ? 1 : null)) }], options);
  return (history?.phases ?? []).map(({ state, startMs, endMs }) => `${state[0] ?? ''}${startMs / 10}-${endMs / 10}`).join(' ');
};

suite('backtest', () => {
  test('fires at once without a for', () => assert.equal(run('..xx..x.', 0), 'f2-4 f6-7'));
  test('is pending until the condition has held for long enough', () => assert.equal(run('.xxxx.', 2), 'p1-3 f3-5'));
  test('never fires when the condition breaks off before', () => assert.equal(run('.xx.xx.', 2), 'p1-3 p4-6'));
  test('keeps firing over a gap', () => assert.equal(run('xx..xx....', 1, 3), 'p0-1 f1-9'));
  test('what still fires ends with the last step', () => assert.equal(run('..xx', 0), 'f2-3'));
  test('leaves out what never was active', () => assert.deepEqual(backtest([{ labels: {}, values: [null] }], { startMs: 0, stepMs: 1, forMs: 0, keepFiringForMs: 0 }), []));

  test('counts firings and finds the longest', () => {
    const options = { startMs: 0, stepMs: 10, forMs: 0, keepFiringForMs: 0 };
    const histories = backtest([{ labels: {}, values: [1, null, 1, 1, 1, null] }, { labels: {}, values: [null, 1, null] }], options);
    assert.deepEqual(summarise(histories), { firings: 3, longestMs: 30 });
  });

  test('takes a comparison apart', () => {
    assert.deepEqual(watchedValue('(sum(up) < 0.5)'), { expr: 'sum(up)', operator: '<', threshold: 0.5 });
    assert.deepEqual(watchedValue('a > -1'), { expr: 'a', operator: '>', threshold: -1 });
    assert.deepEqual(watchedValue('a > b'), { expr: 'a', operator: '>', threshold: undefined });
    assert.deepEqual(watchedValue('absent(up)'), { expr: 'absent(up)', operator: undefined, threshold: undefined });
  });
});
