import type { Span, SpanEvent, SpanLink } from '../../../model/span.ts';
import type { BlockSummary } from '../blocks/block-meta.ts';
import { buildBloom, TOKEN_FILTER_BITS, TRACE_FILTER_BITS } from '../filter/bloom.ts';
import type { BlockEncoder, BlockParts } from './block-parts.ts';
import { ByteWriter } from './byte-writer.ts';
import { ColumnWriters } from './columns.ts';
import { DictionaryWriter } from './dictionary-writer.ts';
import { IdTable } from './id-table.ts';
import { parseHexWords } from './ids.ts';
import { NameCounter } from './name-counter.ts';
import { Nanos, writeNanosDelta } from './nanoseconds.ts';
import { writeReference } from './references.ts';
import { HEAD_HAS_EXTRAS, SPAN_COLUMNS, SPAN_EXTRA, SPAN_KINDS, SPAN_LAYOUT, SPAN_STATUSES } from './span-layout.ts';
import { TimeRange } from './time-range.ts';

const COLUMN_COUNT = SPAN_LAYOUT.core + SPAN_LAYOUT.ids + SPAN_LAYOUT.detail;
const KIND_CODES = Object.fromEntries(SPAN_KINDS.map((kind, code) => [kind, code]));
const STATUS_CODES = Object.fromEntries(SPAN_STATUSES.map((status, code) => [status, code << 3]));

const EMPTY_BYTES = new Uint8Array(0);

/**
 * Writes spans into columns: a trace id once for its spans, a span id once for the span and its children,
 * start times as the difference to the span before, texts and attributes by their number in the block's dictionary.
 */
