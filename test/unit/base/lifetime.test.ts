import assert from 'node:assert/strict';
import { DisposableStore, toDisposable } from '../../../src/base/disposable.ts';
import { Emitter } from '../../../src/base/event.ts';

suite('base: lifetimes', () => {
  test('a store disposes in reverse order, once, and what comes late at once', () => {
    const order: string[] = [];
    const store = new DisposableStore();
    for (const name of ['a', 'b', 'c']) store.add(toDisposable(() => order.push(name)));
    store.dispose();
    store.dispose();
    store.add(toDisposable(() => order.push('late')));
    assert.deepEqual(order, ['c', 'b', 'a', 'late']);
  });

  test('a disposable that throws does not keep the others from being disposed', () => {
    const order: string[] = [];
    const store = new DisposableStore();
    store.add(toDisposable(() => order.push('first')));
    store.add(toDisposable(() => { throw new Error('no'); }));
    assert.throws(() => store.dispose(), AggregateError);
    assert.deepEqual(order, ['first']);
  });

  test('an event reaches every listener, and none after it was disposed', () => {
    const emitter = new Emitter<number>();
    const seen: string[] = [];
    const listener = (value: number): void => void seen.push(`same ${value}`);
    const one = emitter.event(listener);
    const two = emitter.event(listener);
    emitter.event((value) => { throw new Error(`no ${value}`); });
    emitter.event((value) => void seen.push(`last ${value}`));
    assert.throws(() => emitter.fire(1), AggregateError);
    one.dispose();
    assert.throws(() => emitter.fire(2), AggregateError);
    two.dispose();
    emitter.dispose();
    emitter.fire(3);
    assert.deepEqual(seen, ['same 1', 'same 1', 'last 1', 'same 2', 'last 2']);
  });
});
