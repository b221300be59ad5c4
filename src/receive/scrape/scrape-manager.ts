import type { Clock } from '../../base/clock.ts';
import { systemClock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/event.ts';
import { labelsToRecord } from '../../model/labels.ts';
import { ConcurrencyLimit } from './concurrency-limit.ts';
import type { FileDiscoveryProblem } from './file-discovery.ts';
import type { ScrapeConfig } from './scrape-config.ts';
import type { ScrapeLoop, ScrapeSink, ScrapeState } from './scrape-loop.ts';
import { ScrapePool, targetId, type ScrapePoolContext } from './scrape-pool.ts';

/** A target and how it does, as `/api/v1/targets` shows it. */
export interface TargetStatus extends ScrapeState {
  readonly jobName: string;
  readonly url: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly discoveredLabels: Readonly<Record<string, string>>;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/** A target that relabelling dropped. */
export interface DroppedTarget {
  readonly jobName: string;
  readonly discoveredLabels: Readonly<Record<string, string>>;
}

/** What a manager can be given besides its sink. */
export interface ScrapeManagerOptions {
  readonly clock?: Clock;
  /** Scrapes under way at once. Default 16. */
  readonly maxConcurrent?: number;
  /** Upper bound on the wait before a new target's first scrape, so that it is seen soon. Default: none, as in Prometheus. */
  readonly maxFirstDelayMs?: number;
  /** Called when the sink rejects; scraping goes on. */
  readonly onError?: (error: unknown) => void;
}

const DEFAULT_MAX_CONCURRENT = 16;
// Two intervals and a tenth: a target that comes back within that continues its series (prometheus/scrape: endOfRunStaleness).
const STALE_AFTER_INTERVALS = 2.1;

/** Scrapes the targets of all scrape configs and knows how each does. */
export class ScrapeManager implements Disposable {
  readonly #sink: ScrapeSink;
  readonly #context: ScrapePoolContext;
  readonly #pools = new Map<string, { readonly fingerprint: string; readonly pool: ScrapePool }>();
  /** Stale markers to be written for removed targets, by target. */
  readonly #ending = new Map<string, NodeJS.Timeout>();
  readonly #changed = new Emitter<void>();
  #isPaused = false;
  #isDisposed = false;

  /** Fires after each scrape and each change of targets. */
  readonly onDidChange = this.#changed.event;

  constructor(sink: ScrapeSink, options: ScrapeManagerOptions = {}) {
    this.#sink = sink;
    this.#context = {
      sink,
      clock: options.clock ?? systemClock,
      limit: new ConcurrencyLimit(options.maxConcurrent ?? DEFAULT_MAX_CONCURRENT),
      maxFirstDelayMs: options.maxFirstDelayMs,
      onScraped: () => this.#changed.fire(),
      onError: (error) => options.onError?.(error),
      onAdded: (id) => this.#cancelEnd(id),
      onRemoved: (loop) => this.#scheduleEnd(loop),
    };
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Runs exactly these configs from now on. Those that are equal to before go on undisturbed. Job names must be unique. */
  update(configs: readonly ScrapeConfig[]): void {
    if (this.#isDisposed) return;
    const wanted = new Map(configs.map((config) => [config.jobName, { config, fingerprint: JSON.stringify(config) }]));
    const gone: ScrapeLoop[] = [];
    for (const [jobName, { fingerprint, pool }] of this.#pools) {
      if (wanted.get(jobName)?.fingerprint === fingerprint) continue;
      gone.push(...pool.loops);
      pool.dispose();
      this.#pools.delete(jobName);
    }
    // First the end of the old is planned, then a target that is still wanted cancels its own.
    for (const loop of gone) this.#scheduleEnd(loop);
    for (const [jobName, { config, fingerprint }] of wanted) {
      if (!this.#pools.has(jobName)) this.#pools.set(jobName, { fingerprint, pool: new ScrapePool(config, this.#context, this.#isPaused) });
    }
    this.#changed.fire();
  }

  /** Stops scraping without forgetting anything; no stale markers are written. */
  pause(): void {
    this.#setPaused(true);
  }

  resume(): void {
    this.#setPaused(false);
  }

  /** Every target that is not dropped, in the order of configuration. */
  targets(): readonly TargetStatus[] {
    return Array.from(this.#pools.values()).flatMap(({ pool }) => {
      const { jobName } = pool.config;
      return pool.resolved.active.map((target) => ({
        ...(pool.stateOf(targetId(jobName, target.url, target.labels)) ?? NEVER_SCRAPED),
        jobName,
        url: target.url,
        labels: labelsToRecord(target.labels),
        discoveredLabels: labelsToRecord(target.discoveredLabels),
        intervalMs: target.intervalMs,
        timeoutMs: target.timeoutMs,
      }));
    });
  }

  droppedTargets(): readonly DroppedTarget[] {
    return Array.from(this.#pools.values()).flatMap(({ pool }) =>
      pool.dropped.map((labels) => ({ jobName: pool.config.jobName, discoveredLabels: labelsToRecord(labels) })),
    );
  }

  /** All that relabelling dropped, by job; more than {@link droppedTargets} when keep_dropped_targets limits those. */
  droppedTargetCounts(): Readonly<Record<string, number>> {
    return Object.fromEntries(Array.from(this.#pools.values(), ({ pool }) => [pool.config.jobName, pool.resolved.dropped.length]));
  }

  /** What is wrong with targets that could not be set up, by job, and with discovery files. */
  problems(): { readonly targets: readonly { jobName: string; message: string }[]; readonly files: readonly FileDiscoveryProblem[] } {
    const pools = Array.from(this.#pools.values(), ({ pool }) => pool);
    return {
      targets: pools.flatMap((pool) => pool.resolved.problems.map((message) => ({ jobName: pool.config.jobName, message }))),
      files: pools.flatMap((pool) => pool.fileProblems),
    };
  }

  /** Stops everything at once, as at the end of the process: no stale markers. */
  dispose(): void {
    this.#isDisposed = true;
    for (const { pool } of this.#pools.values()) pool.dispose();
    this.#pools.clear();
    for (const timer of this.#ending.values()) clearTimeout(timer);
    this.#ending.clear();
    this.#changed.dispose();
  }

  #setPaused(isPaused: boolean): void {
    if (this.#isPaused === isPaused || this.#isDisposed) return;
    this.#isPaused = isPaused;
    for (const { pool } of this.#pools.values()) pool.setPaused(isPaused);
    this.#changed.fire();
  }

  #scheduleEnd(loop: ScrapeLoop): void {
    if (this.#isDisposed || this.#ending.has(loop.id)) return;
    const { intervalMs } = loop.target;
    const lastMs = loop.state.lastScrapeMs || this.#context.clock.nowMs();
    // The time of the scrape that did not happen any more.
    const staleAtMs = lastMs + intervalMs;
    const timer = setTimeout(() => {
      this.#ending.delete(loop.id);
      this.#sink.close(loop.id, staleAtMs).catch((error: unknown) => this.#context.onError(error));
    }, Math.min(intervalMs * STALE_AFTER_INTERVALS, 2 ** 31 - 1));
    timer.unref();
    this.#ending.set(loop.id, timer);
  }

  #cancelEnd(id: string): void {
    clearTimeout(this.#ending.get(id));
    this.#ending.delete(id);
  }
}

const NEVER_SCRAPED: ScrapeState = { health: 'unknown', lastError: '', lastScrapeMs: 0, lastDurationMs: 0, scraped: 0 };
