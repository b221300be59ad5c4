import type { TargetHealth } from '../../protocol/health.ts';

/** A service that can be spoken to. */
export interface ServiceOrigin {
  readonly job: string;
  /** `http://host:port`. */
  readonly origin: string;
  readonly isUp: boolean;
}

/** The services behind the scrape targets, one for each address, those that answer first. */
export function serviceOrigins(targets: readonly TargetHealth[]): readonly ServiceOrigin[] {
  const services = new Map<string, ServiceOrigin>();
  for (const { job, url, state } of targets) {
    const origin = URL.parse(url)?.origin;
    if (origin === undefined || origin === 'null') continue;
    const isUp = state !== 'offline';
    if (services.get(origin)?.isUp !== true) services.set(origin, { job, origin, isUp });
  }
  return [...services.values()].sort((a, b) => Number(b.isUp) - Number(a.isUp) || a.job.localeCompare(b.job));
}
