import { labelsKey, type Labels } from '../../model/labels.ts';
import type { Matcher } from '../../model/series-source.ts';
import { matchSeries } from './match-series.ts';
import { Postings } from './postings.ts';
import { Series } from './series.ts';

const CACHED_RESULTS = 256;
const CACHED_RESULT_SERIES = 1_000_000;
/** A selector may be as long as a query. */
const LONGEST_CACHED_KEY = 10_000;
/** As labelsKey joins labels; a label that contains it could not be read back. */
export const KEY_SEPARATOR = '\uffff';
/** Shorter substrings are copies in V8 anyway; longer ones may keep a whole scrape alive. */
const LONGEST_COPIED_SUBSTRING = 12;

/** Every series of the store: by identity of its labels, by labels, by number, by matchers. */
export class SeriesIndex {
  readonly postings = new Postings();
  #byLabels = new WeakMap<Labels, Series>();
  readonly #byKey = new Map<string, Series>();
  readonly #byRef = new Map<number, Series>();
  readonly #strings = new Map<string, string>();
  readonly #results = new Map<string, readonly Series[]>();
  #resultSeries = 0;
  #all: readonly Series[] | undefined;
  #nextSlot = 0;
  nextRef = 1;
  /** About what the index takes in memory. */
  sizeBytes = 0;

  get size(): number {
    return this.#byKey.size;
  }

  /** All series, ascending by slot. */
  all(): readonly Series[] {
    return (this.#all ??= [...this.#byKey.values()]);
  }

  /** The series of a label set if there is one. Cheap when the same Labels object was seen before. */
  find(labels: Labels): Series | undefined {
    const known = this.#byLabels.get(labels);
    if (known !== undefined) return known;
    const series = this.#byKey.get(labelsKey(labels));
    // No series has the separator in its labels, so labels that do and give its key are fewer than its own.
    if (series?.labels.length !== labels.length) return undefined;
    this.#byLabels.set(labels, series);
    return series;
  }

  byRef(ref: number): Series | undefined {
    return this.#byRef.get(ref);
  }

  /** Adds a series that {@link find} does not know. */
  add(labels: Labels): Series {
    const series = this.#insert(this.nextRef++, labelsKey(labels), labels);
    this.#byLabels.set(labels, series);
    return series;
  }

  /** Adds a series that was stored before. */
  restore(ref: number, key: string): void {
    const labels = key === '' ? [] : key.split(KEY_SEPARATOR);
    this.#insert(ref, key, labels);
  }

  /** Forgets series. */
  remove(gone: ReadonlySet<Series>): void {
    this.postings.remove(gone);
    for (const series of gone) {
      this.#byKey.delete(series.key);
      this.#byRef.delete(series.ref);
      this.sizeBytes -= seriesBytes(series);
    }
    // Whose keys are unknown, so all are found again by their labels.
    this.#byLabels = new WeakMap<Labels, Series>();
    this.#forgetResults();
    this.#dropUnusedStrings();
  }

  /** The series that satisfy all matchers, ascending by slot; remembered until series come or go. */
  match(matchers: readonly Matcher[]): readonly Series[] {
    let key = '';
    for (const { name, type, value } of matchers) key += name + KEY_SEPARATOR + type + value + KEY_SEPARATOR;
    let result = this.#results.get(key);
    if (result !== undefined) return result;
    result = matchSeries(this.postings, () => this.all(), matchers);
    this.#resultSeries += result.length;
    if (this.#results.size >= CACHED_RESULTS || this.#resultSeries > CACHED_RESULT_SERIES) {
      this.#results.clear();
      this.#resultSeries = result.length;
    }
    if (key.length <= LONGEST_CACHED_KEY) this.#results.set(key, result);
    return result;
  }

  #insert(ref: number, key: string, labels: Labels): Series {
    const series = new Series(this.#nextSlot++, ref, labels.map((text) => this.#intern(text)), key);
    this.#byKey.set(key, series);
    this.#byRef.set(ref, series);
    this.postings.add(series);
    this.sizeBytes += seriesBytes(series);
    this.#forgetResults();
    return series;
  }

  #forgetResults(): void {
    this.#all = undefined;
    if (this.#results.size > 0) this.#results.clear();
    this.#resultSeries = 0;
  }

  #intern(text: string): string {
    const known = this.#strings.get(text);
    if (known !== undefined) return known;
    const own = text.length <= LONGEST_COPIED_SUBSTRING ? text : Buffer.from(text, 'utf8').toString('utf8');
    this.#strings.set(own, own);
    return own;
  }

  #dropUnusedStrings(): void {
    this.#strings.clear();
    for (const series of this.#byKey.values()) for (const text of series.labels) this.#strings.set(text, text);
  }
}

/** The object, its three empty arrays, its map entries; for each label a string reference, a posting and a part of the key. */
function seriesBytes({ key, labels }: Series): number {
  return 600 + 2 * key.length + 16 * labels.length;
}
