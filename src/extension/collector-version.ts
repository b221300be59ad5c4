import { PROTOCOL_VERSION, type LockFile } from '../protocol/rpc.ts';

/** What to do with a collector that runs already. */
export type JoinDecision = 'join' | 'hand over' | 'too new';

/** A newer extension replaces an older collector; an older one joins as long as both speak the same protocol. */
export function decideJoin(lock: Pick<LockFile, 'version' | 'protocolVersion'>, extensionVersion: string): JoinDecision {
  if (lock.protocolVersion > PROTOCOL_VERSION) return 'too new';
  if (lock.protocolVersion < PROTOCOL_VERSION || compareVersions(lock.version, extensionVersion) < 0) return 'hand over';
  return 'join';
}

/** Orders `major.minor.patch`; what is not a number counts as 0. */
export function compareVersions(a: string, b: string): number {
  const left = a.split(/[.+-]/).map(Number);
  const right = b.split(/[.+-]/).map(Number);
  for (let index = 0; index < 3; index++) {
    const difference = (left[index] || 0) - (right[index] || 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}
