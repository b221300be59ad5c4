import type { Span, SpanEvent, SpanLink } from '../../../model/span.ts';
import type { BlockEncoder, BlockParts } from './block-parts.ts';
import { ByteWriter } from './byte-writer.ts';
import { ColumnWriters } from './columns.ts';
import { DictionaryWriter } from './dictionary-writer.ts';
import { IdTable } from './id-table.ts';
import { parseHexWords } from './ids.ts';
import { Nanos, writeNanosDelta } from './nanoseconds.ts';
import { HEAD_HAS_EXTRAS, SPAN_COLUMNS, SPAN_EXTRA, SPAN_KINDS, SPAN_LAYOUT, SPAN_STATUSES } from './span-layout.ts';

const COLUMN_COUNT = SPAN_LAYOUT.core + SPAN_LAYOUT.ids + SPAN_LAYOUT.detail;
const KIND_CODES = Object.fromEntries(SPAN_KINDS.map((kind, code) => [kind, code]));
const STATUS_CODES = Object.fromEntries(SPAN_STATUSES.map((status, code) => [status, code << 3]));

/**
 * Writes spans into columns: a trace id once for its spans, a span id once for the span and its children,
 * start times as the difference to the span before, texts and attributes by their number in the block's dictionary.
 */
export class SpanEncoder implements BlockEncoder<Span> {
  readonly #columns = new ColumnWriters(COLUMN_COUNT);
  readonly #dictionary: DictionaryWriter;
  readonly #names = new Map<string, number>();
  readonly #traces = new IdTable(4);
  readonly #spans = new IdTable(2);
  readonly #traceWords = new Uint32Array(4);
  readonly #spanWords = new Uint32Array(2);
  readonly #parentWords = new Uint32Array(2);
  readonly #start = new Nanos();
  readonly #end = new Nanos();
  readonly #lastStart = new Nanos();
  readonly #extra = new ByteWriter();
  #count = 0;

  constructor() {
    this.#dictionary = new DictionaryWriter({
      services: this.#column('services'),
      texts: this.#column('texts'),
      pairs: this.#column('pairs'),
      origins: this.#column('originDefinitions'),
    });
  }

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
    const head = (KIND_CODES[span.kind] ?? 0) | (STATUS_CODES[span.status] ?? 0) | (extraBits === 0 ? 0 : HEAD_HAS_EXTRAS);
    this.#column('heads').byte(head);
    this.#column('flags').varint(span.flags);
    this.#column('origins').varint(this.#dictionary.origin(span.resource, span.scope));
    this.#column('nameIds').varint(this.#name(span.name));
    this.#writeRef('traceRefs', this.#traces, this.#traceWords, 'traceIds', 0);
    this.#writeRef('spanRefs', this.#spans, this.#spanWords, 'spanIds', 0);
    if (hasParent) this.#writeRef('parentRefs', this.#spans, this.#parentWords, 'spanIds', 1);
    else this.#column('parentRefs').byte(0);
    this.#start.set(span.startUnixNano);
    this.#end.set(span.endUnixNano);
    writeNanosDelta(this.#column('starts'), this.#start, this.#lastStart);
    writeNanosDelta(this.#column('durations'), this.#end, this.#start);
    this.#lastStart.copy(this.#start);
    this.#dictionary.writeAttributes(this.#column('attributes'), span.attributes);
    if (extraBits !== 0) this.#writeExtra(span, extraBits);
    this.#count++;
    return true;
  }

  parts(): BlockParts {
    const ids = SPAN_LAYOUT.core;
    const detail = ids + SPAN_LAYOUT.ids;
    return {
      core: this.#columns.pack(0, ids),
      ids: this.#columns.pack(ids, detail),
      detail: this.#columns.pack(detail, COLUMN_COUNT),
    };
  }

  takeDelta(): Uint8Array {
    return this.#columns.takeDelta();
  }

  clear(): void {
    this.#columns.clear();
    this.#dictionary.clear();
    this.#names.clear();
    this.#traces.clear();
    this.#spans.clear();
    this.#lastStart.set(0n);
    this.#count = 0;
  }

  #column(name: keyof typeof SPAN_COLUMNS): ByteWriter {
    return this.#columns.writers[SPAN_COLUMNS[name]]!;
  }

  #name(name: string): number {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const id = this.#names.size;
    this.#names.set(name, id);
    this.#column('names').text(name);
    return id;
  }

  // `first` for an id not seen before in this block, else how far back it is numbered, so that neighbours get small numbers.
  #writeRef(
    refs: 'traceRefs' | 'spanRefs' | 'parentRefs',
    table: IdTable,
    words: Uint32Array,
    ids: 'traceIds' | 'spanIds',
    first: number,
  ): void {
    const before = table.count;
    const number = table.add(words);
    if (number < before) {
      this.#column(refs).varint(first + before - number);
      return;
    }
    this.#column(refs).byte(first);
    const column = this.#column(ids);
    for (let i = 0; i < words.length; i++) column.uint32(words[i]!);
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
    const column = this.#column('extras');
    column.varint(extra.length);
    column.bytes(extra.copy());
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
