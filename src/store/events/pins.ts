import type { Span } from '../../model/span.ts';
import type { EventsBackend } from './blocks/backend.ts';
import type { SearchBlock } from './blocks/signal-blocks.ts';
import { compressBytes, decompressBytes } from './encoding/compression.ts';
import { SpanEncoder } from './encoding/span-encoder.ts';
import { SpanView } from './encoding/span-view.ts';

/** A trace that is kept from eviction. */
export interface PinnedTrace {
  readonly traceId: string;
  readonly pinnedMs: number;
  readonly spanCount: number;
}

interface Pin extends PinnedTrace {
  readonly sizeBytes: number;
  readonly view: SpanView;
}

/** The pinned traces: a copy of their spans, one block each. */
export class Pins {
  readonly #backend: EventsBackend;
  readonly #pins = new Map<string, Pin>();

  constructor(backend: EventsBackend) {
    this.#backend = backend;
    for (const { traceId, pinnedMs, count, parts } of backend.loadPins()) {
      const sizeBytes = parts.core.length + parts.ids.length + parts.detail.length;
      const view = new SpanView((name) => (name === 'ids' ? parts.ids : decompressBytes(parts[name])), count);
      this.#pins.set(traceId, { traceId, pinnedMs, spanCount: count, sizeBytes, view });
    }
  }

  get sizeBytes(): number {
    let size = 0;
    for (const pin of this.#pins.values()) size += pin.sizeBytes;
    return size;
  }

  list(): PinnedTrace[] {
    return [...this.#pins.values()].map(({ traceId, pinnedMs, spanCount }) => ({ traceId, pinnedMs, spanCount }));
  }

  has(traceId: string): boolean {
    return this.#pins.has(traceId);
  }

  ids(): string[] {
    return [...this.#pins.keys()];
  }

  /** Keeps these spans, all that is known of the trace, in place of those kept before. */
  save(traceId: string, spans: readonly Span[], nowMs: number): void {
    const encoder = new SpanEncoder();
    for (const span of spans) encoder.append(span);
    const parts = encoder.parts();
    const stored = { core: compressBytes(parts.core), ids: parts.ids, detail: compressBytes(parts.detail) };
    const pinnedMs = this.#pins.get(traceId)?.pinnedMs ?? nowMs;
    this.#backend.savePin({ traceId, pinnedMs, count: encoder.count, parts: stored });
    this.#pins.set(traceId, {
      traceId,
      pinnedMs,
      spanCount: encoder.count,
      sizeBytes: stored.core.length + stored.ids.length + stored.detail.length,
      view: new SpanView((name) => parts[name], encoder.count),
    });
  }

  remove(traceId: string): void {
    this.#pins.delete(traceId);
    this.#backend.removePin(traceId);
  }

  /** The pinned traces as blocks with id 0, older than any stored one, so that a stored copy of a span is preferred. */
  blocks(): SearchBlock<SpanView>[] {
    return [...this.#pins.values()].map(({ view }) => ({ id: 0, meta: undefined, view: () => view, filter: () => undefined }));
  }
}
