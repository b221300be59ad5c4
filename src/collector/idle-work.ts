import { toDisposable, type Disposable } from '../base/disposable.ts';

/**
 * After `pauseMs`, runs a generator to its end, one step each turn of the event loop. When `hasWorked` says that there was other
 * work since it was last asked, the next step waits for another pause: what can wait takes little time from what cannot.
 */
export function runWhenIdle(pauseMs: number, start: () => Iterator<unknown>, hasWorked: () => boolean): Disposable {
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  let steps: Iterator<unknown> | undefined;
  const pause = (): void => {
    timer = setTimeout(step, pauseMs);
  };
  const step = (): void => {
    steps ??= start();
    if (steps.next().done === true) return;
    if (hasWorked()) pause();
    else immediate = setImmediate(step);
  };
  pause();
  return toDisposable(() => {
    clearTimeout(timer);
    clearImmediate(immediate);
    steps?.return?.();
  });
}
