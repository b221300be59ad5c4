import type { LogRecord } from '../../../model/log-record.ts';
import { attributeText } from './attribute-text.ts';
import { readAttributeValue, skipAttributeValue } from './attribute-value.ts';
import type { BlockView, PartSource } from './block-parts.ts';
import { ByteReader, CorruptBlockError } from './byte-reader.ts';
import { unpackColumns } from './columns.ts';
import { DictionaryView, TextColumn } from './dictionary-view.ts';
import { toHex } from './ids.ts';
import { lazy } from './lazy.ts';
import { LOG_COLUMNS, LOG_EXTRA, LOG_LAYOUT } from './log-layout.ts';
import { LOG_LEVELS, type LogLevel } from './log-level.ts';
import { Nanos, readNanosDelta } from './nanoseconds.ts';
import { readNanosColumn, readNumbers, resolveReference } from './references.ts';
import { createRowPairs } from './row-pairs.ts';

interface LogExtra {
  readonly severityText: string;
  readonly eventName: string;
  readonly dropped: number;
  readonly timeUnixNano: bigint;
  readonly observedUnixNano: bigint;
}

/** Reads a block of log records. Each column is decoded when it is first asked for. May throw a CorruptBlockError. */
export class LogView implements BlockView<LogRecord> {
  readonly count: number;
  readonly #parts: PartSource;

  constructor(parts: PartSource, count: number) {
    this.count = count;
    this.#parts = parts;
  }

  readonly #core = lazy(() => unpackColumns(this.#parts('core'), LOG_LAYOUT.core));
  readonly #ids = lazy(() => unpackColumns(this.#parts('ids'), LOG_LAYOUT.ids));
  readonly #detail = lazy(() => unpackColumns(this.#parts('detail'), LOG_LAYOUT.detail));

