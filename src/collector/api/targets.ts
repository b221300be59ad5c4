import { labelsToRecord, type Labels } from '../../model/labels.ts';
import { successAnswer } from './http-answer.ts';
import type { ApiRoute } from './router.ts';

/** One scrape target as the scrape manager sees it. Times in ms, durations in seconds. */
export interface TargetView {
  readonly pool: string;
  readonly labels: Labels;
  readonly discoveredLabels: Labels;
  readonly url: string;
  readonly health: 'up' | 'down' | 'unknown';
  readonly lastError: string;
  readonly lastScrapeMs: number | undefined;
  readonly lastDurationSeconds: number;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/** A target that relabelling removed. */
export interface DroppedTargetView {
  readonly pool: string;
  readonly discoveredLabels: Labels;
}

/** `/api/v1/targets`, shaped as Prometheus's. */
export function targetRoutes(active: () => readonly TargetView[], dropped: () => readonly DroppedTargetView[]): readonly ApiRoute[] {
  return [
    {
      methods: ['GET'],
      path: '/api/v1/targets',
      handle({ params }) {
        const state = (params.get('state') ?? '').toLowerCase();
        const showsActive = ['', 'any', 'active'].includes(state);
        const showsDropped = ['', 'any', 'dropped'].includes(state);
        const pool = params.get('scrapePool') ?? '';
        const isWanted = (item: { readonly pool: string }): boolean => pool === '' || item.pool === pool;
        const droppedTargets = dropped().filter(isWanted);
        return successAnswer({
          activeTargets: !showsActive ? [] : active().filter(isWanted).map(describe),
          droppedTargets: !showsDropped ? [] : droppedTargets.map((target) => ({ discoveredLabels: labelsToRecord(target.discoveredLabels), scrapePool: target.pool })),
          droppedTargetCounts: showsDropped ? countByPool(dropped()) : null,
        });
      },
    },
    {
      methods: ['GET'],
      path: '/api/v1/scrape_pools',
      handle: () => successAnswer({ scrapePools: [...new Set([...active(), ...dropped()].map(({ pool }) => pool))].sort() }),
    },
  ];
}

function describe(target: TargetView): Record<string, unknown> {
  return {
    discoveredLabels: labelsToRecord(target.discoveredLabels),
    labels: labelsToRecord(target.labels),
    scrapePool: target.pool,
    scrapeUrl: target.url,
    globalUrl: target.url,
    lastError: target.lastError,
    lastScrape: target.lastScrapeMs === undefined ? '0001-01-01T00:00:00Z' : new Date(target.lastScrapeMs).toISOString(),
    lastScrapeDuration: target.lastDurationSeconds,
    health: target.health,
    scrapeInterval: formatSeconds(target.intervalMs),
    scrapeTimeout: formatSeconds(target.timeoutMs),
  };
}

function countByPool(targets: readonly { readonly pool: string }[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { pool } of targets) counts.set(pool, (counts.get(pool) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** `15s`, `1m`, `1m30s`, `500ms`: the largest units that say it exactly. */
function formatSeconds(ms: number): string {
  if (ms % 1000 !== 0) return `${ms}ms`;
  const seconds = ms / 1000;
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${seconds}s`;
  return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
}
