import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A file that says: the user has stopped the collector, so no window brings it back by itself.
 * Every window looks for it when its connection ends; starting the collector removes it.
 */
export const stopMarkerPath = (dataDir: string): string => join(dataDir, 'collector.stopped');

/** Whether the user has stopped the collector of `dataDir`. */
export const isStopMarked = (dataDir: string): boolean => existsSync(stopMarkerPath(dataDir));

/** Leaves or removes the marker. */
export function markStopped(dataDir: string, isStopped: boolean): void {
  if (!isStopped) return rmSync(stopMarkerPath(dataDir), { force: true });
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(stopMarkerPath(dataDir), '');
}