  /** Indexes into LOG_LEVELS. */
  readonly levels = lazy(() => {
    const levels = this.#coreColumn('levels');
    if (levels.length !== this.count) throw new CorruptBlockError('unexpected number of records');
    return levels;
  });
  readonly severities = lazy(() => readNumbers(this.#coreColumn('severities'), this.count));
  /** The number of each row's origin, for `services` and `dictionary().origin`. */
  readonly origins = lazy(() => readNumbers(this.#coreColumn('origins'), this.count));
  /** The service of each origin. */
  readonly services = lazy(() => new TextColumn(this.#coreColumn('services')));
  /** The time of each record, or when it was observed where it has none. */
  readonly times = lazy(() => readNanosColumn(this.#coreColumn('times'), this.count));
  /** The number of each row's trace within the block, -1 for none. */
  readonly traces = lazy(() => this.#readReferences('traceRefs'));
  /** The number of each row's span id within the block, -1 for none. */
  readonly spans = lazy(() => this.#readReferences('spanRefs'));
  readonly dictionary = lazy(
    () => new DictionaryView(this.#detailColumn('texts'), this.#detailColumn('pairs'), this.#detailColumn('originDefinitions')),
  );
  readonly attributePairs = lazy(() => createRowPairs(this.#detailColumn('attributes'), this.count));
  readonly #bodyOffsets = lazy(() => this.#readBodyOffsets());
  readonly #foldedBodies = lazy(() => this.#foldBodies());
  readonly #bodyTexts: (string | undefined)[] = [];
  readonly #extras = lazy(() => this.#readExtras());
  readonly #flags = lazy(() => readNumbers(this.#coreColumn('flags'), this.count));

  /** The ids of the block's traces, 16 bytes each. */
  traceIdBytes(): Uint8Array {
    return this.#ids()[LOG_COLUMNS.traceIds - LOG_LAYOUT.core]!;
  }

  traceId(row: number): string {
    const trace = this.traces()[row]!;
    return trace < 0 ? '' : toHex(this.traceIdBytes(), trace * 16, 16);
  }

  spanId(row: number): string {
    const span = this.spans()[row]!;
    return span < 0 ? '' : toHex(this.#ids()[LOG_COLUMNS.spanIds - LOG_LAYOUT.core]!, span * 8, 8);
  }

  service(row: number): string {
    return this.services().text(this.origins()[row]!);
  }

  level(row: number): LogLevel {
    return LOG_LEVELS[this.levels()[row]!] ?? 'unknown';
  }

  /** The body as text: what a full-text search looks at. */
  bodyText(row: number): string {
    return (this.#bodyTexts[row] ??= attributeText(this.#body(row)));
  }

  /** False when certainly no body holds `text`; looks at the bytes of all bodies at once, without decoding them. */
  mayHaveText(text: string, ignoreCase: boolean): boolean {
    const { hasStructured } = this.#bodyOffsets();
    if (hasStructured) return true;
    if (!ignoreCase) return this.#bodyBuffer().includes(text);
    // Folding bytes is right for ASCII, unless a body has one of the two letters that fold into it from outside.
    if (!isAscii(text)) return true;
    const folded = this.#foldedBodies();
    return folded === undefined || folded.includes(text.toLowerCase());
  }

  record(row: number): LogRecord {
    const dictionary = this.dictionary();
    const origin = dictionary.origin(this.origins()[row]!);
    const extra = this.#extras()[row]!;
    return {
      timeUnixNano: extra.timeUnixNano,
      observedUnixNano: extra.observedUnixNano,
      severityNumber: this.severities()[row]!,
      severityText: extra.severityText,
      body: this.#body(row),
      attributes: dictionary.attributes(this.attributePairs().of(row)),
      traceId: this.traceId(row),
      spanId: this.spanId(row),
      flags: this.#flags()[row]!,
      eventName: extra.eventName,
      droppedAttributes: extra.dropped,
      resource: origin.resource,
      scope: origin.scope,
    };
  }

  #coreColumn(name: keyof typeof LOG_COLUMNS): Uint8Array {
    return this.#core()[LOG_COLUMNS[name]]!;
  }

  #detailColumn(name: keyof typeof LOG_COLUMNS): Uint8Array {
    return this.#detail()[LOG_COLUMNS[name] - LOG_LAYOUT.core - LOG_LAYOUT.ids]!;
  }

  #body(row: number): LogRecord['body'] {
    return readAttributeValue(new ByteReader(this.#detailColumn('bodies'), this.#bodyOffsets().offsets[row]));
  }

  #readReferences(name: 'traceRefs' | 'spanRefs'): Int32Array {
    const references = readNumbers(this.#coreColumn(name), this.count);
    const numbers = new Int32Array(this.count);
    let known = 0;
    for (let row = 0; row < this.count; row++) {
      const number = references[row] === 0 ? -1 : resolveReference(references[row]!, 1, known);
      if (number === known) known++;
      numbers[row] = number;
    }
    return numbers;
  }

  #bodyBuffer(): Buffer {
    const bodies = this.#detailColumn('bodies');
    return Buffer.from(bodies.buffer, bodies.byteOffset, bodies.byteLength);
  }

  #foldBodies(): string | undefined {
    const bodies = this.#bodyBuffer();
    if (bodies.includes('\u0130') || bodies.includes('\u212a')) return undefined;
    return bodies.toString('latin1').toLowerCase();
  }

  #readBodyOffsets(): { readonly offsets: Uint32Array; readonly hasStructured: boolean } {
    let hasStructured = false;
    const offsets = new Uint32Array(this.count);
    const reader = new ByteReader(this.#detailColumn('bodies'));
    for (let row = 0; row < this.count; row++) {
      offsets[row] = reader.offset;
      if (!skipAttributeValue(reader)) hasStructured = true;
    }
    return { offsets, hasStructured };
  }

  #readExtras(): LogExtra[] {
    const reader = new ByteReader(this.#detailColumn('extras'));
    const { texts } = this.dictionary();
    const { values, words } = this.times();
    const other = new Nanos();
    return Array.from({ length: this.count }, (_, row) => {
      const bits = reader.byte();
      const severityText = bits & LOG_EXTRA.severityText ? texts.text(reader.varint()) : '';
      const eventName = bits & LOG_EXTRA.eventName ? texts.text(reader.varint()) : '';
      const dropped = bits & LOG_EXTRA.dropped ? reader.varint() : 0;
      const time = values[row]!;
      let observed = time;
      if (bits & LOG_EXTRA.observed) {
        other.low = words[2 * row]!;
        other.high = words[2 * row + 1]!;
        readNanosDelta(reader, other);
        observed = other.toBigInt();
      }
      return { severityText, eventName, dropped, timeUnixNano: bits & LOG_EXTRA.time ? 0n : time, observedUnixNano: observed };
    });
  }
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
