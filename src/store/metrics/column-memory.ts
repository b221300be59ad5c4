import type { ColumnMeter, Series } from './series.ts';
import type { SeriesIndex } from './series-index.ts';

const SERIES_PER_SWEEP = 2000;

/** Keeps the decoded columns of all series within a budget: sweeps over them and trims those that no query has read lately. */
export class ColumnMemory implements ColumnMeter {
  columnBytes = 0;
  readonly limitBytes: number;
  readonly #index: SeriesIndex;
  #next = 0;

  constructor(index: SeriesIndex, limitBytes: number) {
    this.#index = index;
    this.limitBytes = limitBytes;
  }

  get isOverLimit(): boolean {
    return this.columnBytes > this.limitBytes;
  }

  /** Whether `bytes` more fit. */
  hasRoom(bytes: number): boolean {
    return this.columnBytes + bytes <= this.limitBytes;
  }

  /** One bounded step towards the limit; true when something was trimmed or spared, so that another step may help. */
  sweep(): boolean {
    const all = this.#index.all();
    let isUseful = false;
    for (let left = Math.min(SERIES_PER_SWEEP, all.length); left > 0 && this.isOverLimit; left--) {
      if (this.#next >= all.length) this.#next = 0;
      const series: Series = all[this.#next++]!;
      if (series.persisted === 0) continue;
      isUseful = true;
      if (series.wasRead) series.wasRead = false;
      else series.trim(this);
    }
    return isUseful;
  }
}
