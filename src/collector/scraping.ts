import { DisposableStore, type Disposable } from '../base/disposable.ts';
import { labelsFromRecord } from '../model/labels.ts';
import type { TargetHealth } from '../model/health.ts';
import type { ScrapeSink } from '../receive/scrape/scrape-loop.ts';
import { ScrapeManager, type TargetStatus } from '../receive/scrape/scrape-manager.ts';
import type { DroppedTargetView, TargetView } from './api/targets.ts';
import type { Log } from './log.ts';
import { transferable } from './worker-channel.ts';
import type { Workers } from './workers.ts';
import type { ScrapeSource } from './workspaces.ts';

/** A new target is scraped within this time, so that whoever added it sees it answer. */
const FIRST_SCRAPE_MS = 1000;

/** How the scrape API names a target's states. */
const STATES = { up: 'healthy', down: 'offline', unknown: 'unknown' } as const;

/** Everything that is scraped: one manager for each configuration file, because job names are unique within a file only. */
export class Scraping implements Disposable {
  readonly #workers: Workers;
  readonly #log: Log;
  readonly #managers = new Map<string, ScrapeManager>();
  readonly #lifetime = new DisposableStore();
  #isPaused = false;

  constructor(workers: Workers, log: Log) {
    this.#workers = workers;
    this.#log = log;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Scrapes exactly what these files name from now on; gives the number of targets. */
  apply(sources: readonly ScrapeSource[]): Promise<number> {
    const wanted = new Map(sources.map(({ file, configs }) => [file, configs]));
    for (const [file, manager] of this.#managers) {
      if (wanted.has(file)) continue;
      // Left alive until its targets' series are marked as ended.
      manager.update([]);
    }
    for (const [file, configs] of wanted) this.#manager(file).update(configs);
    return Promise.resolve(this.#statuses().length);
  }

  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    for (const manager of this.#managers.values()) {
      if (isPaused) manager.pause();
      else manager.resume();
    }
  }

  /** For `/api/v1/targets`. */
  active(): readonly TargetView[] {
    return this.#statuses().map(({ status }) => ({
      pool: status.jobName,
      labels: labelsFromRecord(status.labels),
      discoveredLabels: labelsFromRecord(status.discoveredLabels),
      url: status.url,
      health: status.health,
      lastError: status.lastError,
      lastScrapeMs: status.lastScrapeMs === 0 ? undefined : status.lastScrapeMs,
      lastDurationSeconds: status.lastDurationMs / 1000,
      intervalMs: status.intervalMs,
      timeoutMs: status.timeoutMs,
    }));
  }

  dropped(): readonly DroppedTargetView[] {
    return [...this.#managers.values()].flatMap((manager) => manager.droppedTargets().map(({ jobName, discoveredLabels }) => ({ pool: jobName, discoveredLabels: labelsFromRecord(discoveredLabels) })));
  }

  /** For the Health view. */
  targetHealth(): readonly TargetHealth[] {
    return this.#statuses().map(({ file, status }) => ({
      kind: 'target',
      id: `target/${file}/${status.jobName}/${status.url}`,
      job: status.jobName,
      url: status.url,
      state: STATES[status.health],
      lastError: status.lastError,
      intervalMs: status.intervalMs,
      ...(status.lastScrapeMs === 0 ? {} : { lastScrapeMs: status.lastScrapeMs, lastDurationSeconds: status.lastDurationMs / 1000, samples: status.scraped }),
    }));
  }

  dispose(): void {
    this.#lifetime.dispose();
  }

  #statuses(): { readonly file: string; readonly status: TargetStatus }[] {
    return [...this.#managers].flatMap(([file, manager]) => manager.targets().map((status) => ({ file, status })));
  }

  #manager(file: string): ScrapeManager {
    let manager = this.#managers.get(file);
    if (!manager) {
      manager = this.#lifetime.add(
        new ScrapeManager(workerSink(this.#workers, file), {
          maxFirstDelayMs: FIRST_SCRAPE_MS,
          onError: (error) => this.#log.error('a scrape could not be stored', { error: error instanceof Error ? error.message : String(error) }),
        }),
      );
      if (this.#isPaused) manager.pause();
      this.#managers.set(file, manager);
    }
    return manager;
  }
}

/** The worker's appenders, with ids that tell equal targets of two files apart. */
function workerSink({ metricsPush }: Workers, file: string): ScrapeSink {
  const idOf = (id: string): string => `${file}\n${id}`;
  return {
    async open(id, spec) {
      await metricsPush.call('openTarget', { id: idOf(id), spec });
    },
    append: (id, input) => metricsPush.call('scrape', { id: idOf(id), input }, input.body ? { transfer: transferable(input.body) } : {}),
    async close(id, timestampMs) {
      await metricsPush.call('closeTarget', { id: idOf(id), timestampMs });
    },
  };
}
