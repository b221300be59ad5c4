import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareVersions } from './collector-version.ts';

/** A window of a newer version has this long to start its collector. */
const VALID_MS = 10_000;

const markerPath = (dataDir: string): string => join(dataDir, 'collector.takeover');

/** Says to other windows: the collector ends because `version` takes over; do not bring the old one back. */
export function markTakeover(dataDir: string, version: string): void {
  writeFileSync(markerPath(dataDir), version);
}

/** Whether a newer version than `ownVersion` is taking over right now. */
export function isNewerTakingOver(dataDir: string, ownVersion: string, nowMs = Date.now()): boolean {
  const path = markerPath(dataDir);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat || nowMs - stat.mtimeMs > VALID_MS) return false;
  return compareVersions(readFileSync(path, 'utf8'), ownVersion) > 0;
}
