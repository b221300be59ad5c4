import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { ConcurrencyLimit } from './concurrency-limit.ts';
import type { ScrapeInput, ScrapeOutcome, ScrapeTargetSpec } from './scrape-appender.ts';
import type { ScrapeClient } from './scrape-client.ts';
import { alignedTimestampMs, scrapeOffsetMs, spreadHash } from './scrape-schedule.ts';
import type { TargetDescription } from './target-labels.ts';

/** Where scrapes go: the worker that owns the appenders. All parameters are plain data. */
export interface ScrapeSink {
  open(id: string, spec: ScrapeTargetSpec): Promise<void>;
  /** Takes over `input.body`. Resolves to undefined when the target is not open, as after a restart of the worker: it is opened anew then. */
  append(id: string, input: ScrapeInput): Promise<ScrapeOutcome | undefined>;
  close(id: string, staleAtMs: number): Promise<void>;
}

/** How a target does, after its last scrape. */
export interface ScrapeState {
  readonly health: 'unknown' | 'up' | 'down';
  readonly lastError: string;
  /** 0 before the first scrape. */
  readonly lastScrapeMs: number;
  readonly lastDurationMs: number;
  readonly scraped: number;
}

/** What a loop needs from its surroundings. */
export interface ScrapeLoopContext {
  readonly sink: ScrapeSink;
  readonly client: ScrapeClient;
  readonly clock: Clock;
  readonly limit: ConcurrencyLimit;
  /** Upper bound on the wait before the very first scrape; undefined keeps to the target's place in the interval. */
  readonly maxFirstDelayMs: number | undefined;
  /** Why nothing may be scraped at present, such as too many targets; '' for no reason. */
  readonly refusal: () => string;
  readonly onScraped: () => void;
  readonly onError: (error: unknown) => void;
}

// setTimeout takes no more; a longer wait is taken in steps.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Scrapes one target at its interval until disposed. A scrape that is under way then is aborted and leaves no trace. */
export class ScrapeLoop implements Disposable {
  readonly target: TargetDescription;
  readonly id: string;
  readonly #spec: ScrapeTargetSpec;
  readonly #context: ScrapeLoopContext;
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #isOpen = false;
  #state: ScrapeState = { health: 'unknown', lastError: '', lastScrapeMs: 0, lastDurationMs: 0, scraped: 0 };

  constructor(id: string, target: TargetDescription, spec: ScrapeTargetSpec, context: ScrapeLoopContext) {
    this.id = id;
    this.target = target;
    this.#spec = spec;
    this.#context = context;
    const { clock, maxFirstDelayMs } = context;
    const nowMs = clock.nowMs();
    const dueMs = nowMs + scrapeOffsetMs(spreadHash(id), target.intervalMs, nowMs);
    if (maxFirstDelayMs !== undefined && dueMs > nowMs + maxFirstDelayMs) this.#schedule(nowMs + maxFirstDelayMs, dueMs);
    else this.#schedule(dueMs, dueMs + target.intervalMs);
  }

  get state(): ScrapeState {
    return this.#state;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
  }

  #schedule(dueMs: number, nextMs: number): void {
    if (this.#abort.signal.aborted) return;
    const waitMs = Math.max(0, dueMs - this.#context.clock.nowMs());
    if (waitMs > LONGEST_TIMER_MS) {
      this.#timer = setTimeout(() => this.#schedule(dueMs, nextMs), LONGEST_TIMER_MS);
      return;
    }
    this.#timer = setTimeout(() => {
      void this.#context.limit
        .run(() => this.#scrape(dueMs))
        .catch((error: unknown) => this.#context.onError(error))
        .then(() => this.#schedule(this.#skipMissed(nextMs), this.#skipMissed(nextMs) + this.target.intervalMs));
    }, waitMs);
  }

  /** Ticks that passed during a long scrape are left out, as Go's ticker does. */
  #skipMissed(dueMs: number): number {
    const { intervalMs } = this.target;
    const nowMs = this.#context.clock.nowMs();
    const lateMs = nowMs - dueMs;
    // The clock was put back: keep to the interval, not to a time that is far off now.
    if (lateMs < -2 * intervalMs) return nowMs + intervalMs;
    return lateMs < intervalMs ? dueMs : dueMs + Math.floor(lateMs / intervalMs) * intervalMs;
  }

  async #scrape(dueMs: number): Promise<void> {
    const { sink, client, clock, refusal, onScraped } = this.#context;
    const { signal } = this.#abort;
    const isOver = (): boolean => signal.aborted;
    if (isOver()) return;
    const startMs = clock.nowMs();
    const timestampMs = alignedTimestampMs(dueMs, startMs, this.target.intervalMs);
    const started = performance.now();
    const forced = refusal();
    const fetched = forced === '' ? await client.fetch(this.target.url, this.target.timeoutMs, signal) : { body: undefined, contentType: '', error: forced };
    // A target that was removed while it answered must not come back.
    if (isOver()) return;
    const durationMs = performance.now() - started;
    if (!this.#isOpen) {
      await sink.open(this.id, this.#spec);
      this.#isOpen = true;
    }
    const outcome = await sink.append(this.id, { timestampMs, durationMs, ...fetched });
    this.#isOpen = outcome !== undefined;
    if (!outcome || isOver()) return;
    this.#state = {
      health: outcome.error === '' ? 'up' : 'down',
      lastError: outcome.error,
      lastScrapeMs: startMs,
      lastDurationMs: outcome.durationMs,
      scraped: outcome.scraped,
    };
    onScraped();
  }
}
