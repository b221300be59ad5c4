import type { Exemplar } from '../../model/metric.ts';
import { ByteReader } from './encoding/byte-reader.ts';
import { ByteWriter } from './encoding/byte-writer.ts';
import { ExemplarRing } from './exemplar-ring.ts';
import { decodeExemplar, encodeExemplar } from './journal-codec.ts';
import type { Series } from './series.ts';
import type { SeriesIndex } from './series-index.ts';
import type { MetricsStorage } from './storage.ts';

/** Keeps the ring of exemplars and its copy in the storage, a row for each flush. */
export class ExemplarLog {
  readonly ring: ExemplarRing;
  readonly #capacity: number;
  /** Rows in the storage, oldest first. */
  readonly #rows: { readonly lastJournalId: number; readonly count: number }[] = [];
  #flushed = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.ring = new ExemplarRing(capacity);
  }

  add(series: Series, exemplar: Exemplar): void {
    this.ring.add(series, exemplar);
  }

  /** Puts what a row holds back into the ring; exemplars of forgotten series stay out. */
  restore(lastJournalId: number, row: Uint8Array, index: SeriesIndex): void {
    const input = new ByteReader(row);
    const count = input.count();
    for (let left = count; left > 0; left--) {
      const series = index.byRef(input.varint());
      const exemplar = decodeExemplar(input);
      if (series !== undefined) this.ring.add(series, exemplar);
    }
    this.#rows.push({ lastJournalId, count });
    this.#flushed = this.ring.added;
  }

  /** Writes the exemplars up to number `to` that no row holds yet; run inside the flush's last transaction. */
  write(storage: MetricsStorage, lastJournalId: number, to: number): void {
    const out = new ByteWriter();
    const entries = [...this.ring.range(this.#flushed, to)];
    if (entries.length === 0) return;
    out.varint(entries.length);
    for (const { series, exemplar } of entries) {
      out.varint(series.ref);
      encodeExemplar(out, exemplar);
    }
    storage.putExemplars(lastJournalId, out.copy());
    this.#rows.push({ lastJournalId, count: entries.length });
    this.#flushed = to;
    let total = this.#rows.reduce((sum, { count }) => sum + count, 0);
    let dropped = 0;
    while (total - this.#rows[dropped]!.count >= this.#capacity) total -= this.#rows[dropped++]!.count;
    if (dropped === 0) return;
    this.#rows.splice(0, dropped);
    storage.deleteExemplarsBefore(this.#rows[0]!.lastJournalId);
  }
}
