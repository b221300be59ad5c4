import type { MetricMetadata } from '../../model/metric.ts';

const FAMILY_LIMIT = 100_000;

/** Type, help and unit of metric families; the newest word counts. */
export class MetadataTable {
  readonly #byFamily = new Map<string, MetricMetadata>();
  /** Families beyond the limit. */
  dropped = 0;

  get size(): number {
    return this.#byFamily.size;
  }

  /** Those of `received` that say something new, for the storage; {@link set} makes them known. */
  changed(received: readonly MetricMetadata[]): readonly MetricMetadata[] {
    if (received.length === 0) return received;
    return received.filter((metadata) => {
      const known = this.#byFamily.get(metadata.family);
      if (known === undefined) {
        if (this.#byFamily.size < FAMILY_LIMIT) return true;
        this.dropped++;
        return false;
      }
      return known.type !== metadata.type || known.help !== metadata.help || known.unit !== metadata.unit;
    });
  }

  set(metadata: MetricMetadata): void {
    this.#byFamily.set(metadata.family, metadata);
  }

  get(family: string | undefined): readonly MetricMetadata[] {
    if (family === undefined) return [...this.#byFamily.values()];
    const metadata = this.#byFamily.get(family);
    return metadata === undefined ? [] : [metadata];
  }
}
