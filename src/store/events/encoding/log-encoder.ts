import type { LogRecord } from '../../../model/log-record.ts';
import type { BlockSummary } from '../blocks/block-meta.ts';
import { buildBloom, TOKEN_FILTER_BITS, TRACE_FILTER_BITS } from '../filter/bloom.ts';
import { addTrigrams, createTrigrams } from '../filter/trigrams.ts';
import { attributeText } from './attribute-text.ts';
import { writeAttributeValue } from './attribute-value.ts';
import type { BlockEncoder, BlockParts } from './block-parts.ts';
import type { ByteWriter } from './byte-writer.ts';
import { ColumnWriters } from './columns.ts';
import { DictionaryWriter } from './dictionary-writer.ts';
import { IdTable } from './id-table.ts';
import { parseHexWords } from './ids.ts';
import { LOG_COLUMNS, LOG_EXTRA, LOG_LAYOUT } from './log-layout.ts';
import { LOG_LEVELS, logLevel } from './log-level.ts';
import { NameCounter } from './name-counter.ts';
import { Nanos, writeNanosDelta } from './nanoseconds.ts';
import { writeReference } from './references.ts';
import { TimeRange } from './time-range.ts';

const ERROR_LEVEL = LOG_LEVELS.indexOf('error');
const COLUMN_COUNT = LOG_LAYOUT.core + LOG_LAYOUT.ids + LOG_LAYOUT.detail;

/** The time by which a record is found: its own, else when it was observed. */
export function effectiveTime(record: LogRecord): bigint {
  return record.timeUnixNano === 0n ? record.observedUnixNano : record.timeUnixNano;
}

/** Writes log records into columns, as SpanEncoder does with spans. A record without a trace has reference 0. */
export class LogEncoder implements BlockEncoder<LogRecord> {
  readonly #columns = new ColumnWriters(COLUMN_COUNT);
  readonly #levels = this.#column('levels');
  readonly #severities = this.#column('severities');
  readonly #origins = this.#column('origins');
  readonly #times = this.#column('times');
  readonly #traceRefs = this.#column('traceRefs');
  readonly #spanRefs = this.#column('spanRefs');
  readonly #flags = this.#column('flags');
  readonly #traceIds = this.#column('traceIds');
  readonly #spanIds = this.#column('spanIds');
  readonly #attributes = this.#column('attributes');
  readonly #bodies = this.#column('bodies');
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
  readonly #traces = new IdTable(4);
  readonly #spans = new IdTable(2);
  readonly #range = new TimeRange();
  readonly #traceWords = new Uint32Array(4);
  readonly #spanWords = new Uint32Array(2);
  readonly #time = new Nanos();
  readonly #other = new Nanos();
  readonly #lastTime = new Nanos();
  #grams = createTrigrams();
  #count = 0;

  constructor() {
    this.#addLevels();
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
    const level = LOG_LEVELS.indexOf(logLevel(record.severityNumber, record.severityText));
    const origin = this.#dictionary.origin(record.resource, record.scope);
    this.#levels.byte(level);
    this.#severities.varint(record.severityNumber);
    this.#origins.varint(origin);
    this.#nameCounter.addRow(origin, level, level >= ERROR_LEVEL);
    this.#flags.varint(record.flags);
    this.#time.set(effectiveTime(record));
    writeNanosDelta(this.#times, this.#time, this.#lastTime);
    this.#lastTime.copy(this.#time);
    this.#range.add(this.#time, 0);
    if (hasTrace) writeReference(this.#traceRefs, 1, this.#traces, this.#traceWords, this.#traceIds);
    else this.#traceRefs.byte(0);
    if (hasSpan) writeReference(this.#spanRefs, 1, this.#spans, this.#spanWords, this.#spanIds);
    else this.#spanRefs.byte(0);
    this.#dictionary.writeAttributes(this.#attributes, record.attributes);
    writeAttributeValue(this.#bodies, record.body);
    addTrigrams(this.#grams, attributeText(record.body));
    this.#writeExtra(record);
    this.#count++;
    return true;
  }

  parts(): BlockParts {
    return this.#columns.parts(LOG_LAYOUT);
  }

  takeDelta(): Uint8Array {
    return this.#columns.takeDelta();
  }

  summarize(): BlockSummary {
    return {
      ...this.#range.limits,
      errors: this.#nameCounter.errors,
      names: this.#nameCounter.list(),
      filters: { traces: buildBloom(this.#traces.hashes(), TRACE_FILTER_BITS), tokens: buildBloom(this.#dictionary.tokens, TOKEN_FILTER_BITS), grams: this.#grams },
    };
  }

  clear(): void {
    this.#columns.clear();
    this.#dictionary.clear();
    this.#nameCounter.clear();
    this.#addLevels();
    this.#traces.clear();
    this.#spans.clear();
    this.#range.clear();
    this.#lastTime.set(0n);
    this.#grams = createTrigrams();
    this.#count = 0;
  }

  #addLevels(): void {
    for (const level of LOG_LEVELS) this.#nameCounter.addName(level);
  }

  #column(name: keyof typeof LOG_COLUMNS): ByteWriter {
    return this.#columns.writers[LOG_COLUMNS[name]]!;
  }

  #writeExtra(record: LogRecord): void {
    let bits = 0;
    if (record.severityText !== '') bits |= LOG_EXTRA.severityText;
    if (record.eventName !== '') bits |= LOG_EXTRA.eventName;
    if (record.droppedAttributes > 0) bits |= LOG_EXTRA.dropped;
    // The column of times holds the record's own time, or else the observed one; the extras hold the other where it differs.
    if (record.timeUnixNano === 0n) bits |= LOG_EXTRA.time;
    else if (record.observedUnixNano !== record.timeUnixNano) bits |= LOG_EXTRA.observed;
    const extras = this.#extras;
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
