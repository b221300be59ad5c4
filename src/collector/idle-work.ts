import { toDisposable, type Disposable } from '../base/disposable.ts';

/** After `delayMs`, runs a generator to its end, one step each turn of the event loop, so that messages are answered in between. */
export function runWhenIdle(delayMs: number, start: () => Iterator<void>): Disposable {
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  timer = setTimeout(() => {
    timer = undefined;
    const steps = start();
    const step = (): void => {
      if (steps.next().done !== true) immediate = setImmediate(step);
    };
    step();
  }, delayMs);
  return toDisposable(() => {
    clearTimeout(timer);
    clearImmediate(immediate);
  });
}
