import assert from 'node:assert/strict';
import { runWhenIdle } from '../../../src/collector/idle-work.ts';
import { warmUpQueries } from '../../../src/collector/query-warm-up.ts';

interface Answer {
  readonly status: string;
  readonly data: { readonly result: readonly unknown[] };
}

suite('warming up', () => {
  test('queries all have a result', () => {
    const answers = [...warmUpQueries(false, 2)].flat().map(({ body }) => JSON.parse(Buffer.from(body).toString()) as Answer);
    assert.ok(answers.length > 20);
    for (const { status, data } of answers) {
      assert.equal(status, 'success');
      assert.ok(data.result.length > 0);
    }
  });
});

suite('idle work', () => {
  test('goes on at once while there is nothing else, and pauses when there was', async () => {
    const busy = [false, false, true, false];
    const done: number[] = [];
    const ended = new Promise<void>((resolve) => {
      const steps = function* (): Generator<void> {
        for (let i = 0; i < 4; i++) {
          done.push(performance.now());
          yield;
        }
        resolve();
      };
      runWhenIdle(30, steps, () => busy.shift() ?? false);
    });
    await ended;
    const gaps = done.slice(1).map((at, i) => at - done[i]!);
    assert.ok(gaps[2]! >= 25, `paused ${gaps[2]} ms`);
    assert.ok(gaps[0]! < gaps[2]! && gaps[1]! < gaps[2]!);
  });

  test('ends the work when it is disposed of', async () => {
    let isClosed = false;
    let onStep: () => void = () => undefined;
    const stepped = new Promise<void>((resolve) => { onStep = resolve; });
    const steps = function* (): Generator<void> {
      try {
        for (;;) {
          onStep();
          yield;
        }
      } finally {
        isClosed = true;
      }
    };
    const work = runWhenIdle(1, steps, () => false);
    await stepped;
    work.dispose();
    assert.ok(isClosed);
  });
});
