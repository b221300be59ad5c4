import { parseGoFloat } from '../../base/go-float.ts';
import { decodeUtf8Bytes, quoteGoBytes } from '../../base/go-quote.ts';
import type { MetricType } from '../../model/metric.ts';
import type { ExpositionError, ExpositionFormat, ExpositionSink } from './exposition-sink.ts';
import { OpenMetricsLexer } from './openmetrics-lexer.ts';
import { PrometheusLexer } from './prometheus-lexer.ts';
import { fastLine, scanFast } from './scan-fast.ts';
import { buildExemplarLabels, buildSeriesLabels, unescapeHelp, unescapeLabel } from './series-labels.ts';
import type { ExpositionLexer, Token } from './token.ts';

const PROMETHEUS_TYPES: ReadonlyMap<string, MetricType> = new Map([
  ['counter', 'counter'], ['gauge', 'gauge'], ['histogram', 'histogram'], ['summary', 'summary'], ['untyped', 'unknown'],
]);
const OPENMETRICS_TYPES: ReadonlyMap<string, MetricType> = new Map([
  ['counter', 'counter'], ['gauge', 'gauge'], ['histogram', 'histogram'], ['gaugehistogram', 'gaugehistogram'],
  ['summary', 'summary'], ['info', 'info'], ['stateset', 'stateset'], ['unknown', 'unknown'],
]);
const NO_EOF = 'data does not end with # EOF';

/**
 * Parses an exposition into `sink`. The grammar and the words of the errors are those of Prometheus 3.5
 * (model/textparse); an error ends the parsing, what came before it has been handed over.
 */
export function parseExposition<S>(body: Uint8Array, format: ExpositionFormat, sink: ExpositionSink<S>): ExpositionError | undefined {
  // One char a byte: scanning needs no decoding, and offsets in errors are bytes.
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
  const parser = new Parser(format === 'openmetrics' ? new OpenMetricsLexer(text) : new PrometheusLexer(`${text}\n`), format, sink);
  return parser.run();
}

class Parser<S> {
  readonly #lexer: ExpositionLexer;
  readonly #isOpenMetrics: boolean;
  readonly #sink: ExpositionSink<S>;
  #type: MetricType | undefined;
  /** Where the current entry begins. */
  #entryStart = 0;
  #name: string | undefined;
  #pairs: string[] = [];
  #isSample = false;

  constructor(lexer: ExpositionLexer, format: ExpositionFormat, sink: ExpositionSink<S>) {
    this.#lexer = lexer;
    this.#isOpenMetrics = format === 'openmetrics';
    this.#sink = sink;
  }