export class SpanEncoder implements BlockEncoder<Span> {
  readonly #columns = new ColumnWriters(COLUMN_COUNT);
  readonly #names = this.#column('names');
  readonly #heads = this.#column('heads');
  readonly #flags = this.#column('flags');
  readonly #origins = this.#column('origins');
  readonly #nameRefs = this.#column('nameIds');
  readonly #traceRefs = this.#column('traceRefs');
  readonly #spanRefs = this.#column('spanRefs');
  readonly #parentRefs = this.#column('parentRefs');
  readonly #starts = this.#column('starts');
  readonly #durations = this.#column('durations');
  readonly #traceIds = this.#column('traceIds');
  readonly #spanIds = this.#column('spanIds');
  readonly #attributes = this.#column('attributes');
  readonly #extras = this.#column('extras');
  readonly #nameCounter = new NameCounter();
  readonly #dictionary = new DictionaryWriter(
    {
      services: this.#column('services'),
      texts: this.#column('texts'),
      pairs: this.#column('pairs'),
      origins: this.#column('originDefinitions'),
    },
    this.#nameCounter,
  );
  readonly #nameIds = new Map<string, number>();
  readonly #traces = new IdTable(4);
  readonly #spans = new IdTable(2);
  readonly #range = new TimeRange();
  readonly #traceWords = new Uint32Array(4);
  readonly #spanWords = new Uint32Array(2);
  readonly #parentWords = new Uint32Array(2);
  readonly #start = new Nanos();
  readonly #end = new Nanos();
  readonly #lastStart = new Nanos();
  readonly #extra = new ByteWriter();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  get sizeBytes(): number {
    return this.#columns.sizeBytes;
  }

  append(span: Span): boolean {
    if (!parseHexWords(span.traceId, this.#traceWords) || !parseHexWords(span.spanId, this.#spanWords)) return false;
    const hasParent = span.parentSpanId !== '';
    if (hasParent && !parseHexWords(span.parentSpanId, this.#parentWords)) return false;
    const extraBits = extraBitsOf(span);
    this.#heads.byte((KIND_CODES[span.kind] ?? 0) | (STATUS_CODES[span.status] ?? 0) | (extraBits === 0 ? 0 : HEAD_HAS_EXTRAS));
    this.#flags.varint(span.flags);
    const origin = this.#dictionary.origin(span.resource, span.scope);
    const name = this.#name(span.name);
    this.#origins.varint(origin);
    this.#nameRefs.varint(name);
    this.#nameCounter.addRow(origin, name, span.status === 'error');
    writeReference(this.#traceRefs, 0, this.#traces, this.#traceWords, this.#traceIds);
    writeReference(this.#spanRefs, 0, this.#spans, this.#spanWords, this.#spanIds);
    if (hasParent) writeReference(this.#parentRefs, 1, this.#spans, this.#parentWords, this.#spanIds);
    else this.#parentRefs.byte(0);
    this.#start.set(span.startUnixNano);
    this.#end.set(span.endUnixNano);
    writeNanosDelta(this.#starts, this.#start, this.#lastStart);
    writeNanosDelta(this.#durations, this.#end, this.#start);
    this.#lastStart.copy(this.#start);
    this.#range.add(this.#start, this.#end.minus(this.#start));
    this.#dictionary.writeAttributes(this.#attributes, span.attributes);
    if (extraBits !== 0) this.#writeExtra(span, extraBits);
    this.#count++;
    return true;
  }

  parts(): BlockParts {
    return this.#columns.parts(SPAN_LAYOUT);
  }

  takeDelta(): Uint8Array {
    return this.#columns.takeDelta();
  }

  summarize(): BlockSummary {
    return {
      ...this.#range.limits,
      errors: this.#nameCounter.errors,
      names: this.#nameCounter.list(),
      filters: { traces: buildBloom(this.#traces.hashes(), TRACE_FILTER_BITS), tokens: buildBloom(this.#dictionary.tokens, TOKEN_FILTER_BITS), grams: EMPTY_BYTES },
    };
  }

  clear(): void {
    this.#columns.clear();
    this.#dictionary.clear();
    this.#nameCounter.clear();
    this.#nameIds.clear();
    this.#traces.clear();
    this.#spans.clear();
    this.#range.clear();
    this.#lastStart.set(0n);
    this.#count = 0;
  }

  #column(name: keyof typeof SPAN_COLUMNS): ByteWriter {
    return this.#columns.writers[SPAN_COLUMNS[name]]!;
  }

  #name(name: string): number {
    const known = this.#nameIds.get(name);
    if (known !== undefined) return known;
    const id = this.#nameIds.size;
    this.#nameIds.set(name, id);
    this.#names.text(name);
    this.#nameCounter.addName(name);
    return id;
  }

  #writeExtra(span: Span, bits: number): void {
    const extra = this.#extra;
    extra.clear();
    extra.byte(bits);
    if (bits & SPAN_EXTRA.traceState) extra.varint(this.#dictionary.text(span.traceState));
    if (bits & SPAN_EXTRA.statusMessage) extra.varint(this.#dictionary.text(span.statusMessage));
    if (bits & SPAN_EXTRA.dropped) {
      extra.varint(span.droppedAttributes);
      extra.varint(span.droppedEvents);
      extra.varint(span.droppedLinks);
    }
    if (bits & SPAN_EXTRA.events) {
      extra.varint(span.events.length);
      for (const event of span.events) this.#writeEvent(event);
    }
    if (bits & SPAN_EXTRA.links) {
      extra.varint(span.links.length);
      for (const link of span.links) this.#writeLink(link);
    }
    this.#extras.varint(extra.length);
    this.#extras.bytes(extra.peek());
  }

  #writeEvent(event: SpanEvent): void {
    this.#end.set(event.timeUnixNano);
    writeNanosDelta(this.#extra, this.#end, this.#start);
    this.#extra.varint(this.#dictionary.text(event.name));
    this.#dictionary.writeAttributes(this.#extra, event.attributes);
  }

  #writeLink(link: SpanLink): void {
    this.#extra.text(link.traceId);
    this.#extra.text(link.spanId);
    this.#extra.varint(this.#dictionary.text(link.traceState));
    this.#dictionary.writeAttributes(this.#extra, link.attributes);
  }
}

function extraBitsOf(span: Span): number {
  let bits = 0;
  if (span.traceState !== '') bits |= SPAN_EXTRA.traceState;
  if (span.statusMessage !== '') bits |= SPAN_EXTRA.statusMessage;
  if (span.droppedAttributes + span.droppedEvents + span.droppedLinks > 0) bits |= SPAN_EXTRA.dropped;
  if (span.events.length > 0) bits |= SPAN_EXTRA.events;
  if (span.links.length > 0) bits |= SPAN_EXTRA.links;
  return bits;
}
