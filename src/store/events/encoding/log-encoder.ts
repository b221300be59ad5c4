import type { LogRecord } from '../../../model/log-record.ts';
import { writeAttributeValue } from './attribute-value.ts';
import type { BlockEncoder, BlockParts } from './block-parts.ts';
import type { ByteWriter } from './byte-writer.ts';
import { ColumnWriters } from './columns.ts';
import { DictionaryWriter } from './dictionary-writer.ts';
import { IdTable } from './id-table.ts';
import { parseHexWords } from './ids.ts';
import { LOG_COLUMNS, LOG_EXTRA, LOG_LAYOUT } from './log-layout.ts';
import { LOG_LEVELS, logLevel } from './log-level.ts';
import { Nanos, writeNanosDelta } from './nanoseconds.ts';

const COLUMN_COUNT = LOG_LAYOUT.core + LOG_LAYOUT.ids + LOG_LAYOUT.detail;

/** The time by which a record is found: its own, else when it was observed. */
export function effectiveTime(record: LogRecord): bigint {
  return record.timeUnixNano === 0n ? record.observedUnixNano : record.timeUnixNano;
}

/** Writes log records into columns, as SpanEncoder does with spans. A record without a trace has reference 0. */
export class LogEncoder implements BlockEncoder<LogRecord> {
  readonly #columns = new ColumnWriters(COLUMN_COUNT);
  readonly #dictionary: DictionaryWriter;
  readonly #traces = new IdTable(4);
  readonly #spans = new IdTable(2);
  readonly #traceWords = new Uint32Array(4);
  readonly #spanWords = new Uint32Array(2);
  readonly #time = new Nanos();
  readonly #other = new Nanos();
  readonly #lastTime = new Nanos();
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

  append(record: LogRecord): boolean {
    const hasTrace = record.traceId !== '';
    if (hasTrace && !parseHexWords(record.traceId, this.#traceWords)) return false;
    const hasSpan = record.spanId !== '';
    if (hasSpan && !parseHexWords(record.spanId, this.#spanWords)) return false;
    this.#column('levels').byte(LOG_LEVELS.indexOf(logLevel(record.severityNumber, record.severityText)));
    this.#column('severities').varint(record.severityNumber);
    this.#column('origins').varint(this.#dictionary.origin(record.resource, record.scope));
    this.#column('flags').varint(record.flags);
    this.#time.set(effectiveTime(record));
    writeNanosDelta(this.#column('times'), this.#time, this.#lastTime);
    this.#lastTime.copy(this.#time);
    if (hasTrace) this.#writeRef('traceRefs', this.#traces, this.#traceWords, 'traceIds');
    else this.#column('traceRefs').byte(0);
    if (hasSpan) this.#writeRef('spanRefs', this.#spans, this.#spanWords, 'spanIds');
    else this.#column('spanRefs').byte(0);
    this.#dictionary.writeAttributes(this.#column('attributes'), record.attributes);
    writeAttributeValue(this.#column('bodies'), record.body, this.#dictionary.text);
    this.#writeExtra(record);
    this.#count++;
    return true;
  }

  parts(): BlockParts {
    const ids = LOG_LAYOUT.core;
    const detail = ids + LOG_LAYOUT.ids;
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
    this.#traces.clear();
    this.#spans.clear();
    this.#lastTime.set(0n);
    this.#count = 0;
  }

  #column(name: keyof typeof LOG_COLUMNS): ByteWriter {
    return this.#columns.writers[LOG_COLUMNS[name]]!;
  }

  #writeRef(refs: 'traceRefs' | 'spanRefs', table: IdTable, words: Uint32Array, ids: 'traceIds' | 'spanIds'): void {
    const before = table.count;
    const number = table.add(words);
    this.#column(refs).varint(1 + before - number);
    if (number < before) return;
    const column = this.#column(ids);
    for (let i = 0; i < words.length; i++) column.uint32(words[i]!);
  }

  #writeExtra(record: LogRecord): void {
    let bits = 0;
    if (record.severityText !== '') bits |= LOG_EXTRA.severityText;
    if (record.eventName !== '') bits |= LOG_EXTRA.eventName;
    if (record.droppedAttributes > 0) bits |= LOG_EXTRA.dropped;
    // The column of times holds the record's own time, or else the observed one; the extras hold the other where it differs.
    if (record.timeUnixNano === 0n) bits |= LOG_EXTRA.time;
    else if (record.observedUnixNano !== record.timeUnixNano) bits |= LOG_EXTRA.observed;
    const extras = this.#column('extras');
    extras.byte(bits);
    if (bits & LOG_EXTRA.severityText) extras.varint(this.#dictionary.text(record.severityText));
    if (bits & LOG_EXTRA.eventName) extras.varint(this.#dictionary.text(record.eventName));
    if (bits & LOG_EXTRA.dropped) extras.varint(record.droppedAttributes);
    if (bits & LOG_EXTRA.observed) {
      this.#other.set(record.observedUnixNano);
      writeNanosDelta(extras, this.#other, this.#time);
    }
  }
}
