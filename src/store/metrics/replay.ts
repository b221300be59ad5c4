import type { Appender } from './appender.ts';
import type { ExemplarLog } from './exemplar-log.ts';
import { decodeJournal } from './journal-codec.ts';
import type { ReplayBuffer } from './replay-buffer.ts';
import type { Series } from './series.ts';
import type { SeriesIndex } from './series-index.ts';

/** Where a journal row's content goes; floats may wait in their buffer. */
export interface ReplayTarget {
  readonly index: SeriesIndex;
  readonly appender: Appender;
  readonly exemplars: ExemplarLog;
  readonly floats: ReplayBuffer;
}

/** Applies one row of the journal. Samples of series that are gone were refused or evicted, and are passed over. */
export function replayJournal(row: Uint8Array, { index, appender, exemplars, floats }: ReplayTarget): void {
  let current: Series | undefined;
  decodeJournal(row, {
    series: (ref) => {
      current = index.byRef(ref);
    },
    float: (timestampMs, high, low) => {
      if (current !== undefined) floats.add(current, timestampMs, high, low);
    },
    histogram: (ref, timestampMs, histogram) => {
      // Of a float and a histogram at one time the first counts, so the floats before this go first.
      floats.apply();
      const series = index.byRef(ref);
      if (series !== undefined) appender.histogram(series, timestampMs, histogram, -Infinity);
    },
    exemplar: (ref, exemplar) => {
      const series = index.byRef(ref);
      if (series !== undefined) exemplars.add(series, exemplar);
    },
  });
}
