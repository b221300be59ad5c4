import type { FloatHistogram } from '../../model/histogram.ts';
import { labelsKey, type Labels } from '../../model/labels.ts';
import { QueryError } from '../query-error.ts';

/** What a cell of a row holds: nothing, a float, or a histogram. */
export const ABSENT = 0;
export const FLOAT = 1;
export const HISTOGRAM = 2;

/** Histograms by cell, as sparse as the rows that have any. */
export type HistogramCells = (FloatHistogram | undefined)[];

/**
 * One series over the steps of a grid: cell `s` is at `offset + s`.
 * Given to visitors, who may change its cells and must not keep it: the next row may use the same memory.
 */
export interface Row {
  labels: Labels;
  /** The metric name is to be removed when the query is done. */
  dropName: boolean;
  values: Float64Array;
  present: Uint8Array;
  histograms: HistogramCells | undefined;
  offset: number;
}

/** A row with memory of its own for `steps` cells. */
export function createRow(steps: number): Row {
  return { labels: [], dropName: false, values: new Float64Array(steps), present: new Uint8Array(steps), histograms: undefined, offset: 0 };
}

/** Many series over the same steps, in one piece of memory: row `r` has cells `r * steps` and up. */
export class Block {
  readonly steps: number;
  readonly labels: Labels[] = [];
  readonly dropNames: boolean[] = [];
  values: Float64Array;
  present: Uint8Array;
  histograms: HistogramCells | undefined;

  constructor(steps: number, capacity = 4) {
    this.steps = steps;
    this.values = new Float64Array(steps * capacity);
    this.present = new Uint8Array(steps * capacity);
  }

  get rowCount(): number {
    return this.labels.length;
  }

  /** Adds a row without cells and returns its first cell's index. */
  addRow(labels: Labels, dropName: boolean): number {
    const offset = this.labels.length * this.steps;
    this.labels.push(labels);
    this.dropNames.push(dropName);
    if (offset + this.steps > this.values.length) this.#grow(offset + this.steps);
    return offset;
  }

  /** Adds a copy of a row. */
  addCopy(row: Row): void {
    const offset = this.addRow(row.labels, row.dropName);
    if (this.steps === 1) {
      this.values[offset] = row.values[row.offset]!;
      this.present[offset] = row.present[row.offset]!;
    } else if (row.offset === 0 && row.values.length === this.steps) {
      this.values.set(row.values, offset);
      this.present.set(row.present, offset);
    } else {
      this.values.set(row.values.subarray(row.offset, row.offset + this.steps), offset);
      this.present.set(row.present.subarray(row.offset, row.offset + this.steps), offset);
    }
    if (row.histograms === undefined) return;
    const cells = this.histogramCells();
    for (let s = 0; s < this.steps; s++) {
      if (row.present[row.offset + s] === HISTOGRAM) cells[offset + s] = row.histograms[row.offset + s];
    }
  }

  setFloat(cell: number, value: number): void {
    this.values[cell] = value;
    this.present[cell] = FLOAT;
  }

  setHistogram(cell: number, histogram: FloatHistogram): void {
    this.histogramCells()[cell] = histogram;
    this.present[cell] = HISTOGRAM;
  }

  histogramCells(): HistogramCells {
    this.histograms ??= [];
    return this.histograms;
  }

  /** Calls `visit` with each row that has at least one cell. */
  forEachRow(visit: (row: Row) => void): void {
    const row: Row = {
      labels: [], dropName: false, values: this.values, present: this.present, histograms: this.histograms, offset: 0,
    };
    for (let r = 0; r < this.labels.length; r++) {
      row.offset = r * this.steps;
      if (isEmptyRow(this.present, row.offset, this.steps)) continue;
      row.labels = this.labels[r]!;
      row.dropName = this.dropNames[r]!;
      row.values = this.values;
      row.present = this.present;
      row.histograms = this.histograms;
      visit(row);
    }
  }

  #grow(needed: number): void {
    const length = Math.max(needed, this.values.length * 2);
    const values = new Float64Array(length);
    values.set(this.values);
    const present = new Uint8Array(length);
    present.set(this.present);
    this.values = values;
    this.present = present;
  }
}

/** True when a row has no cell that holds anything. */
export function isEmptyRow(present: Uint8Array, offset: number, steps: number): boolean {
  for (let i = offset; i < offset + steps; i++) if (present[i] !== ABSENT) return false;
  return true;
}

/** The error of two series at one time with one label set. */
export function duplicateLabelset(): QueryError {
  return new QueryError('execution', 'vector cannot contain metrics with the same labelset');
}

/**
 * A block whose rows have different labels: rows that come in with the same labels are laid over each other.
 * Throws a QueryError when two of them have a cell at the same step.
 */
export class MergingBlock {
  readonly block: Block;
  readonly #rowByKey = new Map<string, number>();

  constructor(steps: number, capacity?: number) {
    this.block = new Block(steps, capacity);
  }

  /** The first cell of the row with these labels, added when there is none yet. */
  rowFor(labels: Labels, dropName: boolean): number {
    const key = labelsKey(labels);
    const known = this.#rowByKey.get(key);
    if (known !== undefined) return known;
    const offset = this.block.addRow(labels, dropName);
    this.#rowByKey.set(key, offset);
    return offset;
  }

  /** Takes a free cell; throws when it is taken. */
  claim(cell: number): void {
    if (this.block.present[cell] !== ABSENT) throw duplicateLabelset();
  }

  /** Lays a row over the one with its labels. */
  add(row: Row): void {
    const { block } = this;
    const before = block.rowCount;
    const offset = this.rowFor(row.labels, row.dropName);
    const isNew = block.rowCount > before;
    for (let s = 0; s < block.steps; s++) {
      const kind = row.present[row.offset + s]!;
      if (kind === ABSENT) continue;
      if (!isNew) this.claim(offset + s);
      if (kind === FLOAT) block.setFloat(offset + s, row.values[row.offset + s]!);
      else block.setHistogram(offset + s, row.histograms![row.offset + s]!);
    }
  }
}