  run(): ExpositionError | undefined {
    const lexer = this.#lexer;
    for (;;) {
      this.#entryStart = lexer.position;
      const message = this.#tryKnownSeries() ?? this.#entry();
      if (message === DONE) return undefined;
      if (message !== GO_ON) return { message, line: lineAt(lexer.text, this.#entryStart, lexer.start), offset: lexer.start, isSample: this.#isSample };
    }
  }

  /** The quick way for a series that has been seen before; undefined when the line needs the exact way. */
  #tryKnownSeries(): string | undefined {
    const lexer = this.#lexer;
    if (!scanFast(lexer.text, lexer.position, this.#isOpenMetrics)) return undefined;
    const series = this.#sink.seriesByText.get(lexer.text.slice(lexer.position, fastLine.seriesEnd));
    if (series === undefined) return undefined;
    lexer.start = lexer.position;
    lexer.position = fastLine.end;
    return this.#sink.sample(series, fastLine.value, fastLine.timestampMs) ?? GO_ON;
  }

  #entry(): string {
    const token = this.#lexer.next();
    switch (token) {
      case 'EOF':
        return this.#isOpenMetrics ? NO_EOF : DONE;
      case 'EOFWORD':
        return this.#lexer.next() === 'EOF' ? DONE : 'unexpected data after # EOF';
      case 'LINEBREAK':
        return GO_ON;
      case 'HELP':
      case 'TYPE':
      case 'UNIT':
        return this.#metadata(token);
      case 'COMMENT': {
        const after = this.#lexer.next();
        return after === 'LINEBREAK' ? GO_ON : this.#unexpected('linebreak expected after comment', after);
      }
      case 'BOPEN':
        return this.#series(undefined);
      case 'MNAME':
        return this.#series(this.#tokenText());
      default:
        return this.#unexpected('expected a valid start token', token);
    }
  }

  #metadata(kind: 'HELP' | 'TYPE' | 'UNIT'): string {
    const nameToken = this.#lexer.next();
    if (nameToken !== 'MNAME') return this.#unexpected(`expected metric name after ${kind}`, nameToken);
    const rawFamily = unquote(this.#tokenText());
    const textToken = this.#lexer.next();
    if (textToken !== 'TEXT') return `expected text in ${kind}${this.#isOpenMetrics ? '' : `, got ${textToken}`}`;
    const raw = this.#tokenText().slice(1, this.#isOpenMetrics ? -1 : undefined);
    const family = decodeUtf8Bytes(unescapeLabel(rawFamily)) ?? rawFamily;
    if (kind === 'TYPE') {
      const type = (this.#isOpenMetrics ? OPENMETRICS_TYPES : PROMETHEUS_TYPES).get(raw);
      if (!type) return `invalid metric type ${quoteGoBytes(raw)}`;
      this.#type = type;
      this.#sink.fact(family, { kind: 'type', type });
    } else if (kind === 'HELP') {
      const help = decodeUtf8Bytes(raw);
      if (help === undefined) return `help text ${quoteGoBytes(raw)} is not a valid utf8 string`;
      this.#sink.fact(family, { kind: 'help', help: this.#isOpenMetrics ? unescapeLabel(help) : unescapeHelp(help) });
    } else {
      if (raw !== '' && !rawFamily.endsWith(`_${raw}`)) return `unit ${quoteGoBytes(raw)} not a suffix of metric ${quoteGoBytes(rawFamily)}`;
      this.#sink.fact(family, { kind: 'unit', unit: raw });
    }
    if (this.#isOpenMetrics) return GO_ON;
    const after = this.#lexer.next();
    return after === 'LINEBREAK' ? GO_ON : this.#unexpected('linebreak expected after metadata', after);
  }

  #series(name: string | undefined): string {
    const lexer = this.#lexer;
    const seriesStart = lexer.start;
    this.#name = name;
    this.#pairs = [];
    let seriesEnd = lexer.position;
    let token: Token = name === undefined ? 'BOPEN' : lexer.next();
    if (token === 'BOPEN') {
      const message = this.#labels(this.#pairs, false);
      if (message !== undefined) return message;
      seriesEnd = lexer.position;
      token = lexer.next();
    }
    if (this.#name === undefined) return `metric name not set while parsing: ${this.#quoteEntry()}`;
    if (token !== 'VALUE') return this.#unexpected('expected value after metric', token);
    const value = this.#float(this.#isOpenMetrics ? 1 : 0);
    if (typeof value === 'string') return value;
    const text = lexer.text.slice(seriesStart, seriesEnd);
    const timestampMs = this.#timestamp();
    if (typeof timestampMs === 'string') return timestampMs;
    const series = this.#findSeries(text);
    if (!series.ok) {
      this.#isSample = true;
      return series.message;
    }
    const stop = this.#sink.sample(series.value, value, timestampMs);
    if (stop !== undefined) return stop;
    return lexer.state === 'exemplar' ? this.#exemplar(series.value) : GO_ON;
  }

  #findSeries(text: string): { ok: true; value: S } | { ok: false; message: string } {
    const known = this.#sink.seriesByText.get(text);
    if (known !== undefined) return { ok: true, value: known };
    const labels = buildSeriesLabels(this.#name!, this.#pairs, this.#type);
    if (!labels.ok) return { ok: false, message: labels.error };
    const series = this.#sink.createSeries(labels.value);
    // A copy: a slice would keep the whole body in memory for as long as the series is known.
    this.#sink.seriesByText.set(Buffer.from(text, 'latin1').toString('latin1'), series);
    return { ok: true, value: series };
  }

  /** What follows the value: undefined without a timestamp, milliseconds, or a message. Stops before an exemplar's labels. */
  #timestamp(): number | undefined | string {
    const token = this.#lexer.next();
    if (token === 'LINEBREAK') return undefined;
    if (this.#isOpenMetrics) {
      if (token === 'EOF') return NO_EOF;
      if (token === 'COMMENT') return undefined;
      if (token !== 'TIMESTAMP') return this.#unexpected('expected timestamp or new record', token);
      const seconds = this.#float(1);
      if (typeof seconds === 'string') return seconds;
      if (!Number.isFinite(seconds)) return `invalid timestamp ${goPercentF(seconds)}`;
      const after = this.#lexer.next();
      if (after !== 'LINEBREAK' && after !== 'COMMENT') return this.#unexpected('expected next entry after timestamp', after);
      return Math.trunc(seconds * 1000);
    }
    if (token !== 'TIMESTAMP') return this.#unexpected('expected timestamp or new record', token);
    const digits = this.#tokenText();
    if (digits.length > 18 && BigInt(digits) > 0x7fffffffffffffffn) {
      return `strconv.ParseInt: parsing ${quoteGoBytes(digits)}: value out of range while parsing: ${this.#quoteEntry()}`;
    }
    const after = this.#lexer.next();
    return after === 'LINEBREAK' ? Number(digits) : this.#unexpected('expected next entry after timestamp', after);
  }

  #exemplar(series: S): string {
    const pairs: string[] = [];
    const message = this.#labels(pairs, true);
    if (message !== undefined) return message;
    const token = this.#lexer.next();
    if (token !== 'VALUE') return this.#unexpected('expected value after exemplar labels', token);
    const value = this.#float(1);
    if (typeof value === 'string') return value;
    let timestampMs: number | undefined;
    const after = this.#lexer.next();
    if (after === 'EOF') return NO_EOF;
    if (after === 'TIMESTAMP') {
      const seconds = this.#float(1);
      if (typeof seconds === 'string') return seconds;
      if (!Number.isFinite(seconds)) return `invalid exemplar timestamp ${goPercentF(seconds)}`;
      timestampMs = Math.trunc(seconds * 1000);
      const last = this.#lexer.next();
      if (last !== 'LINEBREAK') return this.#unexpected('expected next entry after exemplar timestamp', last);
    } else if (after !== 'LINEBREAK') {
      return this.#unexpected('expected timestamp or comment', after);
    }
    this.#sink.exemplar(series, buildExemplarLabels(pairs), value, timestampMs);
    return GO_ON;
  }

  /** What stands in braces, the opening one taken: fills `pairs` (and the name, when it is quoted inside). */
  #labels(pairs: string[], isExemplar: boolean): string | undefined {
    const lexer = this.#lexer;
    let token = lexer.next();
    for (;;) {
      if (token === 'BCLOSE') return undefined;
      if (token !== 'LNAME' && token !== 'QSTRING') return this.#unexpected('expected label name', token);
      const name = unquote(this.#tokenText());
      const mayBeMetric = token === 'QSTRING';
      token = lexer.next();
      if (mayBeMetric && (token === 'COMMA' || token === 'BCLOSE')) {
        if (isExemplar) return this.#unexpected('expected label name', token);
        if (this.#name !== undefined) return `metric name already set while parsing: ${this.#quoteEntry()}`;
        this.#name = name;
        if (token === 'BCLOSE') return undefined;
        token = lexer.next();
        continue;
      }
      if (token !== 'EQUAL') return this.#unexpected('expected equal', token);
      token = lexer.next();
      if (token !== 'LVALUE') return this.#unexpected('expected label value', token);
      const value = this.#tokenText();
      if (decodeUtf8Bytes(value) === undefined) return `invalid UTF-8 label value: ${quoteGoBytes(value)}`;
      pairs.push(name, value.slice(1, -1));
      token = lexer.next();
      if (token === 'COMMA') token = lexer.next();
      else if (this.#isOpenMetrics && token !== 'BCLOSE') return this.#unexpected('expected comma or brace close', token);
    }
  }

  /** The current token as a float, or a message. */
  #float(skip: number): number | string {
    const text = this.#tokenText().slice(skip);
    if (/[pP_]/.test(text)) return `unsupported character in float while parsing: ${this.#quoteEntry()}`;
    const parsed = parseGoFloat(text);
    return parsed.ok ? parsed.value : `${parsed.error} while parsing: ${this.#quoteEntry()}`;
  }

  #tokenText(): string {
    return this.#lexer.text.slice(this.#lexer.start, this.#lexer.position);
  }

  #quoteEntry(): string {
    return quoteGoBytes(clip(this.#lexer.text.slice(this.#entryStart, this.#lexer.position)));
  }

  #unexpected(expected: string, token: Token): string {
    const { text, start, position } = this.#lexer;
    const end = Math.min(position + 1, text.length);
    return `${expected}, got ${quoteGoBytes(clip(text.slice(start, end)))} ("${token}") while parsing: ${quoteGoBytes(clip(text.slice(this.#entryStart, end)))}`;
  }
}

// Outcomes of an entry besides a message; no message is one of these.
const GO_ON = '';
const DONE = '\0';

const MAX_QUOTED_BYTES = 4096;

/** Messages quote the input, which may be a whole unterminated body. */
function clip(bytes: string): string {
  return bytes.length > MAX_QUOTED_BYTES ? `${bytes.slice(0, MAX_QUOTED_BYTES)}...` : bytes;
}

function unquote(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1) : text;
}

function goPercentF(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

function lineAt(text: string, entryStart: number, tokenStart: number): number {
  let line = 1;
  const end = Math.max(entryStart, tokenStart);
  for (let i = text.indexOf('\n'); i >= 0 && i < end; i = text.indexOf('\n', i + 1)) line++;
  return line;
}
