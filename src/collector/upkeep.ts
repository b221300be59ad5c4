import { toDisposable, type Disposable } from '../base/disposable.ts';

/** How often a store with nothing to do is asked again. */
const IDLE_MS = 1000;

/**
 * Runs a store's upkeep slice by slice between the worker's messages: at once while there is more to do, else every second.
 * A slice that throws is reported and tried again after the pause.
 */
export function runUpkeep(maintain: () => boolean, onError: (error: unknown) => void): Disposable {
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  const step = (): void => {
    let hasMore = false;
    try {
      hasMore = maintain();
    } catch (error) {
      onError(error);
    }
    if (hasMore) immediate = setImmediate(step);
    else timer = setTimeout(step, IDLE_MS);
  };
  timer = setTimeout(step, IDLE_MS);
  return toDisposable(() => {
    clearTimeout(timer);
    clearImmediate(immediate);
  });
}
