import type { MetricBatch } from '../../model/metric-batch.ts';
import { ScrapeAppender, type ScrapeInput, type ScrapeOutcome, type ScrapeTargetSpec } from './scrape-appender.ts';

/** The worker's side of scraping: one appender for each open target. Ids are the manager's. */
export class ScrapeAppenders {
  readonly #appenders = new Map<string, ScrapeAppender>();

  /** Announces a target, or a change of its configuration. */
  open(id: string, spec: ScrapeTargetSpec): void {
    const known = this.#appenders.get(id);
    if (known) known.configure(spec);
    else this.#appenders.set(id, new ScrapeAppender(spec));
  }

  /** Undefined when the target is not open (any more). */
  append(id: string, input: ScrapeInput): { readonly batch: MetricBatch; readonly outcome: ScrapeOutcome } | undefined {
    return this.#appenders.get(id)?.append(input);
  }

  /** Forgets a target; the batch marks its series stale. */
  close(id: string, timestampMs: number): MetricBatch | undefined {
    const appender = this.#appenders.get(id);
    this.#appenders.delete(id);
    return appender?.end(timestampMs);
  }
}
