import type { Span, SpanEvent, SpanLink } from '../../../model/span.ts';
import type { BlockView, PartSource } from './block-parts.ts';
import { ByteReader, CorruptBlockError } from './byte-reader.ts';
import { unpackColumns } from './columns.ts';
import { DictionaryView, TextColumn } from './dictionary-view.ts';
import { toHex } from './ids.ts';
import { lazy } from './lazy.ts';
import { Nanos, readNanosDelta } from './nanoseconds.ts';
import { createNanosColumn, readNanosColumn, readNumbers, resolveReference } from './references.ts';
import { createRowPairs } from './row-pairs.ts';
import { HEAD_HAS_EXTRAS, SPAN_COLUMNS, SPAN_EXTRA, SPAN_KINDS, SPAN_LAYOUT, SPAN_STATUSES } from './span-layout.ts';

/** What a span has beside its columns. `eventPairs` are the attributes of all its events, as pairs of the dictionary. */
interface SpanExtra {
  readonly traceState: string;
  readonly statusMessage: string;
  readonly dropped: readonly [attributes: number, events: number, links: number];
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly eventPairs: readonly number[];
}

const NO_EXTRA: SpanExtra = { traceState: '', statusMessage: '', dropped: [0, 0, 0], events: [], links: [], eventPairs: [] };

/** Reads a block of spans. Each column is decoded when it is first asked for, and only then. May throw a CorruptBlockError. */
export class SpanView implements BlockView<Span> {
  readonly count: number;
  readonly #parts: PartSource;

  constructor(parts: PartSource, count: number) {
    this.count = count;
    this.#parts = parts;
  }

  readonly #core = lazy(() => unpackColumns(this.#parts('core'), SPAN_LAYOUT.core));
  readonly #ids = lazy(() => unpackColumns(this.#parts('ids'), SPAN_LAYOUT.ids));
  readonly #detail = lazy(() => unpackColumns(this.#parts('detail'), SPAN_LAYOUT.detail));

  /** Kind, status and whether there are extras, as span-layout.ts says. */
  readonly heads = lazy(() => {
    const heads = this.#coreColumn('heads');
    if (heads.length !== this.count) throw new CorruptBlockError('unexpected number of spans');
    return heads;
  });
  /** The number of each row's origin, for `services` and `dictionary().origin`. */
  readonly origins = lazy(() => readNumbers(this.#coreColumn('origins'), this.count));
  readonly nameIds = lazy(() => readNumbers(this.#coreColumn('nameIds'), this.count));
  /** The service of each origin. */
  readonly services = lazy(() => new TextColumn(this.#coreColumn('services')));
  readonly names = lazy(() => new TextColumn(this.#coreColumn('names')));
  readonly starts = lazy(() => readNanosColumn(this.#coreColumn('starts'), this.count));
  readonly #times = lazy(() => this.#readTimes());
  /** Nanoseconds; exact below 2^53, negative when a span ends before it starts. */
  readonly durations = (): Float64Array => this.#times().durations;
  /** The number of each row's trace within the block. */
  readonly traces = lazy(() => this.#readTraces());
  readonly #spanNumbers = lazy(() => this.#readSpanNumbers());
  /** The number of each row's span id within the block. */
  readonly spans = (): Uint32Array => this.#spanNumbers().spans;
  /** The number of each row's parent's id within the block, -1 for a root. */
  readonly parents = (): Int32Array => this.#spanNumbers().parents;
  readonly dictionary = lazy(
    () => new DictionaryView(this.#detailColumn('texts'), this.#detailColumn('pairs'), this.#detailColumn('originDefinitions')),
  );
  readonly attributePairs = lazy(() => createRowPairs(this.#detailColumn('attributes'), this.count));
  readonly #extraOffsets = lazy(() => this.#readExtraOffsets());
  readonly #extraCache: (SpanExtra | undefined)[] = [];
  readonly #flags = lazy(() => readNumbers(this.#coreColumn('flags'), this.count));

  /** The ids of the block's traces, 16 bytes each. */
  traceIdBytes(): Uint8Array {
    return this.#ids()[SPAN_COLUMNS.traceIds - SPAN_LAYOUT.core]!;
  }

  /** The ids of the block's spans and their parents, 8 bytes each. */
  spanIdBytes(): Uint8Array {
    return this.#ids()[SPAN_COLUMNS.spanIds - SPAN_LAYOUT.core]!;
  }

  traceId(row: number): string {
    return toHex(this.traceIdBytes(), this.traces()[row]! * 16, 16);
  }

  spanId(row: number): string {
    return toHex(this.spanIdBytes(), this.spans()[row]! * 8, 8);
  }

  parentSpanId(row: number): string {
    const parent = this.parents()[row]!;
    return parent < 0 ? '' : toHex(this.spanIdBytes(), parent * 8, 8);
  }

  service(row: number): string {
    return this.services().text(this.origins()[row]!);
  }

  name(row: number): string {
    return this.names().text(this.nameIds()[row]!);
  }

  /** Pairs of the attributes of the row's events. */
  eventPairs(row: number): readonly number[] {
    return this.#extra(row).eventPairs;
  }

  /** The texts that only a free-text search looks at. */
  extraTexts(row: number): { readonly statusMessage: string; readonly eventNames: readonly string[] } {
    const { statusMessage, events } = this.#extra(row);
    return { statusMessage, eventNames: events.map((event) => event.name) };
  }

  /** Whether the row has events, links, a status message or the like. */
  hasExtras(row: number): boolean {
    return (this.heads()[row]! & HEAD_HAS_EXTRAS) !== 0;
  }

  record(row: number): Span {
    const head = this.heads()[row]!;
    const extra = this.#extra(row);
    const dictionary = this.dictionary();
    const origin = dictionary.origin(this.origins()[row]!);
    return {
      traceId: this.traceId(row),
      spanId: this.spanId(row),
      parentSpanId: this.parentSpanId(row),
      traceState: extra.traceState,
      flags: this.#flags()[row]!,
      name: this.name(row),
      kind: SPAN_KINDS[head & 7] ?? 'unspecified',
      startUnixNano: this.starts().values[row]!,
      endUnixNano: this.#times().ends.values[row]!,
      status: SPAN_STATUSES[(head >> 3) & 3] ?? 'unset',
      statusMessage: extra.statusMessage,
      attributes: dictionary.attributes(this.attributePairs().of(row)),
      events: extra.events,
      links: extra.links,
      droppedAttributes: extra.dropped[0],
      droppedEvents: extra.dropped[1],
      droppedLinks: extra.dropped[2],
      resource: origin.resource,
      scope: origin.scope,
    };
  }

  #coreColumn(name: keyof typeof SPAN_COLUMNS): Uint8Array {
    return this.#core()[SPAN_COLUMNS[name]]!;
  }

  #detailColumn(name: keyof typeof SPAN_COLUMNS): Uint8Array {
    return this.#detail()[SPAN_COLUMNS[name] - SPAN_LAYOUT.core - SPAN_LAYOUT.ids]!;
  }

  #readTimes(): { durations: Float64Array; ends: ReturnType<typeof createNanosColumn> } {
    const { words } = this.starts();
    const durations = new Float64Array(this.count);
    const ends = createNanosColumn(this.count);
    const reader = new ByteReader(this.#coreColumn('durations'));
    const start = new Nanos();
    const end = new Nanos();
    for (let row = 0; row < this.count; row++) {
      start.low = end.low = words[2 * row]!;
      start.high = end.high = words[2 * row + 1]!;
      readNanosDelta(reader, end);
      durations[row] = end.minus(start);
      ends.words[2 * row] = end.low;
      ends.words[2 * row + 1] = end.high;
    }
    return { durations, ends };
  }

  #readTraces(): Uint32Array {
    const traces = readNumbers(this.#coreColumn('traceRefs'), this.count);
    let known = 0;
    for (let row = 0; row < this.count; row++) {
      const number = resolveReference(traces[row]!, 0, known);
      if (number === known) known++;
      traces[row] = number;
    }
    return traces;
  }

  #readSpanNumbers(): { spans: Uint32Array; parents: Int32Array } {
    const spans = readNumbers(this.#coreColumn('spanRefs'), this.count);
    const references = readNumbers(this.#coreColumn('parentRefs'), this.count);
    const parents = new Int32Array(this.count);
    let known = 0;
    for (let row = 0; row < this.count; row++) {
      const span = resolveReference(spans[row]!, 0, known);
      if (span === known) known++;
      spans[row] = span;
      const parent = references[row] === 0 ? -1 : resolveReference(references[row]!, 1, known);
      if (parent === known) known++;
      parents[row] = parent;
    }
    return { spans, parents };
  }

  #readExtraOffsets(): Int32Array {
    const offsets = new Int32Array(this.count).fill(-1);
    const heads = this.heads();
    const reader = new ByteReader(this.#detailColumn('extras'));
    for (let row = 0; row < this.count; row++) {
      if ((heads[row]! & HEAD_HAS_EXTRAS) === 0) continue;
      const length = reader.varint();
      offsets[row] = reader.offset;
      reader.bytes(length);
    }
    return offsets;
  }

  #extra(row: number): SpanExtra {
    if (!this.hasExtras(row)) return NO_EXTRA;
    return (this.#extraCache[row] ??= this.#readExtra(row));
  }

  #readExtra(row: number): SpanExtra {
    const reader = new ByteReader(this.#detailColumn('extras'), this.#extraOffsets()[row]);
    const { texts } = this.dictionary();
    const bits = reader.byte();
    const traceState = bits & SPAN_EXTRA.traceState ? texts.text(reader.varint()) : '';
    const statusMessage = bits & SPAN_EXTRA.statusMessage ? texts.text(reader.varint()) : '';
    const dropped: SpanExtra['dropped'] =
      bits & SPAN_EXTRA.dropped ? [reader.varint(), reader.varint(), reader.varint()] : NO_EXTRA.dropped;
    const events: SpanEvent[] = [];
    const eventPairs: number[] = [];
    const eventCount = bits & SPAN_EXTRA.events ? reader.varint() : 0;
    for (let i = 0; i < eventCount; i++) events.push(this.#event(reader, row, eventPairs));
    const links: SpanLink[] = [];
    const linkCount = bits & SPAN_EXTRA.links ? reader.varint() : 0;
    for (let i = 0; i < linkCount; i++) links.push(this.#link(reader));
    return { traceState, statusMessage, dropped, events, links, eventPairs };
  }

  #event(reader: ByteReader, row: number, eventPairs: number[]): SpanEvent {
    const time = new Nanos();
    time.low = this.starts().words[2 * row]!;
    time.high = this.starts().words[2 * row + 1]!;
    readNanosDelta(reader, time);
    const dictionary = this.dictionary();
    const name = dictionary.texts.text(reader.varint());
    const pairs = dictionary.readPairs(reader);
    eventPairs.push(...pairs);
    return { timeUnixNano: time.toBigInt(), name, attributes: dictionary.attributes(pairs) };
  }

  #link(reader: ByteReader): SpanLink {
    const dictionary = this.dictionary();
    const traceId = reader.text();
    const spanId = reader.text();
    const traceState = dictionary.texts.text(reader.varint());
    return { traceId, spanId, traceState, attributes: dictionary.attributes(dictionary.readPairs(reader)) };
  }
}
